/** Operations on files of a dax file system: write, read, mappings, sync, zeroing (design.md 6). */
import { EINVAL } from '../errno.ts';
import {
  type DaxFile,
  type DaxFileSystem,
  createFile,
  punchHole,
  readFile,
  syncFile,
  truncateFile,
  writeFile,
  zeroInPlace,
  zeroRange,
} from '../fs/dax-file-system.ts';
import type { Vector } from '../lib/vector.ts';
import { findVma, loadThroughMapping, mapFile, storeThroughMapping } from '../mm/process-memory.ts';
import type { FileName, Operation, OperationResult, VectorShape } from './operation.ts';
import { pageSegments, withRoomInFront } from './source-pages.ts';
import { type System, fileOf, fileSystemOf } from './system.ts';
import { tagBytes, unreadBytes } from './tag-bytes.ts';

type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Runs `act` on the named file, or gives the error of finding it. */
function withFile(
  system: System,
  name: FileName,
  act: (fs: DaxFileSystem, file: DaxFile) => OperationResult,
): OperationResult {
  const found = fileOf(system, name);
  return typeof found === 'number' ? { returned: found } : act(found.fs, found.file);
}

/** A vector of that shape over `bytes` (of `withRoomInFront` where the shape says where in a page), which it shares. */
export function vectorOver(shape: VectorShape, bytes: Uint8Array): Vector {
  if (shape.kind === 'pipe') return { kind: 'pipe', sizeBytes: bytes.length };
  if (shape.kind === 'bvec' && shape.startInPage !== undefined)
    return { kind: 'bvec', segments: pageSegments(bytes, shape.lengths, shape.startInPage) };
  let position = 0;
  const pieces = shape.lengths.map((length) => bytes.subarray(position, (position += length)));
  if (shape.kind === 'kvec') return { kind: 'kvec', segments: pieces };
  if (shape.kind === 'bvec') {
    const segments = pieces.map((piece) => ({
      page: { bytes: piece },
      offset: 0,
      lengthBytes: piece.length,
    }));
    return { kind: 'bvec', segments };
  }
  let accessible = shape.accessibleBytes ?? bytes.length;
  const segments = pieces.map((piece) => {
    const accessibleBytes = Math.min(piece.length, accessible);
    accessible = accessibleBytes < piece.length ? 0 : accessible - piece.length;
    return { bytes: piece, accessibleBytes };
  });
  return { kind: 'iovec', segments };
}

/** The memory of a vector, with `bytes` in it. */
function memoryOf({ startInPage }: VectorShape, bytes: Uint8Array): Uint8Array {
  return startInPage === undefined ? bytes : withRoomInFront(bytes);
}

const total = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);

export function performCreate(system: System, operation: OperationOf<'create'>): OperationResult {
  const fs = fileSystemOf(system, operation.file.disk);
  if (typeof fs === 'number') return { returned: fs };
  if (fs.files.has(operation.file.path)) return { returned: -EINVAL };
  const { sizeBytes, blocks, alignBytes } = operation;
  const file = createFile(fs, operation.file.path, {
    sizeBytes,
    blocks,
    alignPages: Math.max(1, alignBytes / 4096),
  });
  return { returned: typeof file === 'number' ? file : 0 };
}

/** write(2): as O_DSYNC, what was written is synced before it returns. */
export function performDaxWrite(
  system: System,
  operation: OperationOf<'dax write'>,
  operationIndex: number,
): OperationResult {
  return withFile(system, operation.file, (fs, file) => {
    const bytes = tagBytes(operationIndex, operation.offset, total(operation.vector.lengths));
    const vector = vectorOver(operation.vector, memoryOf(operation.vector, bytes));
    const written = writeFile(fs, file, operation.offset, vector);
    if (written <= 0 || !operation.sync) return { returned: written };
    const error = syncFile(fs, file, operation.offset, written);
    return { returned: error === 0 ? written : error };
  });
}

export function performDaxRead(system: System, operation: OperationOf<'dax read'>): OperationResult {
  return withFile(system, operation.file, (fs, file) => {
    const data = memoryOf(operation.vector, unreadBytes(total(operation.vector.lengths)));
    const returned = readFile(fs, file, operation.offset, vectorOver(operation.vector, data));
    return { returned, data: data.subarray(0, Math.max(0, returned)) };
  });
}

export function performMmap(system: System, operation: OperationOf<'mmap'>): OperationResult {
  return withFile(system, operation.file, (_fs, file) => {
    if (operation.offset % 4096 !== 0) return { returned: -EINVAL };
    mapFile(file, operation.process, operation.offset / 4096, Math.ceil(operation.sizeBytes / 4096));
    return { returned: 0 };
  });
}

/** The process's mapping of a range; one of the whole file is made when it has none. */
function mappingOf(file: DaxFile, process: string, offset: number, sizeBytes: number) {
  const first = Math.floor(offset / 4096);
  const last = Math.floor((offset + Math.max(1, sizeBytes) - 1) / 4096);
  const known = findVma(file, process, first, last);
  return known ?? mapFile(file, process, 0, Math.max(last + 1, Math.ceil(file.sizeBytes / 4096)));
}

export function performStore(
  system: System,
  operation: OperationOf<'store'>,
  operationIndex: number,
): OperationResult {
  return withFile(system, operation.file, (fs, file) => {
    const { process, offset, sizeBytes } = operation;
    const bytes = tagBytes(operationIndex, offset, sizeBytes);
    return {
      returned: storeThroughMapping(fs, file, mappingOf(file, process, offset, sizeBytes), offset, bytes),
    };
  });
}

export function performLoad(system: System, operation: OperationOf<'load'>): OperationResult {
  return withFile(system, operation.file, (fs, file) => {
    const { process, offset, sizeBytes } = operation;
    const vma = mappingOf(file, process, offset, sizeBytes);
    const data = loadThroughMapping(fs, file, vma, offset, sizeBytes);
    return typeof data === 'number' ? { returned: data } : { returned: sizeBytes, data };
  });
}

export function performFsync(system: System, operation: OperationOf<'fsync'>): OperationResult {
  return withFile(system, operation.file, (fs, file) => ({
    returned: syncFile(fs, file, 0, Math.max(file.sizeBytes, 1)),
  }));
}

/** msync(MS_SYNC) of a range; MS_ASYNC does nothing at all. */
export function performMsync(system: System, operation: OperationOf<'msync'>): OperationResult {
  if (!operation.waits) return { returned: 0 };
  return withFile(system, operation.file, (fs, file) => ({
    returned: syncFile(fs, file, operation.offset, operation.sizeBytes),
  }));
}

export function performZero(
  system: System,
  operation: OperationOf<'zero' | 'zero in place' | 'punch'>,
): OperationResult {
  const act = { zero: zeroRange, 'zero in place': zeroInPlace, punch: punchHole }[operation.kind];
  return withFile(system, operation.file, (fs, file) => ({
    returned: act(fs, file, operation.offset, operation.sizeBytes),
  }));
}

export function performTruncate(system: System, operation: OperationOf<'truncate'>): OperationResult {
  return withFile(system, operation.file, (fs, file) => ({
    returned: truncateFile(fs, file, operation.sizeBytes),
  }));
}
