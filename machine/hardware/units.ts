/**
 * Sizes the machine works in and the arithmetic on addresses. Addresses are byte addresses as plain numbers (a
 * 6 TiB region fits a double exactly), so 32-bit operators must not touch them; these helpers use division.
 */

/** One cache line, in bytes: the unit of write-back. */
export const LINE_SIZE_BYTES = 64;

/** One atomic piece, in bytes: an aligned 8-byte word never tears (persistency.md 1.1). */
export const WORD_SIZE_BYTES = 8;

/** One page of sparse memory, in bytes; also the kernel's PAGE_SIZE. */
export const PAGE_SIZE_BYTES = 4096;

/** Rounds `value` down to a multiple of `unit`. */
export function roundDown(value: number, unit: number): number {
  return value - (value % unit);
}

/** Rounds `value` up to a multiple of `unit`. */
export function roundUp(value: number, unit: number): number {
  return roundDown(value + unit - 1, unit);
}
