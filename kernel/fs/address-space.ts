/**
 * The page tree of a dax file and the page tables that map it (struct address_space, vm_area_struct). Entries are
 * what fs/dax keeps: a sector, a size and tags; no pages (memory-and-dax.md 9.3).
 */

import { type Kernel, preemptionPoint } from '../kernel.ts';
import { type Lock, newLock, withLock } from './locks.ts';

/** Pages of a huge (PMD) entry. */
export const PMD_PAGES = 512;

/** An exceptional entry of the radix tree. */
export interface DaxEntry {
  /** 1 or 512 pages; a huge entry is stored at its first index. */
  readonly pageCount: 1 | typeof PMD_PAGES;
  /** First sector on the device; -1 for an empty or a hole entry. */
  readonly sector: number;
  /** A hole mapped for reading. */
  readonly isZero: boolean;
  /** PAGECACHE_TAG_DIRTY and PAGECACHE_TAG_TOWRITE. */
  dirty: boolean;
  toWrite: boolean;
}

/** A page table entry: where a page of a mapping points, what it may do. */
export interface PageTableEntry {
  readonly pageCount: 1 | typeof PMD_PAGES;
  /** Kernel address of the memory; -1 for the zero page. */
  readonly address: number;
  writable: boolean;
  dirty: boolean;
}

/** One shared mapping of `[startPage, startPage + pageCount)` of the file by a process. */
export interface Vma {
  readonly process: string;
  readonly startPage: number;
  readonly pageCount: number;
  /** By file page index; a huge entry by its first. */
  readonly entries: Map<number, PageTableEntry>;
}

export interface AddressSpace {
  readonly kernel: Kernel;
  readonly entries: Map<number, DaxEntry>;
  readonly vmas: Vma[];
  /** RADIX_DAX_ENTRY_LOCK, by where the entry is stored or will be. */
  readonly entryLocks: Map<number, Lock>;
  /** i_rwsem and i_mmap_sem of the inode: system calls on the file, and page faults against those that take pages away. */
  readonly inodeLock: Lock;
  readonly mmapLock: Lock;
}

export function newAddressSpace(kernel: Kernel): AddressSpace {
  return {
    kernel,
    entries: new Map(),
    vmas: [],
    entryLocks: new Map(),
    inodeLock: newLock('i_rwsem'),
    mmapLock: newLock('i_mmap_sem'),
  };
}

/** PAGECACHE_TAG_DIRTY and PAGECACHE_TAG_TOWRITE, by the names that entries have for them. */
export type Tag = 'dirty' | 'toWrite';

/** radix_tree_tag_set: tags the entry that is stored at `index`, if there is one. */
export function radixTreeTagSet({ kernel, entries }: AddressSpace, index: number, tag: Tag): void {
  preemptionPoint(kernel, 'radix_tree_tag_set');
  const entry = entries.get(index);
  if (entry !== undefined) entry[tag] = true;
}

/** radix_tree_tag_clear: takes a tag off the entry that is stored at `index`, if there is one. */
export function radixTreeTagClear({ kernel, entries }: AddressSpace, index: number, tag: Tag): void {
  preemptionPoint(kernel, 'radix_tree_tag_clear');
  const entry = entries.get(index);
  if (entry !== undefined) entry[tag] = false;
}

/** radix_tree_insert, or radix_tree_replace_slot where there is an entry. */
export function radixTreeInsert({ kernel, entries }: AddressSpace, index: number, entry: DaxEntry): void {
  preemptionPoint(kernel, 'radix_tree_insert');
  entries.set(index, entry);
}

/** radix_tree_delete. */
export function radixTreeDelete({ kernel, entries }: AddressSpace, index: number): void {
  preemptionPoint(kernel, 'radix_tree_delete');
  entries.delete(index);
}

/** vm_insert_mixed, vmf_insert_pfn_pmd: maps memory into a process. */
export function vmInsertMixed(
  { kernel }: AddressSpace,
  vma: Vma,
  index: number,
  entry: PageTableEntry,
): void {
  preemptionPoint(kernel, 'vm_insert_mixed');
  vma.entries.set(index, entry);
}

/** set_pte_at, set_pmd_at: what a mapping may do from now on, and whether it did; no CPU keeps what it was. */
export function setPteAt(
  { kernel }: AddressSpace,
  pte: PageTableEntry,
  { writable, dirty }: Pick<PageTableEntry, 'writable' | 'dirty'>,
): void {
  preemptionPoint(kernel, 'set_pte_at');
  pte.writable = writable;
  pte.dirty = dirty;
}

/** lock_slot … put_locked_mapping_entry: does `work` while the entry that page `index` has, or will have, is locked. */
export function lockSlot<Result>(space: AddressSpace, index: number, work: () => Result): Result {
  const slot = lookupEntry(space, index)?.index ?? index;
  const lock = space.entryLocks.get(slot) ?? newLock('the entry (lock_slot)');
  space.entryLocks.set(slot, lock);
  return withLock(lock, 'alone', work);
}

/** First index of the huge page that holds `index`. */
export function pmdIndex(index: number): number {
  return index - (index % PMD_PAGES);
}

/** The entry that covers page `index` and the index it is stored at. */
export function lookupEntry(
  space: AddressSpace,
  index: number,
): { index: number; entry: DaxEntry } | undefined {
  const own = space.entries.get(index);
  if (own !== undefined) return { index, entry: own };
  const huge = space.entries.get(pmdIndex(index));
  return huge?.pageCount === PMD_PAGES ? { index: pmdIndex(index), entry: huge } : undefined;
}

/** The page table entry through which a mapping reaches page `index`. */
export function lookupPte(vma: Vma, index: number): PageTableEntry | undefined {
  const own = vma.entries.get(index);
  if (own !== undefined) return own;
  const huge = vma.entries.get(pmdIndex(index));
  return huge?.pageCount === PMD_PAGES ? huge : undefined;
}

/** unmap_mapping_range: takes pages `[first, first + count)` out of every page table. */
export function unmapRange(space: AddressSpace, first: number, count: number): void {
  preemptionPoint(space.kernel, 'unmap_mapping_range');
  for (const vma of space.vmas) {
    for (const [index, entry] of vma.entries) {
      if (index < first + count && first < index + entry.pageCount) vma.entries.delete(index);
    }
  }
}
