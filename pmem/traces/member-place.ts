/** Where a place of a mapped device lies on its members (memory-and-dax.md 8.3, 8.4). */
import type { Place } from './place.ts';

export interface MemberPlace {
  /** Index of the member in the table. */
  readonly index: number;
  readonly offset: number;
}

/** The member that holds byte `offset` of a mapped device; the device itself where nothing is mapped. */
export function memberPlace({ mapped, members }: Place, offset: number): MemberPlace {
  if (mapped?.linearBytes !== undefined) {
    let start = 0;
    for (const [index, sizeBytes] of mapped.linearBytes.entries()) {
      if (offset < start + sizeBytes) return { index, offset: offset - start };
      start += sizeBytes;
    }
  }
  if (mapped?.chunkBytes === undefined || members.length === 0) return { index: 0, offset };
  const chunk = Math.floor(offset / mapped.chunkBytes);
  const row = Math.floor(chunk / members.length);
  return {
    index: chunk % members.length,
    offset: row * mapped.chunkBytes + (offset % mapped.chunkBytes),
  };
}
