/**
 * The page tree of a dax file and the page tables that map it (struct address_space, vm_area_struct). Entries are
 * what fs/dax keeps: a sector, a size and tags; no pages (memory-and-dax.md 9.3).
 */

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
  readonly entries: Map<number, DaxEntry>;
  readonly vmas: Vma[];
}

export function newAddressSpace(): AddressSpace {
  return { entries: new Map(), vmas: [] };
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
  for (const vma of space.vmas) {
    for (const [index, entry] of vma.entries) {
      if (index < first + count && first < index + entry.pageCount) vma.entries.delete(index);
    }
  }
}
