/**
 * What an operation writes, byte by byte, as its caller may expect (POSIX write, truncate and fallocate; the block
 * layer): the versions that it adds, oldest first. A failed operation adds the same ones, which may be there or not.
 */
import type { FileLayout, FileName, Operation, OperationResult } from '#kernel/subsystem/operation.ts';
import { patternBytes, tagBytes } from '#kernel/subsystem/tag-bytes.ts';
import { PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import { blockRange, rawPieces, total } from './ranges.ts';
import type { PromiseState } from './state.ts';
import type { Piece, Route } from './versions.ts';

/** Bytes that are written to pieces of a whole. */
export interface Writing {
  readonly pieces: readonly Piece[];
  readonly bytes: Uint8Array;
  /** Place in `bytes` of the first byte of the whole. */
  readonly at: number;
  readonly route: Route;
  /** Position in the file of the first byte of the whole; -1 when it was not written through one. */
  readonly position: number;
}

const ZERO_PAGE = new Uint8Array(PAGE_SIZE_BYTES);

/** What `operation`, which came back with `result`, wrote. */
export function writingsOf(
  state: PromiseState,
  operation: Operation,
  index: number,
  result: OperationResult,
): Writing[] {
  switch (operation.kind) {
    case 'dax write': {
      const size = total(operation.vector.lengths);
      const done = isFailure(result) ? size : result.returned;
      const bytes = tagBytes(index, operation.offset, size);
      return [
        ...newBlocks(state, operation.file),
        ...toFile(state, operation.file, operation.offset, bytes, done),
      ];
    }
    case 'store': {
      const bytes = tagBytes(index, operation.offset, operation.sizeBytes);
      const data = toFile(state, operation.file, operation.offset, bytes, bytes.length);
      return [...newBlocks(state, operation.file), ...data];
    }
    case 'load':
      return newBlocks(state, operation.file);
    case 'zero':
    case 'punch':
    case 'zero in place': {
      const { file, offset, sizeBytes } = operation;
      return zeros(state, file, offset, offset + sizeBytes, operation.kind === 'zero in place');
    }
    case 'truncate': {
      const { file, sizeBytes } = operation;
      const sizeBefore = state.fileBefore(file)?.sizeBytes ?? Infinity;
      return sizeBytes < sizeBefore
        ? zeros(state, file, sizeBytes, roundUp(sizeBytes, PAGE_SIZE_BYTES), false)
        : [];
    }
    default:
      return toDisk(state, operation, index);
  }
}

export function isFailure({ returned, oops }: OperationResult): boolean {
  return returned < 0 || oops !== undefined;
}

function toDisk(state: PromiseState, operation: Operation, index: number): Writing[] {
  switch (operation.kind) {
    case 'bio write':
    case 'page write':
    case 'zeroout': {
      const { disk = '', offset = 0, length = 0 } = blockRange(operation) ?? {};
      const bytes = operation.kind === 'zeroout' ? new Uint8Array(length) : tagBytes(index, offset, length);
      const pieces = state.locate({ disk, offset, length });
      return [{ pieces, bytes, at: 0, route: { kind: 'block' }, position: -1 }];
    }
    case 'raw write': {
      const { offset, sizeBytes, pattern } = operation;
      const bytes =
        pattern === undefined ? tagBytes(index, offset, sizeBytes) : patternBytes(pattern, sizeBytes);
      return [{ pieces: rawPieces(state, operation), bytes, at: 0, route: { kind: 'raw' }, position: -1 }];
    }
    default:
      return [];
  }
}

/** A part of a file that lies in one piece on its device. */
export interface FilePart {
  readonly pieces: readonly Piece[];
  /** Position of the first byte, how many there are, and position on the device minus position in the file. */
  readonly position: number;
  readonly length: number;
  readonly delta: number;
}

/** The parts of `[position, end)` of a file that have written blocks. */
export function filePartsOf(
  state: PromiseState,
  file: FileLayout | undefined,
  position: number,
  end: number,
): FilePart[] {
  if (file === undefined) return [];
  return file.extents.flatMap(({ filePage, pageCount, devicePage, written }) => {
    const from = Math.max(position, filePage * PAGE_SIZE_BYTES);
    const length = Math.min(end, (filePage + pageCount) * PAGE_SIZE_BYTES) - from;
    if (length <= 0 || !written) return [];
    const delta = (devicePage - filePage) * PAGE_SIZE_BYTES;
    const pieces = state.locate({ disk: file.disk, offset: from + delta, length });
    return [{ pieces, position: from, length, delta }];
  });
}

function toFile(
  state: PromiseState,
  name: FileName,
  position: number,
  bytes: Uint8Array,
  length: number,
): Writing[] {
  return filePartsOf(state, state.fileAfter(name), position, position + length).map((part) => ({
    pieces: part.pieces,
    bytes,
    at: part.position - position,
    route: { kind: 'file', ...name, delta: part.delta, isFill: false },
    position: part.position,
  }));
}

/** Zeros over the parts of pages in `[position, end)`; whole pages leave the file instead, unless they are zeroed in place. */
function zeros(
  state: PromiseState,
  name: FileName,
  position: number,
  end: number,
  isInPlace: boolean,
): Writing[] {
  const found: Writing[] = [];
  for (let from = position; from < end;) {
    const to = Math.min(end, roundDown(from, PAGE_SIZE_BYTES) + PAGE_SIZE_BYTES);
    if (isInPlace || to - from < PAGE_SIZE_BYTES)
      found.push(...toFile(state, name, from, ZERO_PAGE, to - from));
    from = to;
  }
  return found;
}

/** Zeros over the pages of a file that have a written block only since this operation. */
function newBlocks(state: PromiseState, name: FileName): Writing[] {
  const [old, now] = [state.fileBefore(name), state.fileAfter(name)];
  if (now === undefined || old?.extents === now.extents) return [];
  const found: Writing[] = [];
  for (const { filePage, pageCount, devicePage, written } of now.extents) {
    // The first blocks of a file that the operation itself made were written long ago.
    if (!written || (old === undefined && filePage === now.extents[0]?.filePage)) continue;
    for (let page = filePage; page < filePage + pageCount; page++) {
      if (old?.extents.some((extent) => extent.written && covers(extent, page)) === true) continue;
      const offset = (devicePage + page - filePage) * PAGE_SIZE_BYTES;
      const delta = (devicePage - filePage) * PAGE_SIZE_BYTES;
      const pieces = state.locate({ disk: name.disk, offset, length: PAGE_SIZE_BYTES });
      const route = { kind: 'file', ...name, delta, isFill: true } as const;
      found.push({ pieces, bytes: ZERO_PAGE, at: 0, route, position: page * PAGE_SIZE_BYTES });
    }
  }
  return found;
}

function covers({ filePage, pageCount }: { filePage: number; pageCount: number }, page: number): boolean {
  return page >= filePage && page < filePage + pageCount;
}
