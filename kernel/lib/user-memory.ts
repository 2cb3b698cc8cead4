/**
 * User and kernel memory that copies read from or write to. It is data that no power failure can reach, so it is
 * plain bytes here and not memory of the machine; what matters of a user address is where it faults.
 */

/** One segment of a user vector: `accessibleBytes` from its start can be read or written, then a fault. */
export interface UserSegment {
  readonly bytes: Uint8Array;
  readonly accessibleBytes: number;
}

/** A `__user` pointer into a segment, `offset` bytes from its start. */
export interface UserPointer {
  readonly segment: UserSegment;
  readonly offset: number;
}

/** How many bytes from `pointer` on can be accessed before the fault. */
export function accessibleBytes(pointer: UserPointer): number {
  return Math.max(0, pointer.segment.accessibleBytes - pointer.offset);
}

/** `sizeBytes` bytes of the segment from `pointer + skip` on. */
export function userBytes(pointer: UserPointer, skip: number, sizeBytes: number): Uint8Array {
  const from = pointer.offset + skip;
  return pointer.segment.bytes.subarray(from, from + sizeBytes);
}

/** A struct page of ordinary memory: page cache, bounce buffers, the zero page. */
export interface Page {
  readonly bytes: Uint8Array;
}

/** The kernel's ZERO_PAGE. */
export function zeroPage(): Page {
  return { bytes: new Uint8Array(4096) };
}
