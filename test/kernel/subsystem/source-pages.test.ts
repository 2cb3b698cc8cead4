import { describe, expect, it } from 'vitest';
import { pageSegments, withRoomInFront } from '#kernel/subsystem/source-pages.ts';
import { vectorOver } from '#kernel/subsystem/perform-file.ts';

/** Offset and length of each segment, and the first byte that it names. */
const shown = (segments: ReturnType<typeof pageSegments>) =>
  segments.map(({ page, offset, lengthBytes }) => [offset, lengthBytes, page.bytes[offset]]);

const counting = (sizeBytes: number) => Uint8Array.from({ length: sizeBytes }, (_, at) => at % 251);

describe('pages of data', () => {
  it('should begin each segment where it is said to, and cut it where its pages end', () => {
    const bytes = withRoomInFront(counting(210));
    // 4000 + 200 ends 104 bytes into the next page; the second segment begins at byte 4000 of a page of its own.
    expect(shown(pageSegments(bytes, [200, 10], 4000))).toEqual([
      [4000, 96, 0],
      [0, 104, 96],
      [4000, 10, 200],
    ]);
  });

  it('should hold other data before a segment, so that a forgotten offset shows', () => {
    const [first, second] = pageSegments(withRoomInFront(counting(16)), [8, 8], 3);
    expect([first?.page.bytes[0], second?.page.bytes[0]]).toEqual([0, 5]);
  });

  it('should share the bytes, so that a read fills them', () => {
    const bytes = withRoomInFront(new Uint8Array(8));
    pageSegments(bytes, [8], 100)[0]?.page.bytes.fill(7, 100, 108);
    expect([...bytes]).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  });

  it('should leave vectors that say nothing of pages as they were', () => {
    const vector = vectorOver({ kind: 'bvec', lengths: [5000] }, new Uint8Array(5000));
    expect(vector.kind === 'bvec' && vector.segments.map(({ lengthBytes }) => lengthBytes)).toEqual([5000]);
  });
});
