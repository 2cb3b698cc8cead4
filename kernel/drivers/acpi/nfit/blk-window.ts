/**
 * Block windows (struct nfit_blk of drivers/acpi/nfit/core.c; nvdimm-and-firmware.md 9.2): the registers through which
 * a piece of a dimm is reached, and the word that the control register takes. The window itself is simulated here: an
 * access to the aperture goes to the memory of the dimm where the last control word pointed.
 */
import { EINVAL, ENXIO } from '../../../errno.ts';
import { type Kernel, print } from '../../../kernel.ts';
import type { MemremapType } from '../../../mm/memremap.ts';
import type { NdRegion } from '../../nvdimm/nd.ts';
import type { AcpiNfitDesc, NfitMem, NfitSpa } from './acpi-desc.ts';

/** How the lines of one dimm lie among those of others in a range, bytes. */
export interface LineInterleave {
  readonly lineSizeBytes: number;
  /** Where each line of one round begins, in lines. */
  readonly lineOffsets: readonly number[];
  /** Bytes of one round of all dimms. */
  readonly tableSizeBytes: number;
  readonly baseOffset: number;
}

/** Registers or an aperture in physical memory (struct nfit_blk_mmio). */
export interface NfitMmio {
  readonly start: number;
  readonly interleave?: LineInterleave;
}

/** A mapped block window (struct nfit_blk). */
export interface NfitBlk {
  readonly region: NdRegion;
  readonly registers: NfitMmio;
  readonly aperture: NfitMmio;
  readonly commandOffset: number;
  readonly statusOffset: number;
  /** From the start of the aperture's range to the window, bytes. */
  readonly bdwOffset: number;
  readonly apertureBytes: number;
  /** DIMM_FLAGS: what a dimm needs around an access. */
  readonly latchesControl: boolean;
  readonly flushesReads: boolean;
  /** Where the memory of the dimm begins in the simulated machine. */
  readonly dimmStart: number;
  /** Where on the dimm the window is, since the last control word; bytes. */
  windowDpa: number;
  /** How the aperture is mapped. */
  mapping?: MemremapType;
}

/** Bits of the status register that mean that the access failed. */
export const BLK_STATUS_ERRORS = 0x80000037;

const LINES = (1n << 48n) - 1n;

/** The control word: device address in lines, length in lines, direction. */
export function blkControlWord(dpa: number, lengthBytes: number, isWrite: boolean): bigint {
  const lines = BigInt(Math.floor(dpa / 64)) & LINES;
  const length = BigInt(Math.floor(lengthBytes / 64)) & 0xffn;
  return lines | (length << 48n) | (isWrite ? 1n << 56n : 0n);
}

/** to_interleave_offset: where byte `offset` of a dimm's own lines is in the range. */
export function toInterleaveOffset(offset: number, { interleave }: NfitMmio): number {
  if (interleave === undefined) return offset;
  const { lineSizeBytes, lineOffsets, tableSizeBytes, baseOffset } = interleave;
  const line = Math.floor(offset / lineSizeBytes);
  const round = Math.floor(line / lineOffsets.length);
  const inTable = (lineOffsets[line % lineOffsets.length] ?? 0) * lineSizeBytes;
  return baseOffset + inTable + round * tableSizeBytes + (offset % lineSizeBytes);
}

/** Bytes from `offset` to where the dimm's lines jump: no end without interleave. */
export function bytesToJump(offset: number, mmio: NfitMmio): number {
  const { interleave } = mmio;
  if (interleave === undefined) return Infinity;
  return interleave.lineSizeBytes - (toInterleaveOffset(offset, mmio) % interleave.lineSizeBytes);
}

/** The memory behind byte `offset` of the aperture's range, before interleave. */
export function apertureAddress({ dimmStart, windowDpa, bdwOffset }: NfitBlk, offset: number): number {
  return dimmStart + windowDpa + offset - bdwOffset;
}

/** A 64-bit store to the control register: the window moves. */
export function writeControl(kernel: Kernel, blk: NfitBlk, word: bigint): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, word, true);
  kernel.cpu.store(controlAddress(blk), bytes);
  blk.windowDpa = Number(word & LINES) * 64;
}

const controlAddress = ({ registers, commandOffset }: NfitBlk): number =>
  registers.start + toInterleaveOffset(commandOffset, registers);

function readRegister(kernel: Kernel, address: number): number {
  const bytes = kernel.cpu.load(address, 4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** A load of the control register, which some dimms need before the window has moved. */
export function readControl(kernel: Kernel, blk: NfitBlk): void {
  readRegister(kernel, controlAddress(blk));
}

/** read_blk_stat. */
export function readStatus(kernel: Kernel, { registers, statusOffset }: NfitBlk): number {
  return readRegister(kernel, registers.start + toInterleaveOffset(statusOffset, registers));
}

/** nfit_blk_init_interleave: how a dimm's part of a range is cut, if it is. */
function mmioOf(desc: AcpiNfitDesc, spa: NfitSpa, dimm: NfitMem): NfitMmio | number {
  const memdev = dimm.memdevs.find(({ rangeIndex }) => rangeIndex === spa.spa.rangeIndex);
  const table = desc.interleaves.find(({ interleaveIndex }) => interleaveIndex === memdev?.interleaveIndex);
  if (memdev === undefined || memdev.interleaveIndex === 0 || table === undefined)
    return { start: spa.start };
  const { lineSizeBytes, lineOffsets } = table;
  if (lineSizeBytes === 0 || lineOffsets.length === 0) return -ENXIO;
  return {
    start: spa.start,
    interleave: {
      lineSizeBytes,
      lineOffsets,
      tableSizeBytes: lineOffsets.length * memdev.interleaveWays * lineSizeBytes,
      baseOffset: Number(memdev.regionOffset),
    },
  };
}

/**
 * The part of acpi_nfit_blk_region_enable that finds registers and aperture of a region's dimm in the tables. Returns
 * -EINVAL for a dimm that is not there, -ENXIO when its tables do not describe a window.
 */
export function findBlockWindow(desc: AcpiNfitDesc, region: NdRegion): NfitBlk | number {
  const { bus } = desc;
  const nvdimm = region.mappings[0]?.nvdimm;
  const dimm = desc.dimms.find((candidate) => candidate.nvdimm === nvdimm);
  if (dimm === undefined) return -EINVAL;
  const window = dimm.controlRegion?.window;
  const { blockWindow, controlSpa, apertureSpa } = dimm;
  const isComplete = window !== undefined && blockWindow !== undefined && apertureSpa !== undefined;
  // The C code takes a window of no size, and its first transfer never ends.
  if (!isComplete || controlSpa === undefined || blockWindow.sizeBytes === 0n) {
    print(bus.kernel, 'error', region.name, `${nvdimm?.name}: missing block window tables`);
    return -ENXIO;
  }
  const registers = mmioOf(desc, controlSpa, dimm);
  const aperture = mmioOf(desc, apertureSpa, dimm);
  if (typeof registers === 'number' || typeof aperture === 'number') {
    print(bus.kernel, 'error', region.name, `${nvdimm?.name}: failed to init interleave`);
    return -ENXIO;
  }
  const [commandOffset, statusOffset] = [Number(window.commandOffset), Number(window.statusOffset)];
  if (bytesToJump(commandOffset, registers) < 8 || bytesToJump(statusOffset, registers) < 8) {
    print(bus.kernel, 'error', region.name, 'cmd_offset or stat_offset crosses interleave boundary');
    return -ENXIO;
  }
  return {
    region,
    registers,
    aperture,
    commandOffset,
    statusOffset,
    bdwOffset: Number(blockWindow.offset),
    apertureBytes: Number(blockWindow.sizeBytes),
    // No platform here takes DIMM_FLAGS, and then both are assumed.
    latchesControl: true,
    flushesReads: true,
    dimmStart: desc.hardware.memoryStart(dimm.handle),
    windowDpa: 0,
  };
}
