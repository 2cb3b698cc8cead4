/** Offsets, sizes and vectors of random operations, weighted to edges. */
import { type Arbitrary, array, constantFrom, integer, oneof, tuple } from 'fast-check';

/** Places near edges: of the line, of a page, of a sector, of a chunk. */
export const edge = (bound: number, unit: number): Arbitrary<number> =>
  oneof(
    { weight: 4, arbitrary: integer({ min: 0, max: Math.min(64, bound) }) },
    {
      weight: 4,
      arbitrary: tuple(
        integer({ min: 1, max: Math.max(1, Math.floor(bound / unit)) }),
        integer({ min: -9, max: 9 }),
      ).map(([times, delta]) => Math.max(0, Math.min(bound, times * unit + delta))),
    },
    { weight: 1, arbitrary: integer({ min: 0, max: bound }) },
  );

export const offset = oneof(edge(8192, 64), edge(65536, 4096));
export const size = oneof(
  integer({ min: 1, max: 16 }),
  constantFrom(8, 63, 64, 65, 128, 511, 512, 4095, 4096, 4097, 8192),
  integer({ min: 1, max: 9000 }),
);
export const sector = integer({ min: 0, max: 40 }).map((count) => count * 512);
export const sectors = constantFrom(512, 512, 1024, 4096, 8192);
export const pageNumber = integer({ min: 0, max: 6 });
export const file = constantFrom('/f', '/f', '/g');
export const vector = tuple(
  constantFrom('iov', 'iov', 'kvec', 'bvec'),
  oneof(
    size.map((bytes) => `${bytes}`),
    array(integer({ min: 1, max: 600 }), { minLength: 2, maxLength: 4 }).map((lengths) => lengths.join(',')),
  ),
);
