/**
 * drivers/acpi/nfit/core.c: regions from firmware tables, and block windows (nvdimm-and-firmware.md 9.2, 10). Dimms,
 * scrub and machine checks are files of the kernel around the series.
 */
import { clflushCacheRange } from '#kernel/arch/x86/pageattr.ts';
import { type AcpiNfitDesc, type NfitSpa, addTable } from '#kernel/drivers/acpi/nfit/acpi-desc.ts';
import { type ScrubOperations, acpiNfitScrub } from '#kernel/drivers/acpi/nfit/ars.ts';
import {
  BLK_STATUS_ERRORS,
  type NfitBlk,
  apertureAddress,
  blkControlWord,
  bytesToJump,
  findBlockWindow,
  readControl,
  readStatus,
  writeControl,
} from '#kernel/drivers/acpi/nfit/blk-window.ts';
import { acpiNfitRegisterDimms, nfitMemInit } from '#kernel/drivers/acpi/nfit/nfit-mem.ts';
import { interleaveSetAltCookie, interleaveSetCookie } from '#kernel/drivers/nvdimm/interleave-cookie.ts';
import type {
  InterleaveSet,
  NdBlkOperations,
  NdMapping,
  NdRegion,
  NdRegionDesc,
} from '#kernel/drivers/nvdimm/nd.ts';
import { ND_MAX_MAPPINGS } from '#kernel/drivers/nvdimm/region-attributes.ts';
import { EIO, ENODEV, ENOMEM, ENXIO } from '#kernel/errno.ts';
import { mustExist, print } from '#kernel/kernel.ts';
import { type MemoryMap, SpaFlag } from '#machine/nfit/subtables.ts';
import { parseNfit } from '#machine/nfit/table.ts';
import { LINE_SIZE_BYTES } from '#machine/hardware/units.ts';
import {
  nvdimmBusAddPoison,
  nvdimmFlush,
  nvdimmHasFlush,
  ndRegionCreate,
} from '../../../include/linux/libnvdimm.ts';
import { archMemremapPmem, memcpyToPmem } from '../../../include/linux/pmem.ts';

/** write_blk_ctl: points the window at a piece of the dimm, and makes sure that it got there. */
function writeBlkCtl(blk: NfitBlk, dpa: number, lengthBytes: number, isWrite: boolean): void {
  const { kernel } = blk.region;
  writeControl(kernel, blk, blkControlWord(dpa, lengthBytes, isWrite));
  nvdimmFlush(blk.region);
  if (blk.latchesControl) readControl(kernel, blk);
}

/**
 * acpi_nfit_blk_single_io: one piece through the window. Two flushes for a write. Without interleave the offset of the
 * window is added twice (15.1 u, standing). Returns 0, or -EIO when the dimm says that it failed; the data has moved
 * even then.
 */
export function acpiNfitBlkSingleIo(blk: NfitBlk, dpa: number, buffer: Uint8Array, isWrite: boolean): number {
  const { kernel } = blk.region;
  writeBlkCtl(blk, dpa, buffer.length, isWrite);
  const baseOffset = blk.bdwOffset + (dpa % LINE_SIZE_BYTES);
  for (let done = 0; done < buffer.length;) {
    const isCut = blk.aperture.interleave !== undefined;
    const offset = isCut ? baseOffset + done : baseOffset + blk.bdwOffset;
    const piece = buffer.subarray(done, done + bytesToJump(offset, blk.aperture));
    const address = apertureAddress(blk, offset);
    if (isWrite) {
      memcpyToPmem(kernel, address, piece);
    } else {
      if (blk.flushesReads) clflushCacheRange(kernel, address, piece.length);
      piece.set(kernel.cpu.load(address, piece.length));
    }
    done += piece.length;
  }
  if (isWrite) nvdimmFlush(blk.region);
  return (readStatus(kernel, blk) & BLK_STATUS_ERRORS) === 0 ? 0 : -EIO;
}

/** acpi_nfit_blk_region_do_io: pieces no larger than the aperture, up to the first error. */
export function acpiNfitBlkRegionDoIo(
  blk: NfitBlk,
  dpa: number,
  buffer: Uint8Array,
  isWrite: boolean,
): number {
  for (let done = 0; done < buffer.length; done += blk.apertureBytes) {
    const piece = buffer.subarray(done, done + blk.apertureBytes);
    const error = acpiNfitBlkSingleIo(blk, dpa + done, piece, isWrite);
    if (error !== 0) return error;
  }
  return 0;
}

/**
 * acpi_nfit_blk_region_enable: maps the window of a region's dimm, and warns when nobody vouches for persistence.
 * Returns the window or a negative error.
 */
export function acpiNfitBlkRegionEnable(desc: AcpiNfitDesc, region: NdRegion): NfitBlk | number {
  const { kernel, bus } = region;
  const blk = findBlockWindow(desc, region);
  if (typeof blk === 'number') return blk;
  blk.mapping = archMemremapPmem(kernel);
  if (nvdimmHasFlush(blk.region) < 0) {
    print(kernel, 'warning', bus.providerName, 'unable to guarantee persistence of writes');
  }
  return blk;
}

/** What a region of block windows can do: struct nd_blk_region_desc. */
function blkOperations(desc: AcpiNfitDesc): NdBlkOperations {
  const doIo = desc.hardware.blkDoIo ?? acpiNfitBlkRegionDoIo;
  let blk: NfitBlk | undefined;
  return {
    enable: (region) => {
      const enabled = acpiNfitBlkRegionEnable(desc, region);
      blk = typeof enabled === 'number' ? undefined : enabled;
      return typeof enabled === 'number' ? enabled : 0;
    },
    doIo: (dpa, buffer, isWrite) => doIo(mustExist(blk, 'nfit_blk'), dpa, buffer, isWrite),
  };
}

/** acpi_nfit_init_interleave_set: cookies over the mappings of a range; none without mappings. */
function acpiNfitInitInterleaveSet(
  desc: AcpiNfitDesc,
  memdevs: readonly MemoryMap[],
): InterleaveSet | number | undefined {
  if (memdevs.length === 0) return undefined;
  const records: { regionOffset: bigint; serialNumber: number }[] = [];
  for (const { deviceHandle, regionOffset } of memdevs) {
    const region = desc.dimms.find(({ handle }) => handle === deviceHandle)?.controlRegion;
    if (region === undefined) return -ENODEV;
    records.push({ regionOffset, serialNumber: region.serialNumber });
  }
  return { cookie: interleaveSetCookie(records), altCookie: interleaveSetAltCookie(records) };
}

/** acpi_nfit_init_mapping: the part of a range on one dimm; a virtual disk names the dimm and takes nothing of it. */
function acpiNfitInitMapping(desc: AcpiNfitDesc, nfitSpa: NfitSpa, memdev: MemoryMap): NdMapping | number {
  const dimm = desc.dimms.find(({ handle }) => handle === memdev.deviceHandle);
  if (dimm?.nvdimm === undefined) {
    const text = `spa${nfitSpa.spa.rangeIndex} dimm: 0x${memdev.deviceHandle.toString(16)} not found`;
    print(desc.bus.kernel, 'error', desc.bus.providerName, text);
    return -ENODEV;
  }
  if (nfitSpa.type === 'dimm-control-region') {
    const { startAddress = 0n, capacityBytes = 0n } = dimm.blockWindow ?? {};
    return { nvdimm: dimm.nvdimm, start: Number(startAddress), sizeBytes: Number(capacityBytes) };
  }
  if (nfitSpaIsVirtual(nfitSpa)) return { nvdimm: dimm.nvdimm, start: 0, sizeBytes: 0 };
  return { nvdimm: dimm.nvdimm, start: Number(memdev.address), sizeBytes: Number(memdev.regionSizeBytes) };
}

/** nfit_spa_is_virtual. */
function nfitSpaIsVirtual({ type }: NfitSpa): boolean {
  return (
    type === 'volatile-disk' ||
    type === 'volatile-cd' ||
    type === 'persistent-disk' ||
    type === 'persistent-cd'
  );
}

/**
 * acpi_nfit_register_region: makes a region of a range, once. Index 0 is for virtual disks alone, which so get the
 * dimms that are mapped nowhere as mappings (15.1 t, standing). Returns 0 or a negative error, which is logged.
 */
export function acpiNfitRegisterRegion(desc: AcpiNfitDesc, nfitSpa: NfitSpa): number {
  const { rangeIndex, flags, proximityDomain } = nfitSpa.spa;
  if (nfitSpa.region !== undefined) return 0;
  if (rangeIndex === 0 && !nfitSpaIsVirtual(nfitSpa)) return 0;
  const error = registerRegion(desc, nfitSpa, {
    start: nfitSpa.start,
    sizeBytes: nfitSpa.sizeBytes,
    rangeIndex,
    numaNode: (flags & SpaFlag.proximityDomainValid) === 0 ? -1 : proximityDomain,
  });
  if (error === 0) return 0;
  print(desc.bus.kernel, 'error', desc.bus.providerName, `failed to register spa range ${rangeIndex}`);
  return error;
}

/** The part of acpi_nfit_register_region that can fail: mappings, interleave set, and the region by its type. */
function registerRegion(desc: AcpiNfitDesc, nfitSpa: NfitSpa, base: Omit<NdRegionDesc, 'mappings'>): number {
  const memdevs = desc.memdevs.filter((memdev) => memdev.rangeIndex === base.rangeIndex);
  if (memdevs.length > ND_MAX_MAPPINGS) {
    const text = `spa${base.rangeIndex} exceeds max mappings ${ND_MAX_MAPPINGS}`;
    print(desc.bus.kernel, 'error', desc.bus.providerName, text);
    return -ENXIO;
  }
  const mappings: NdMapping[] = [];
  for (const memdev of memdevs) {
    const mapping = acpiNfitInitMapping(desc, nfitSpa, memdev);
    if (typeof mapping === 'number') return mapping;
    mappings.push(mapping);
  }
  const hasSet = nfitSpa.type === 'pmem' || nfitSpa.type === 'volatile';
  const interleaveSet = hasSet ? acpiNfitInitInterleaveSet(desc, memdevs) : undefined;
  if (typeof interleaveSet === 'number') return interleaveSet;
  const set = interleaveSet === undefined ? {} : { interleaveSet };
  return createRegion(desc, nfitSpa, { ...base, mappings, ...set });
}

/** The type dispatch of acpi_nfit_register_region. */
function createRegion(desc: AcpiNfitDesc, nfitSpa: NfitSpa, ndrDesc: NdRegionDesc): number {
  const { bus } = desc;
  let region: NdRegion | undefined;
  if (nfitSpa.type === 'dimm-control-region') {
    if (ndrDesc.mappings.some(({ sizeBytes }) => sizeBytes === 0)) return 0;
    const blk = blkOperations(desc);
    region = ndRegionCreate(bus, { ...ndrDesc, start: 0, sizeBytes: 0, lanes: 1, blk }, 'nd_blk');
  } else if (nfitSpa.type === 'pmem') {
    region = ndRegionCreate(bus, ndrDesc, 'nd_pmem');
  } else if (nfitSpa.type === 'volatile') {
    region = ndRegionCreate(bus, ndrDesc, 'nd_volatile');
  } else if (nfitSpaIsVirtual(nfitSpa)) {
    region = ndRegionCreate(bus, ndrDesc, 'nd_pmem');
  } else {
    return 0;
  }
  if (region === undefined) return -ENOMEM;
  nfitSpa.region = region;
  return 0;
}

/** What the scrub of a bus calls here. */
export function scrubOperations({ bus }: AcpiNfitDesc): ScrubOperations {
  return {
    registerRegion: acpiNfitRegisterRegion,
    addPoison: (start, length) => nvdimmBusAddPoison(bus, start, length),
  };
}

/**
 * acpi_nfit_init: dimms and block regions from a table. The other regions come with the scrub, later. Returns 0 or a
 * negative error, and then nothing was registered.
 */
export function acpiNfitInit(desc: AcpiNfitDesc, table: Uint8Array): number {
  const { subtables, messages, error = 0 } = parseNfit(table);
  for (const { level, text } of messages) {
    if (level !== 'debug') print(desc.bus.kernel, level, desc.bus.providerName, text);
  }
  if (error !== 0) return error;
  for (const subtable of subtables) addTable(desc, subtable);
  const failed = nfitMemInit(desc);
  if (failed !== 0) return failed;
  acpiNfitRegisterDimms(desc);
  for (const spa of desc.spas) {
    if (spa.type === 'dimm-control-region') acpiNfitRegisterRegion(desc, spa);
  }
  return 0;
}

/** acpi_nfit_scrub, the work item: the regions of all other ranges, and what is wrong with them. */
export function acpiNfitScrubWork(desc: AcpiNfitDesc): void {
  acpiNfitScrub(desc, scrubOperations(desc));
}
