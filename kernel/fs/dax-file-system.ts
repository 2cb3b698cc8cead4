/**
 * A small extent-based file system on a dax device, the caller of `fs/dax` as ext4 and XFS are (memory-and-dax.md 9,
 * 10). It has no metadata on media and no journal: extents live in memory and survive a reboot by decree, so that a
 * power failure touches file contents only. New blocks are zeroed through the block device before use, partial
 * blocks through dax; fsync is write-back, then a cache flush.
 */
import { PAGE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import type { GenDisk } from '../block/disk.ts';
import { SECTOR_SIZE } from '../block/bio.ts';
import { blkdevIssueFlush, blkdevIssueZeroout } from '../block/submit.ts';
import { EINVAL, ENOSPC } from '../errno.ts';
import type { Kernel } from '../kernel.ts';
import type { Vector } from '../lib/vector.ts';
import type { Tree } from '../tree.ts';
import { newAddressSpace, unmapRange } from './address-space.ts';
import type { DaxDevice } from './dax-device.ts';
import type { DaxInode, Iomap, IomapOperations, IomapPurpose } from './iomap.ts';

/** A run of pages of a file and where they are on the device. */
export interface Extent {
  readonly filePage: number;
  readonly pageCount: number;
  readonly devicePage: number;
  /** False for preallocated blocks: they read as zeros and are zeroed when first written. */
  readonly written: boolean;
}

export interface DaxFile extends DaxInode {
  readonly path: string;
  extents: Extent[];
}

export interface DaxFileSystem {
  readonly kernel: Kernel;
  readonly tree: Tree;
  readonly disk: GenDisk;
  readonly dax: DaxDevice | undefined;
  readonly files: Map<string, DaxFile>;
  /** First device page that was never allocated. */
  nextPage: number;
}

/** How a file's blocks are made. */
export interface CreateOptions {
  readonly sizeBytes: number;
  /** `mapped`: allocated and written long ago; `unwritten`: preallocated; `hole`: nothing yet. */
  readonly blocks: 'mapped' | 'unwritten' | 'hole';
  /** Device alignment of the first block, in pages. */
  readonly alignPages: number;
}

/** mount -o dax. Returns the file system, or the error of the dax capability test. */
export function mountDax(kernel: Kernel, tree: Tree, disk: GenDisk): DaxFileSystem | number {
  const error = tree.dax.bdevDaxSupported(kernel, disk, PAGE_SIZE_BYTES);
  if (error !== 0) return error;
  const dax = tree.dax.daxGetByHost(kernel, disk.name);
  return { kernel, tree, disk, dax, files: new Map(), nextPage: 0 };
}

/** Makes a file. Returns it, or -ENOSPC. */
export function createFile(fs: DaxFileSystem, path: string, options: CreateOptions): DaxFile | number {
  const pageCount = Math.ceil(options.sizeBytes / PAGE_SIZE_BYTES);
  const file: DaxFile = {
    kernel: fs.kernel,
    mapping: newAddressSpace(fs.kernel),
    disk: fs.disk,
    sizeBytes: options.sizeBytes,
    blockBits: 12,
    path,
    extents: [],
  };
  if (options.blocks !== 'hole' && pageCount > 0) {
    fs.nextPage = roundUp(fs.nextPage, options.alignPages);
    const devicePage = allocate(fs, pageCount);
    if (devicePage < 0) return devicePage;
    file.extents = [{ filePage: 0, pageCount, devicePage, written: options.blocks === 'mapped' }];
  }
  fs.files.set(path, file);
  return file;
}

/** A file with the blocks it had before a reboot. */
export function restoreFile(
  fs: DaxFileSystem,
  path: string,
  sizeBytes: number,
  extents: readonly Extent[],
): void {
  const { kernel, disk } = fs;
  const file = {
    kernel,
    mapping: newAddressSpace(kernel),
    disk,
    sizeBytes,
    blockBits: 12,
    path,
    extents: [...extents],
  };
  fs.files.set(path, file);
}

/** First page of `pageCount` free ones in a row, or -ENOSPC. */
function allocate(fs: DaxFileSystem, pageCount: number): number {
  const devicePages = Math.floor((fs.disk.capacitySectors * SECTOR_SIZE) / PAGE_SIZE_BYTES);
  if (fs.nextPage + pageCount > devicePages) return -ENOSPC;
  const first = fs.nextPage;
  fs.nextPage += pageCount;
  return first;
}

/** write(2) and pwritev(2). Returns the bytes written or a negative error. */
export function writeFile(fs: DaxFileSystem, file: DaxFile, position: number, vector: Vector): number {
  const written = fs.tree.fsDax.daxIomapRw(file, position, vector, true, iomapOperations(fs, file));
  if (written > 0) file.sizeBytes = Math.max(file.sizeBytes, position + written);
  return written;
}

/** read(2). Returns the bytes read or a negative error. */
export function readFile(fs: DaxFileSystem, file: DaxFile, position: number, vector: Vector): number {
  return fs.tree.fsDax.daxIomapRw(file, position, vector, false, iomapOperations(fs, file));
}

/** fsync(2) and msync(2) of `[position, position + sizeBytes)`: write-back, then a cache flush of the device. */
export function syncFile(fs: DaxFileSystem, file: DaxFile, position: number, sizeBytes: number): number {
  const error = writeBackRange(fs, file, position, sizeBytes);
  return error !== 0 ? error : blkdevIssueFlush(fs.disk);
}

/** Zeroes what lies in partly covered pages of `[position, position + sizeBytes)`, through dax. */
function zeroPartialPages(fs: DaxFileSystem, file: DaxFile, position: number, sizeBytes: number): number {
  return zeroPages(fs, file, position, sizeBytes, (length) => length < PAGE_SIZE_BYTES);
}

/** Zeroes what is written in `[position, position + sizeBytes)` of those pages of which it is to zero a wanted length. */
function zeroPages(
  fs: DaxFileSystem,
  file: DaxFile,
  position: number,
  sizeBytes: number,
  isWanted: (lengthBytes: number) => boolean,
): number {
  if (sizeBytes <= 0) return 0;
  const end = position + sizeBytes;
  const [first, last] = [Math.floor(position / PAGE_SIZE_BYTES), Math.ceil(end / PAGE_SIZE_BYTES)];
  // Extent by extent: a hole may have as many pages as a file can.
  const written = file.extents
    .flatMap((extent) => part(extent, first, last) ?? [])
    .filter((extent) => extent.written)
    .sort((left, right) => left.filePage - right.filePage);
  for (const extent of written)
    for (let page = extent.filePage; page < extent.filePage + extent.pageCount; page++) {
      const from = Math.max(position, page * PAGE_SIZE_BYTES);
      const length = Math.min(end, (page + 1) * PAGE_SIZE_BYTES) - from;
      if (!isWanted(length)) continue;
      const sector = devicePosition(extent, page * PAGE_SIZE_BYTES) / SECTOR_SIZE;
      const offset = from % PAGE_SIZE_BYTES;
      const error = fs.tree.fsDax.daxZeroPageRange(fs.kernel, fs.disk, fs.dax, sector, offset, length);
      if (error !== 0) return error;
    }
  return 0;
}

/**
 * What ext4 (cca32b7eeb4e, v4.9) and XFS (xfs_free_file_space) do before pages leave the page tree: dirty entries of the
 * range are written back. One of 2 MiB may reach far beyond it, and its tag goes with it.
 */
function writeBackRange(fs: DaxFileSystem, file: DaxFile, position: number, sizeBytes: number): number {
  const first = Math.floor(position / PAGE_SIZE_BYTES);
  const last = Math.ceil((position + sizeBytes) / PAGE_SIZE_BYTES) - 1;
  return fs.tree.fsDax.daxWritebackMappingRange(file, first, last, true);
}

/** fallocate(PUNCH_HOLE): writes back, zeroes partial pages, gives whole pages back. */
export function punchHole(fs: DaxFileSystem, file: DaxFile, position: number, sizeBytes: number): number {
  const error =
    writeBackRange(fs, file, position, sizeBytes) || zeroPartialPages(fs, file, position, sizeBytes);
  if (error === 0) replaceWholePages(file, position, sizeBytes, () => undefined);
  return error;
}

/** fallocate(ZERO_RANGE) as XFS does it: writes back, zeroes partial pages, turns whole pages into unwritten ones. */
export function zeroRange(fs: DaxFileSystem, file: DaxFile, position: number, sizeBytes: number): number {
  const error =
    writeBackRange(fs, file, position, sizeBytes) || zeroPartialPages(fs, file, position, sizeBytes);
  if (error === 0) {
    replaceWholePages(file, position, sizeBytes, (extent) => ({ ...extent, written: false }));
    file.sizeBytes = Math.max(file.sizeBytes, position + sizeBytes);
  }
  return error;
}

/** iomap_zero_range of every page, whole ones too (what XFS does for the blocks that truncate exposes). */
export function zeroInPlace(fs: DaxFileSystem, file: DaxFile, position: number, sizeBytes: number): number {
  return zeroPages(fs, file, position, sizeBytes, () => true);
}

/**
 * ftruncate(2): a smaller size zeroes the rest of its last page and gives the pages behind it back. Nothing is written
 * back before that, in ext4 and XFS alike: a dirty 2 MiB entry that is cut loses its tag (docs/DEFECTS.md).
 */
export function truncateFile(fs: DaxFileSystem, file: DaxFile, sizeBytes: number): number {
  if (sizeBytes < 0) return -EINVAL;
  if (sizeBytes < file.sizeBytes) {
    const pageEnd = roundUp(sizeBytes, PAGE_SIZE_BYTES);
    const error = zeroPartialPages(fs, file, sizeBytes, pageEnd - sizeBytes);
    if (error !== 0) return error;
    replaceWholePages(file, pageEnd, roundUp(file.sizeBytes, PAGE_SIZE_BYTES) - pageEnd, () => undefined);
  }
  file.sizeBytes = sizeBytes;
  return 0;
}

/** Replaces the extents of the whole pages in a range; their pages leave the page tree and every mapping. */
function replaceWholePages(
  file: DaxFile,
  position: number,
  sizeBytes: number,
  replacement: (extent: Extent) => Extent | undefined,
): void {
  const first = Math.ceil(position / PAGE_SIZE_BYTES);
  const end = Math.floor((position + sizeBytes) / PAGE_SIZE_BYTES);
  if (first >= end) return;
  file.extents = file.extents.flatMap((extent) => {
    const inside = part(extent, first, end);
    const replaced = inside === undefined ? undefined : replacement(inside);
    return [part(extent, 0, first), replaced, part(extent, end, Infinity)].filter(
      (piece) => piece !== undefined,
    );
  });
  unmapRange(file.mapping, first, end - first);
  for (const [index, entry] of file.mapping.entries) {
    if (index < end && first < index + entry.pageCount) file.mapping.entries.delete(index);
  }
}

/** The pages of an extent that lie in `[first, end)`. */
function part(extent: Extent, first: number, end: number): Extent | undefined {
  const from = Math.max(extent.filePage, first);
  const to = Math.min(extent.filePage + extent.pageCount, end);
  if (from >= to) return undefined;
  return {
    ...extent,
    filePage: from,
    pageCount: to - from,
    devicePage: extent.devicePage + from - extent.filePage,
  };
}

function extentAt(file: DaxFile, page: number): Extent | undefined {
  return file.extents.find(({ filePage, pageCount }) => page >= filePage && page < filePage + pageCount);
}

function devicePosition(extent: Extent, position: number): number {
  return extent.devicePage * PAGE_SIZE_BYTES + position - extent.filePage * PAGE_SIZE_BYTES;
}

/** The file system's iomap operations for one file. */
export function iomapOperations(fs: DaxFileSystem, file: DaxFile): IomapOperations {
  return {
    begin: (_inode, position, sizeBytes, purpose) => iomapBegin(fs, file, position, sizeBytes, purpose),
  };
}

function iomapBegin(
  fs: DaxFileSystem,
  file: DaxFile,
  position: number,
  sizeBytes: number,
  purpose: IomapPurpose,
): Iomap | number {
  const page = Math.floor(position / PAGE_SIZE_BYTES);
  const endPage = Math.ceil((position + sizeBytes) / PAGE_SIZE_BYTES);
  const extent = extentAt(file, page);
  if (extent?.written === true) return mapped(fs, extent, false);
  if (purpose === 'write' || purpose === 'write fault')
    return allocateForWrite(fs, file, page, endPage, extent);
  if (extent !== undefined) return { ...mapped(fs, extent, false), type: 'unwritten' };
  const next = Math.min(
    endPage,
    ...file.extents.filter(({ filePage }) => filePage > page).map((e) => e.filePage),
  );
  const offset = page * PAGE_SIZE_BYTES;
  return {
    type: 'hole',
    offset,
    sizeBytes: next * PAGE_SIZE_BYTES - offset,
    devicePosition: -1,
    isNew: false,
    disk: fs.disk,
    dax: fs.dax,
  };
}

function mapped(fs: DaxFileSystem, extent: Extent, isNew: boolean): Iomap {
  return {
    type: 'mapped',
    offset: extent.filePage * PAGE_SIZE_BYTES,
    sizeBytes: extent.pageCount * PAGE_SIZE_BYTES,
    devicePosition: extent.devicePage * PAGE_SIZE_BYTES,
    isNew,
    disk: fs.disk,
    dax: fs.dax,
  };
}

/** Gives pages `[page, endPage)`, up to the next extent, zeroed blocks: new ones for a hole, its own for unwritten. */
function allocateForWrite(
  fs: DaxFileSystem,
  file: DaxFile,
  page: number,
  endPage: number,
  unwritten: Extent | undefined,
): Iomap | number {
  const nextExtent = Math.min(
    ...file.extents.filter(({ filePage }) => filePage > page).map((e) => e.filePage),
  );
  const end = unwritten === undefined ? Math.min(endPage, nextExtent) : endPage;
  let extent = unwritten === undefined ? undefined : part(unwritten, page, end);
  if (extent === undefined) {
    const devicePage = allocate(fs, end - page);
    if (devicePage < 0) return devicePage;
    extent = { filePage: page, pageCount: end - page, devicePage, written: false };
  }
  const sectors = (extent.pageCount * PAGE_SIZE_BYTES) / SECTOR_SIZE;
  const error = blkdevIssueZeroout(fs.disk, (extent.devicePage * PAGE_SIZE_BYTES) / SECTOR_SIZE, sectors);
  if (error !== 0) return error;
  const written = { ...extent, written: true };
  const rest = file.extents.flatMap((other) =>
    other === unwritten
      ? [
          part(other, 0, written.filePage),
          part(other, written.filePage + written.pageCount, Infinity),
        ].filter((piece) => piece !== undefined)
      : [other],
  );
  file.extents = [...rest, written].sort((left, right) => left.filePage - right.filePage);
  return mapped(fs, written, true);
}
