/**
 * Block windows (struct nfit_blk of drivers/acpi/nfit/core.c; nvdimm-and-firmware.md 9.2): the registers through which
 * a piece of a dimm is reached, and the word that the control register takes.
 */
import type { Kernel } from '../../../kernel.ts';
import type { MemremapType } from '../../../mm/memremap.ts';
import type { NdRegion } from '../../nvdimm/nd.ts';

/** A mapped block window. Addresses are those of the registers and of the first byte of the aperture. */
export interface NfitBlk {
  readonly region: NdRegion;
  readonly control: number;
  readonly status: number;
  readonly aperture: number;
  readonly apertureBytes: number;
  /** DIMM_FLAGS: what a dimm needs around an access. */
  readonly latchesControl: boolean;
  readonly flushesReads: boolean;
  /** Bytes between two jumps of the interleave; the whole aperture without interleave. */
  readonly interleaveBytes: number;
  /** How the aperture is mapped; set when the region is enabled. */
  mapping?: MemremapType;
}

/** Bits of the status register that mean that the access failed. */
export const BLK_STATUS_ERRORS = 0x80000037;

/** The control word: device address in lines, length in lines, direction. */
export function blkControlWord(dpa: number, lengthBytes: number, isWrite: boolean): bigint {
  const lines = BigInt(Math.floor(dpa / 64)) & ((1n << 48n) - 1n);
  const length = BigInt(Math.floor(lengthBytes / 64)) & 0xffn;
  return lines | (length << 48n) | (isWrite ? 1n << 56n : 0n);
}

/** A 64-bit store to a register. */
export function writeRegister(kernel: Kernel, address: number, value: bigint): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  kernel.cpu.store(address, bytes);
}

/** A 32-bit load of a register. */
export function readRegister(kernel: Kernel, address: number): number {
  const bytes = kernel.cpu.load(address, 4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
