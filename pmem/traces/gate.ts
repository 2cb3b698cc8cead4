/** The gate in front of the write-backs of dax: the flag of the dax device, file `dax/write_cache`. */
import type { KernelTraits } from './kernels.ts';
import type { TraceRow } from './row.ts';

/** Whether the row's kernel wrote nothing back: the flag was off, by hand or because CPU caches survive. */
export function isGateClosed(row: TraceRow, kernel: KernelTraits, keepsCaches: boolean): boolean {
  if (kernel.writeBackGate === 'none') return false;
  return row.daxWriteCache === '0' || (keepsCaches && kernel.knowsPersistentCaches);
}

/** Whether an operation writes back what was stored to a mapping before, and then flushes. */
export const isSyncOfMapping = (op: string): boolean => /^f(data)?sync|^(bad_)?msync/.test(op);

/** Whether an operation zeroes part of a page and writes that back. */
export const isPartialZero = (op: string): boolean => /punch|^(bad_)?zero_range|ftruncate_partial/.test(op);

/** Whether an operation syncs what a mapped store just made dirty, by its name. */
export const isAfterStore = (op: string): boolean =>
  /after_(mmap_|MAP_SYNC_)?store|one_of_two_dirty|_before_boundary|_across/.test(op);
