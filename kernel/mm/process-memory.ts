/**
 * Loads and stores of user processes through shared mappings of a dax file: page faults, then plain instructions on
 * device memory (memory-and-dax.md 9.3).
 */
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { loadRecoverably } from '../arch/x86/mce.ts';
import { EFAULT } from '../errno.ts';
import { preemptionPoint, withoutPreemption } from '../kernel.ts';
import { type PageTableEntry, type Vma, lookupPte, pmdIndex } from '../fs/address-space.ts';
import { type DaxFile, type DaxFileSystem, iomapOperations } from '../fs/dax-file-system.ts';

/** mmap(MAP_SHARED) of `[startPage, startPage + pageCount)` by `process`; the mapping it has, if it covers that. */
export function mapFile(file: DaxFile, process: string, startPage: number, pageCount: number): Vma {
  const vma: Vma = { process, startPage, pageCount, entries: new Map() };
  file.mapping.vmas.push(vma);
  return vma;
}

/** The mapping through which `process` reaches pages `[first, last]`. */
export function findVma(file: DaxFile, process: string, first: number, last: number): Vma | undefined {
  return file.mapping.vmas.find(
    (vma) => vma.process === process && first >= vma.startPage && last < vma.startPage + vma.pageCount,
  );
}

/** Faults page `index` in for a load or a store. `undefined` is SIGBUS. */
function faultIn(
  fs: DaxFileSystem,
  file: DaxFile,
  vma: Vma,
  index: number,
  isWrite: boolean,
): PageTableEntry | undefined {
  const present = lookupPte(vma, index);
  if (present !== undefined && (!isWrite || present.writable)) return present;
  if (present !== undefined && present.address >= 0 && present.pageCount === 1) {
    fs.tree.fsDax.daxPfnMkwrite(file, vma, index);
    return lookupPte(vma, index);
  }
  const operations = iomapOperations(fs, file);
  let result = fs.tree.fsDax.daxIomapFault(file, vma, index, isWrite, true, operations);
  if (result === 'fallback')
    result = fs.tree.fsDax.daxIomapFault(file, vma, index, isWrite, false, operations);
  return result === 'done' ? lookupPte(vma, index) : undefined;
}

/** Pieces of `[position, position + sizeBytes)` that lie in one page each. */
function* pagePieces(
  position: number,
  sizeBytes: number,
): Generator<{ index: number; offset: number; done: number; length: number }> {
  let done = 0;
  while (done < sizeBytes) {
    const offset = (position + done) % PAGE_SIZE_BYTES;
    const length = Math.min(PAGE_SIZE_BYTES - offset, sizeBytes - done);
    yield { index: Math.floor((position + done) / PAGE_SIZE_BYTES), offset, done, length };
    done += length;
  }
}

function addressOf(entry: PageTableEntry, index: number, offset: number): number {
  const first = entry.pageCount === 1 ? index : pmdIndex(index);
  return entry.address + (index - first) * PAGE_SIZE_BYTES + offset;
}

/**
 * Stores `bytes` at file position `position`, as a program would: one instruction for 1, 2, 4 or 8 bytes, else
 * 8-byte stores and single bytes for the rest. Returns 0, or -EFAULT for what would be SIGBUS.
 */
export function storeThroughMapping(
  fs: DaxFileSystem,
  file: DaxFile,
  vma: Vma,
  position: number,
  bytes: Uint8Array,
): number {
  const { kernel } = fs;
  for (const { index, offset, done, length } of pagePieces(position, bytes.length)) {
    for (const { from, to, unitBytes } of runsOf(length)) {
      const entry = faultInForStore(fs, file, vma, index);
      if (entry === undefined) return -EFAULT;
      const piece = bytes.subarray(done + from, done + to);
      withoutPreemption(kernel, () => {
        entry.dirty = true;
        kernel.cpu.storeRange(addressOf(entry, index, offset + from), piece, unitBytes);
      });
    }
  }
  return 0;
}

/** How `length` bytes are stored: in one instruction where there is one, else word by word and the rest byte by byte. */
function runsOf(
  length: number,
): { readonly from: number; readonly to: number; readonly unitBytes: number }[] {
  if ([1, 2, 4, 8].includes(length)) return [{ from: 0, to: length, unitBytes: length }];
  const words = length - (length % 8);
  return [
    { from: 0, to: words, unitBytes: 8 },
    { from: words, to: length, unitBytes: 1 },
  ].filter(({ from, to }) => from < to);
}

/** The entry that a store instruction finds: it faults again where another task took the page away before it ran. */
function faultInForStore(
  fs: DaxFileSystem,
  file: DaxFile,
  vma: Vma,
  index: number,
): PageTableEntry | undefined {
  for (;;) {
    const entry = faultIn(fs, file, vma, index, true);
    if (entry === undefined) return undefined;
    const { writable } = entry;
    preemptionPoint(fs.kernel, 'mov');
    if (entry.writable === writable && lookupPte(vma, index) === entry) return entry;
  }
}

/**
 * Loads `sizeBytes` bytes at file position `position`. Returns them, or -EFAULT for what would be SIGBUS: a page that
 * can not be faulted in, or a machine check, which is reported as one of the kernel's own reads is.
 */
export function loadThroughMapping(
  fs: DaxFileSystem,
  file: DaxFile,
  vma: Vma,
  position: number,
  sizeBytes: number,
): Uint8Array | number {
  const bytes = new Uint8Array(sizeBytes);
  for (const { index, offset, done, length } of pagePieces(position, sizeBytes)) {
    const entry = faultIn(fs, file, vma, index, false);
    if (entry === undefined) return -EFAULT;
    if (entry.address < 0) continue;
    const piece = loadRecoverably(fs.kernel, addressOf(entry, index, offset), length);
    if (piece === undefined) return -EFAULT;
    bytes.set(piece, done);
  }
  return bytes;
}
