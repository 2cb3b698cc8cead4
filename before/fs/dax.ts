/**
 * fs/dax.c: file access to persistent memory without a page cache (memory-and-dax.md 9). Copies write(2) data
 * straight to the device, maps device pages into processes, and keeps a tag for each page that was mapped writable
 * so that fsync can write its lines back. Private mappings and device-side copy-on-write are left out.
 */
import { blkdevIssueZeroout } from '#kernel/block/submit.ts';
import type { GenDisk } from '#kernel/block/disk.ts';
import { EEXIST, EFAULT, EINTR, EIO } from '#kernel/errno.ts';
import {
  type AddressSpace,
  type DaxEntry,
  PMD_PAGES,
  type Vma,
  lockSlot,
  lookupEntry,
  lookupPte,
  pmdIndex,
  radixTreeDelete,
  radixTreeInsert,
  radixTreeTagClear,
  radixTreeTagSet,
  setPteAt,
  unmapRange,
  vmInsertMixed,
} from '#kernel/fs/address-space.ts';
import {
  type DaxInode,
  type Iomap,
  type IomapOperations,
  iomapApply,
  iomapSector,
} from '#kernel/fs/iomap.ts';
import { type Kernel, warnOnce } from '#kernel/kernel.ts';
import { PAGE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import { bdevDaxPgoff, daxDirectAccess, daxGetByHost } from '../drivers/dax/super.ts';
import type { DaxDevice } from '../include/linux/dax.ts';
import { clearPmem, copyFromIterPmem, wbCachePmem } from '../include/linux/pmem.ts';
import { type IovIter, iovIterCount } from '../include/linux/uio.ts';
import { copyToIter, iovIterZero } from '../lib/iov_iter.ts';

/** log2 of the page size: the only block size dax write-back accepts. */
const PAGE_SHIFT = 12;

/** What a page fault ends with: VM_FAULT_NOPAGE, VM_FAULT_FALLBACK, VM_FAULT_SIGBUS. */
export type FaultResult = 'done' | 'fallback' | 'sigbus';

/**
 * dax_writeback_one: writes back the lines of one dirty entry. First takes the write permission away from the
 * mappings, then flushes. Returns a negative error, else 0 or more.
 */
function daxWritebackOne(
  kernel: Kernel,
  disk: GenDisk,
  dax: DaxDevice,
  space: AddressSpace,
  index: number,
): number {
  const entry = space.entries.get(index);
  if (entry === undefined || !entry.toWrite) return 0;
  if (warnOnce(kernel, entry.sector < 0, 'dax_writeback_one: empty or zero entry')) return -EIO;
  radixTreeTagClear(space, index, 'toWrite');
  const sizeBytes = entry.pageCount * PAGE_SIZE_BYTES;
  const { pgoff, error } = bdevDaxPgoff(disk, entry.sector, sizeBytes);
  if (error !== 0) return error;
  const found = daxDirectAccess(kernel, dax, pgoff, entry.pageCount);
  if (found.pages < 0) return found.pages;
  if (warnOnce(kernel, found.pages < entry.pageCount, 'dax_writeback_one: short access')) return -EIO;
  daxMappingEntryMkclean(space, index);
  wbCachePmem(kernel, found.address, sizeBytes);
  radixTreeTagClear(space, index, 'dirty');
  return found.pages;
}

/** dax_mapping_entry_mkclean: write-protects the mappings of the entry's *first* page (a known gap: B15). */
function daxMappingEntryMkclean(space: AddressSpace, index: number): void {
  for (const vma of space.vmas) {
    if (index < vma.startPage || index >= vma.startPage + vma.pageCount) continue;
    const pte = lookupPte(vma, index);
    if (pte === undefined) continue;
    setPteAt(space, pte, { writable: false, dirty: false });
  }
}

/**
 * dax_writeback_mapping_range: writes back the dirty entries of pages `[first, last]`. `waits` is WB_SYNC_ALL; without
 * it nothing happens. Issues no fence. Returns 0 or a negative error.
 */
export function daxWritebackMappingRange(
  inode: DaxInode,
  first: number,
  last: number,
  waits: boolean,
): number {
  const { kernel, mapping, disk } = inode;
  if (warnOnce(kernel, inode.blockBits !== PAGE_SHIFT, 'dax_writeback_mapping_range: block size'))
    return -EIO;
  if (mapping.entries.size === 0 || !waits) return 0;
  const dax = daxGetByHost(kernel, disk.name);
  if (dax === undefined) return -EIO;
  const tagged = [...mapping.entries.entries()]
    .filter(([index, entry]) => entry.dirty && index <= last && index + entry.pageCount > first)
    .sort(([left], [right]) => left - right);
  for (const [index] of tagged) radixTreeTagSet(mapping, index, 'toWrite');
  for (const [index] of tagged) {
    const result = lockSlot(mapping, index, () => daxWritebackOne(kernel, disk, dax, mapping, index));
    if (result < 0) return result;
  }
  return 0;
}

/**
 * __dax_zero_page_range: zeroes `sizeBytes` bytes at `offset` of the page at `sector`. Whole logical blocks go to the
 * block device as writes of zeros; anything else is cleared in place. Returns 0 or a negative error.
 */
export function daxZeroPageRange(
  kernel: Kernel,
  disk: GenDisk,
  dax: DaxDevice | undefined,
  sector: number,
  offset: number,
  sizeBytes: number,
): number {
  const block = disk.queue.logicalBlockSize;
  if (offset % block === 0 && sizeBytes % block === 0) {
    return blkdevIssueZeroout(disk, sector + offset / 512, sizeBytes / 512);
  }
  const { pgoff, error } = bdevDaxPgoff(disk, sector, PAGE_SIZE_BYTES);
  if (error !== 0) return error;
  const found = daxDirectAccess(kernel, dax, pgoff, 1);
  if (found.pages < 0) return found.pages;
  clearPmem(kernel, found.address + offset, sizeBytes);
  return 0;
}

/**
 * dax_iomap_actor: reads or writes one mapped extent. Returns the bytes done, else a negative error. After a short copy
 * it goes round again at the fault position, copies nothing there and stops; dax_iomap_rw then calls it once more (9.1,
 * B6).
 */
function daxIomapActor(
  inode: DaxInode,
  position: number,
  length: number,
  iomap: Iomap,
  iter: IovIter,
  isWrite: boolean,
): number {
  const { kernel } = inode;
  const end = isWrite ? position + length : Math.min(position + length, inode.sizeBytes);
  if (position >= end) return 0;
  if (!isWrite && iomap.type !== 'mapped') return iovIterZero(kernel, Math.min(length, end - position), iter);
  if (warnOnce(kernel, iomap.type !== 'mapped', 'dax_iomap_actor: not mapped')) return -EIO;
  if (iomap.isNew) unmapRange(inode.mapping, Math.floor(position / PAGE_SIZE_BYTES), pagesOf(position, end));
  let at = position;
  let result = 0;
  while (at < end) {
    const offset = at % PAGE_SIZE_BYTES;
    const sizeBytes = roundUp(end - at + offset, PAGE_SIZE_BYTES);
    if (kernel.current.fatalSignal) {
      result = -EINTR;
      break;
    }
    const { pgoff, error } = bdevDaxPgoff(iomap.disk, iomapSector(iomap, at), sizeBytes);
    const found =
      error === 0 ? daxDirectAccess(kernel, iomap.dax, pgoff, sizeBytes / PAGE_SIZE_BYTES) : undefined;
    if (found === undefined || found.pages < 0) {
      result = found?.pages ?? error;
      break;
    }
    const address = found.address + offset;
    const bytes = Math.min(found.pages * PAGE_SIZE_BYTES - offset, end - at);
    const copied = isWrite
      ? copyFromIterPmem(kernel, address, bytes, iter)
      : copyToIter(kernel, address, bytes, iter);
    if (copied <= 0) {
      result = copied < 0 ? copied : -EFAULT;
      break;
    }
    at += copied;
  }
  return at > position ? at - position : result;
}

function pagesOf(start: number, end: number): number {
  return Math.ceil(end / PAGE_SIZE_BYTES) - Math.floor(start / PAGE_SIZE_BYTES);
}

/**
 * dax_iomap_rw: reads or writes a file through `iter`, extent by extent. Returns the bytes done, else a negative
 * error. A write leaves no dirty tag: its durability rests on the copy having left nothing in the cache.
 */
export function daxIomapRw(
  inode: DaxInode,
  position: number,
  iter: IovIter,
  isWrite: boolean,
  operations: IomapOperations,
): number {
  let done = 0;
  while (iovIterCount(iter) > 0) {
    const result = iomapApply(
      inode,
      position + done,
      iovIterCount(iter),
      isWrite ? 'write' : 'read',
      operations,
      (at, length, iomap) => daxIomapActor(inode, at, length, iomap, iter, isWrite),
    );
    if (result <= 0) return done > 0 ? done : result;
    done += result;
  }
  return done;
}

/**
 * grab_mapping_entry: the entry that a fault of `pageCount` pages at `index` works on, `undefined` for a new one;
 * -EEXIST when a huge fault meets small entries.
 */
function grabMappingEntry(
  space: AddressSpace,
  index: number,
  pageCount: DaxEntry['pageCount'],
): DaxEntry | undefined | number {
  const found = lookupEntry(space, index);
  if (pageCount === PMD_PAGES) {
    if (found?.entry.pageCount === PMD_PAGES) return found.entry;
    for (let page = index; page < index + PMD_PAGES; page++) if (space.entries.has(page)) return -EEXIST;
    return undefined;
  }
  if (found?.entry.pageCount === PMD_PAGES && found.entry.sector < 0) {
    // A huge hole or empty entry gives way to small ones.
    unmapRange(space, found.index, PMD_PAGES);
    radixTreeDelete(space, found.index);
    return undefined;
  }
  return found?.entry;
}

/** dax_insert_mapping_entry: a real entry in place of a hole, an empty one or none; a write tags it dirty. */
function daxInsertMappingEntry(
  space: AddressSpace,
  index: number,
  pageCount: DaxEntry['pageCount'],
  sector: number,
  isWrite: boolean,
): void {
  const found = lookupEntry(space, index);
  if (found !== undefined && found.entry.sector >= 0) {
    // A small fault that meets a real huge entry uses it.
    if (isWrite) radixTreeTagSet(space, found.index, 'dirty');
    return;
  }
  if (found !== undefined) unmapRange(space, found.index, found.entry.pageCount);
  radixTreeInsert(space, index, { pageCount, sector, isZero: false, dirty: false, toWrite: false });
  if (isWrite) radixTreeTagSet(space, index, 'dirty');
}

/** dax_insert_mapping: finds the memory, enters it into the tree, and maps it. */
function daxInsertMapping(
  inode: DaxInode,
  vma: Vma,
  index: number,
  iomap: Iomap,
  isWrite: boolean,
  pageCount: DaxEntry['pageCount'],
): FaultResult {
  const { kernel, mapping } = inode;
  const failure = pageCount === PMD_PAGES ? 'fallback' : 'sigbus';
  const sector = iomapSector(iomap, index * PAGE_SIZE_BYTES);
  const { pgoff, error } = bdevDaxPgoff(iomap.disk, sector, pageCount * PAGE_SIZE_BYTES);
  if (error !== 0) return failure;
  const found = daxDirectAccess(kernel, iomap.dax, pgoff, pageCount);
  if (found.pages < pageCount) return failure;
  const address = found.pfnAddress ?? found.address;
  const fitsHuge = found.hasStructPages && address % (PMD_PAGES * PAGE_SIZE_BYTES) === 0;
  if (pageCount === PMD_PAGES && !fitsHuge) return 'fallback';
  daxInsertMappingEntry(mapping, index, pageCount, sector, isWrite);
  vmInsertMixed(mapping, vma, index, { pageCount, address, writable: isWrite, dirty: isWrite });
  return 'done';
}

/** dax_load_hole, dax_pmd_load_hole: maps zeros for a read of a hole. */
function daxLoadHole(
  inode: DaxInode,
  vma: Vma,
  index: number,
  pageCount: DaxEntry['pageCount'],
): FaultResult {
  const { mapping } = inode;
  radixTreeInsert(mapping, index, { pageCount, sector: -1, isZero: true, dirty: false, toWrite: false });
  vmInsertMixed(mapping, vma, index, { pageCount, address: -1, writable: false, dirty: false });
  return 'done';
}

/** dax_iomap_pte_fault: a fault of one page. */
function daxIomapPteFault(
  inode: DaxInode,
  vma: Vma,
  index: number,
  isWrite: boolean,
  operations: IomapOperations,
): FaultResult {
  const position = index * PAGE_SIZE_BYTES;
  if (position >= inode.sizeBytes) return 'sigbus';
  const iomap = operations.begin(inode, position, PAGE_SIZE_BYTES, isWrite ? 'write fault' : 'fault');
  if (typeof iomap === 'number') return 'sigbus';
  const entry = grabMappingEntry(inode.mapping, index, 1);
  if (typeof entry === 'number') return 'sigbus';
  if (iomap.type === 'mapped') return daxInsertMapping(inode, vma, index, iomap, isWrite, 1);
  if (!isWrite) return daxLoadHole(inode, vma, index, 1);
  warnOnce(inode.kernel, true, 'dax_iomap_pte_fault: write fault not mapped');
  return 'sigbus';
}

/** dax_iomap_pmd_fault: a fault of 2 MiB; falls back to one page wherever the huge page does not fit. */
function daxIomapPmdFault(
  inode: DaxInode,
  vma: Vma,
  index: number,
  isWrite: boolean,
  operations: IomapOperations,
): FaultResult {
  const first = pmdIndex(index);
  const sizeBytes = PMD_PAGES * PAGE_SIZE_BYTES;
  if (first < vma.startPage || first + PMD_PAGES > vma.startPage + vma.pageCount) return 'fallback';
  if ((first + PMD_PAGES) * PAGE_SIZE_BYTES > roundUp(inode.sizeBytes, PAGE_SIZE_BYTES)) return 'fallback';
  if (typeof grabMappingEntry(inode.mapping, first, PMD_PAGES) === 'number') return 'fallback';
  const iomap = operations.begin(
    inode,
    first * PAGE_SIZE_BYTES,
    sizeBytes,
    isWrite ? 'write fault' : 'fault',
  );
  if (typeof iomap === 'number' || iomap.offset + iomap.sizeBytes < first * PAGE_SIZE_BYTES + sizeBytes)
    return 'fallback';
  if (iomap.type === 'mapped') return daxInsertMapping(inode, vma, first, iomap, isWrite, PMD_PAGES);
  return isWrite ? 'fallback' : daxLoadHole(inode, vma, first, PMD_PAGES);
}

/** dax_iomap_fault: a fault on page `index` of a mapping, for one page or for a huge one. */
export function daxIomapFault(
  inode: DaxInode,
  vma: Vma,
  index: number,
  isWrite: boolean,
  isHuge: boolean,
  operations: IomapOperations,
): FaultResult {
  const fault = isHuge ? daxIomapPmdFault : daxIomapPteFault;
  const slot = isHuge ? pmdIndex(index) : index;
  return lockSlot(inode.mapping, slot, () => fault(inode, vma, index, isWrite, operations));
}

/** dax_pfn_mkwrite: the first write through a read-only mapping: tags the entry dirty, gives write permission. */
export function daxPfnMkwrite(inode: DaxInode, vma: Vma, index: number): FaultResult {
  const { mapping } = inode;
  return lockSlot(mapping, index, () => {
    const found = lookupEntry(mapping, index);
    const pte = lookupPte(vma, index);
    if (found === undefined || found.entry.sector < 0 || pte === undefined) return 'done';
    radixTreeTagSet(mapping, found.index, 'dirty');
    setPteAt(mapping, pte, { writable: true, dirty: true });
    return 'done';
  });
}
