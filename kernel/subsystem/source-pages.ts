/** The memory that data of a workload lies in: plain bytes, seen as stretches of pages. */
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { PageSegment } from '../lib/vector.ts';

/** A copy of `bytes` with a page of room in front, so that pages can begin before them. */
export function withRoomInFront(bytes: Uint8Array): Uint8Array {
  const room = new Uint8Array(PAGE_SIZE_BYTES + bytes.length);
  room.set(bytes, PAGE_SIZE_BYTES);
  return room.subarray(PAGE_SIZE_BYTES);
}

/**
 * Stretches of pages over `bytes` (of `withRoomInFront` unless `startInPage` is 0), which they share: a segment for each of
 * `lengths`, from byte `startInPage` of a page on, cut where its pages end. What lies before a segment in its page is other data.
 */
export function pageSegments(
  bytes: Uint8Array,
  lengths: readonly number[],
  startInPage: number,
): PageSegment[] {
  const segments: PageSegment[] = [];
  let position = 0;
  for (const length of lengths) {
    let offset = startInPage;
    for (const end = position + length; position < end; offset = 0) {
      const lengthBytes = Math.min(PAGE_SIZE_BYTES - offset, end - position);
      const start = bytes.byteOffset + position - offset;
      const page = { bytes: new Uint8Array(bytes.buffer, start, offset + lengthBytes) };
      segments.push({ page, offset, lengthBytes });
      position += lengthBytes;
    }
  }
  return segments;
}
