/**
 * Finding, checking and writing the info block of a pfn or dax device (drivers/nvdimm/pfn_devs.c, v4.12;
 * nvdimm-and-firmware.md 7.4). The series changes one thing here: which regions may carry one (patch 12), so the
 * caller says whether its region may. Poison between the info block and the data is never looked at, as in C.
 */
import { EBUSY, EINVAL, ENODEV, ENXIO } from '../../errno.ts';
import { type Kernel, print } from '../../kernel.ts';
import { roundDown, roundUp } from '#machine/hardware/units.ts';
import {
  PFN_INFO_BYTES,
  PFN_INFO_OFFSET,
  type PfnInfo,
  type PfnKind,
  PfnMode,
  decodePfnInfo,
  encodePfnInfo,
  hasPfnSignature,
  pfnChecksumIsValid,
  pfnSignature,
} from './pfn-info.ts';
import type { RawAccess } from './raw-access.ts';

const SZ_4K = 4096;
const SZ_8K = 8192;

/** Kept for labels in front of the data of a dax device, bytes. */
const DAX_LABEL_RESERVE_BYTES = 128 * 1024;

/** HPAGE_SIZE and the size of a memory section, bytes. */
const HUGE_PAGE_BYTES = 2 * 1024 * 1024;
const SECTION_BYTES = 128 * 1024 * 1024;

/** Bytes of a struct page. */
const STRUCT_PAGE_BYTES = 64;

/** A physical range, bytes. */
export interface PhysicalRange {
  readonly start: number;
  readonly sizeBytes: number;
}

/** A namespace that may carry an info block. */
export interface PfnTarget {
  readonly kernel: Kernel;
  /** `pfnR.I` or `daxR.I`, for the log. */
  readonly device: string;
  readonly kind: PfnKind;
  readonly raw: RawAccess;
  readonly namespace: PhysicalRange & { readonly name: string };
  readonly parentUuid: Uint8Array;
  /** `mayHavePfn`: is_nd_pmem(region) before patch 12, is_memory(region) after it. */
  readonly region: { readonly name: string; readonly readOnly: boolean; readonly mayHavePfn: boolean };
}

/** What user space has configured: uuid, alignment in bytes, mode (`PfnMode`). */
export interface PfnSettings {
  readonly uuid: Uint8Array;
  readonly alignBytes: number;
  readonly mode: number;
}

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.every((byte, index) => byte === right[index]);

/**
 * nd_pfn_validate: the info block on media, with what older versions lack filled in. `settings` are absent while
 * probing: then those on media are taken. Errors: -ENXIO (can not be read, bad mode, misaligned data), -ENODEV (none
 * there, or another namespace's), -EINVAL (same uuid but other settings; alignment beyond the capacity), -EBUSY (the
 * data would start beyond the end).
 */
export function ndPfnValidate(target: PfnTarget, settings?: PfnSettings): PfnInfo | number {
  if (!target.region.mayHavePfn) return -ENODEV;
  const bytes = new Uint8Array(PFN_INFO_BYTES);
  if (target.raw(PFN_INFO_OFFSET, bytes, false) !== 0) return -ENXIO;
  if (!hasPfnSignature(bytes, target.kind) || !pfnChecksumIsValid(bytes)) return -ENODEV;
  const onMedia = decodePfnInfo(bytes);
  if (!sameBytes(onMedia.parentUuid, target.parentUuid)) return -ENODEV;
  if (onMedia.mode !== PfnMode.ram && onMedia.mode !== PfnMode.pmem) return -ENXIO;
  const info = withDefaults(onMedia);
  if (settings !== undefined) {
    if (!sameBytes(info.uuid, settings.uuid)) return -ENODEV;
    if (info.alignBytes !== settings.alignBytes || info.mode !== settings.mode) {
      print(target.kernel, 'error', target.device, 'init failed, settings mismatch');
      return -EINVAL;
    }
  }
  const result = checkPlaces(target, info);
  return result === 0 ? info : result;
}

/** Fields that older versions do not have: no padding before 1.1, alignment by the data's own before 1.2. */
function withDefaults(info: PfnInfo): PfnInfo {
  const hasPads = info.versionMinor >= 1;
  const stated = info.versionMinor >= 2 ? info.alignBytes : 0;
  const log2 = info.dataOffset === 0n ? 0 : info.dataOffset.toString(2).length - 1;
  return {
    ...info,
    startPadBytes: hasPads ? info.startPadBytes : 0,
    endTruncateBytes: hasPads ? info.endTruncateBytes : 0,
    alignBytes: stated === 0 ? 2 ** log2 : stated,
  };
}

function hex(value: number): string {
  return value.toString(16);
}

function checkPlaces({ kernel, device, namespace }: PfnTarget, info: PfnInfo): number {
  const { alignBytes, startPadBytes } = info;
  const failed = (error: number, text: string): number => {
    print(kernel, 'error', device, text);
    return -error;
  };
  if (alignBytes > namespace.sizeBytes) {
    return failed(EINVAL, `alignment: ${hex(alignBytes)} exceeds capacity ${hex(namespace.sizeBytes)}`);
  }
  const dataOffset = Number(info.dataOffset);
  if (dataOffset >= namespace.sizeBytes) {
    return failed(EBUSY, `pfn array size exceeds capacity of ${namespace.name}`);
  }
  if ((namespace.start + dataOffset + startPadBytes) % alignBytes !== 0 || dataOffset % SZ_4K !== 0) {
    return failed(ENXIO, `bad offset: 0x${hex(dataOffset)} dax disabled align: 0x${hex(alignBytes)}`);
  }
  return 0;
}

/** Whether any byte of `range` is one of `ranges`. */
function intersects(range: PhysicalRange, ranges: readonly PhysicalRange[]): boolean {
  return ranges.some(
    (other) => range.start < other.start + other.sizeBytes && other.start < range.start + range.sizeBytes,
  );
}

/**
 * How much of a namespace to leave out at its start and end because memory sections of 128 MiB there also hold
 * System RAM. The start is looked at from its section on, over as many bytes as the namespace has, as in C.
 */
export function trimPfnDevice(
  { start, sizeBytes }: PhysicalRange,
  systemRam: readonly PhysicalRange[],
): { readonly startPadBytes: number; readonly endTruncateBytes: number } {
  const end = start + sizeBytes;
  const atStart = intersects({ start: roundDown(start, SECTION_BYTES), sizeBytes }, systemRam);
  const atEnd = intersects({ start, sizeBytes: roundUp(end, SECTION_BYTES) - start }, systemRam);
  return {
    startPadBytes: atStart ? roundUp(start, SECTION_BYTES) - start : 0,
    endTruncateBytes: atEnd ? end - roundDown(end, SECTION_BYTES) : 0,
  };
}

/** Where the data starts, by the mode; `undefined` for a mode that is none. Bytes from the (padded) start. */
function dataOffsetFor(
  target: PfnTarget,
  settings: PfnSettings,
  startPad: number,
  endTruncate: number,
): number | undefined {
  const start = target.namespace.start + startPad;
  const usable = target.namespace.sizeBytes - startPad - endTruncate;
  const reserve = target.kind === 'dax' ? DAX_LABEL_RESERVE_BYTES : 0;
  const sectionPages = SECTION_BYTES / SZ_4K;
  const pages = roundUp(Math.floor((usable - SZ_8K) / SZ_4K), sectionPages);
  switch (settings.mode) {
    case PfnMode.pmem: {
      const alignBytes = Math.max(settings.alignBytes, HUGE_PAGE_BYTES);
      return roundUp(start + SZ_8K + STRUCT_PAGE_BYTES * pages + reserve, alignBytes) - start;
    }
    case PfnMode.ram:
      return roundUp(start + SZ_8K + reserve, settings.alignBytes) - start;
    default:
      return undefined;
  }
}

/**
 * nd_pfn_init: the info block that is there, or a new one. Errors: those of `ndPfnValidate` other than -ENODEV,
 * -ENXIO (read-only region, no mode set, no room for data), and what the write gave.
 */
export function ndPfnInit(target: PfnTarget, settings: PfnSettings): PfnInfo | number {
  const existing = ndPfnValidate(target, settings);
  if (existing !== -ENODEV) return existing;
  const { kernel, device, region, namespace } = target;
  if (region.readOnly) {
    print(kernel, 'info', device, `${region.name} is read-only, unable to init metadata`);
    return -ENXIO;
  }
  const { startPadBytes, endTruncateBytes } = trimPfnDevice(namespace, kernel.systemRam);
  if (startPadBytes + endTruncateBytes > 0) {
    const text = `${namespace.name} section collision, truncate ${startPadBytes + endTruncateBytes} bytes`;
    print(kernel, 'info', device, text);
  }
  const dataOffset = dataOffsetFor(target, settings, startPadBytes, endTruncateBytes);
  if (dataOffset === undefined) return -ENXIO;
  const dataBytes = namespace.sizeBytes - dataOffset - startPadBytes - endTruncateBytes;
  if (dataBytes <= 0) {
    print(kernel, 'error', device, `${namespace.name} unable to satisfy requested alignment`);
    return -ENXIO;
  }
  const info: PfnInfo = {
    signature: pfnSignature(target.kind),
    uuid: settings.uuid,
    parentUuid: target.parentUuid,
    flags: 0,
    versionMajor: 1,
    versionMinor: 2,
    dataOffset: BigInt(dataOffset),
    pageCount: BigInt(Math.floor(dataBytes / SZ_4K)),
    mode: settings.mode,
    startPadBytes,
    endTruncateBytes,
    alignBytes: settings.alignBytes,
  };
  const result = target.raw(PFN_INFO_OFFSET, encodePfnInfo(info), true);
  return result === 0 ? info : result;
}

/** What an info block makes of a namespace; bytes. */
export interface PfnLayout {
  /** The namespace without what is left out at its ends. */
  readonly resource: PhysicalRange;
  /** From the start of the resource to the data. */
  readonly dataOffset: number;
  /** What was left out at both ends together (pmem->pfn_pad). */
  readonly pfnPad: number;
  /** Room for struct pages between the info block and the data: mode PMEM. */
  readonly memmapBytes: number;
  /** Where the data lies: the attributes `resource` and `size` of a pfn device. */
  readonly data: PhysicalRange;
}

/** nvdimm_setup_pfn: the layout, or -EINVAL in mode RAM when the data starts in the info block, -ENXIO for no mode. */
export function nvdimmSetupPfn(namespace: PhysicalRange, info: PfnInfo): PfnLayout | number {
  const pfnPad = info.startPadBytes + info.endTruncateBytes;
  const resource = {
    start: namespace.start + info.startPadBytes,
    sizeBytes: namespace.sizeBytes - pfnPad,
  };
  const dataOffset = Number(info.dataOffset);
  if (info.mode === PfnMode.ram && dataOffset < SZ_8K) return -EINVAL;
  if (info.mode !== PfnMode.ram && info.mode !== PfnMode.pmem) return -ENXIO;
  return {
    resource,
    dataOffset,
    pfnPad,
    memmapBytes: info.mode === PfnMode.pmem ? dataOffset - SZ_8K : 0,
    data: { start: resource.start + dataOffset, sizeBytes: resource.sizeBytes - dataOffset },
  };
}
