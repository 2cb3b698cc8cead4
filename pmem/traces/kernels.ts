/**
 * In what way kernels differ from 4.12, which both trees are models of, where no patch of the series is the reason.
 * Rows of a kernel that has a difference are read with it (`read-as.ts`) or cannot be compared (`reasons.ts`).
 */

import type { TraceRow } from './row.ts';

export interface KernelTraits {
  /** Whether a write-back of dax is gated, and by what: nothing, or the dax device's flag (`dax/write_cache`). */
  readonly writeBackGate: 'none' | 'dax flag';
  /** How part of a page is zeroed: by the library routine, or by a memset that the compiler put in line. */
  readonly partialZero: 'one string' | 'edges first';
  /** Calls of the copy at the position of a fault, after the call that was short. */
  readonly callsAfterFault: 2 | 1;
  /** What a write to a bad sector does first. */
  readonly badSectors: 'written, cleared, written again' | 'cleared before they are written';
  /** Distance of the two entries of a lane in the log of a BTT, bytes. */
  readonly logEntryDistanceBytes: 32 | 16;
  /** When the pages of a new memory section are marked reserved; 6.1 stored none for a small namespace. */
  readonly reservesPages: 'after they are initialised' | 'before they are initialised' | 'stores none';
  /** Whether the dax flag is clear on a platform whose CPU caches survive a power failure. */
  readonly knowsPersistentCaches: boolean;
}

const V4_12: KernelTraits = {
  writeBackGate: 'none',
  partialZero: 'one string',
  callsAfterFault: 2,
  badSectors: 'written, cleared, written again',
  logEntryDistanceBytes: 32,
  reservesPages: 'after they are initialised',
  knowsPersistentCaches: false,
};

/**
 * What changed, by the version from which rows are read with it. 4.13 and 6.1 were measured (golden/data); 4.15 is
 * 24e3a7fb60a9; 4.16 is `platform capabilities`. What 6.1 has may be older.
 */
const CHANGES: readonly (readonly [major: number, minor: number, change: Partial<KernelTraits>])[] = [
  [4, 13, { writeBackGate: 'dax flag', reservesPages: 'before they are initialised' }],
  [4, 15, { logEntryDistanceBytes: 16 }],
  [4, 16, { knowsPersistentCaches: true }],
  [
    6,
    1,
    {
      partialZero: 'edges first',
      callsAfterFault: 1,
      badSectors: 'cleared before they are written',
      reservesPages: 'stores none',
    },
  ],
];

/** The traits of a version such as `4.13.9`; `undefined` for a text that begins with none. */
export function kernelTraits(version: string): KernelTraits | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(version);
  if (match === null) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const changes = CHANGES.filter(([x, y]) => x < major || (x === major && y <= minor));
  return changes.reduce((traits, [, , change]) => ({ ...traits, ...change }), V4_12);
}

/** Functions that tell kernels apart which no row names, newest first; what has none of them is read as 4.13. */
const TELLING: readonly (readonly [version: string, name: RegExp])[] = [
  ['6.1', /^(pmem_submit_bio|dm_submit_bio|dax_fault_iter|__memcpy_flushcache|generic_nvdimm_flush)\b/],
  ['4.13', /^(dax_copy_from_iter|memcpy_flushcache|memcpy_page_flushcache|dax_flush)\b/],
  ['4.12', /^(copy_from_iter_nocache|pmem_make_request|pmem_do_bvec)\b/],
];

/** The kernel that the calls of rows show. */
export function seenKernel(rows: readonly TraceRow[]): string {
  const calls = new Set(rows.flatMap((row) => row.calls ?? []));
  const found = TELLING.find(([, name]) => [...calls].some((call) => name.test(call)));
  return found?.[0] ?? '4.13';
}
