/**
 * The operations that are swept, and one case of each: what is done at a place, with what it needs there before it and the
 * sync that promises it.
 */
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import type { VectorShape } from '#kernel/subsystem/operation.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import type { Step } from '../language/workload.ts';
import type { Readable, Split } from './edges.ts';
import type { SweepCase } from './row.ts';

/** How the bytes get there. Sizes of the last five count in sectors. */
export const SWEPT_OPERATIONS = [
  'dax write iov',
  'dax write kvec',
  'dax write bvec',
  'dax write pipe',
  'zero',
  'punch',
  'zero-in-place',
  'store',
  'raw write',
  'raw write atomic',
  'bio write',
  'zeroout',
  'page write',
  'btt 512',
  'btt 4096',
] as const;
export type SweptOperation = (typeof SWEPT_OPERATIONS)[number];

/** How a case is promised: by itself, or by what follows it. */
export const WAYS = ['by itself', 'by a sync'] as const;
export type Way = (typeof WAYS)[number];

/** What one case is, its place aside. */
export interface CaseShape {
  readonly operation: SweptOperation;
  readonly disk: string;
  readonly way: Way;
  readonly split: Split;
  readonly start: number | undefined;
  readonly readable: Readable;
}

/** Whether an operation works in whole sectors. */
export const isOfSectors = (operation: SweptOperation): boolean =>
  ['bio write', 'zeroout', 'page write', 'btt 512', 'btt 4096'].includes(operation);

/** Lines of the workload that an operation needs before any case. */
export function setupOf(operation: SweptOperation): string[] {
  if (operation === 'raw write' || operation === 'raw write atomic') return ['detach pmem0'];
  if (operation === 'btt 512' || operation === 'btt 4096') return [`personality pmem0 ${operation}`];
  return [];
}

/** Boot word of the device in place of the machine's own, where an operation needs one. */
export const deviceOf = (operation: SweptOperation): string | undefined =>
  operation.startsWith('btt') ? 'pmem0=17MHINTS' : undefined;

/** The case of `shape` at byte `at`; nothing where the shape makes no sense for the size. */
export function caseAt(shape: CaseShape, at: number, sizeBytes: number): SweepCase | undefined {
  const { operation, disk } = shape;
  const file = { disk, path: '/f' };
  switch (operation) {
    case 'dax write iov':
    case 'dax write kvec':
    case 'dax write bvec':
    case 'dax write pipe':
      return writeAt(shape, at, sizeBytes);
    case 'zero':
    case 'punch':
    case 'zero-in-place': {
      if (sizeBytes === 0) return undefined;
      const kind = operation === 'zero-in-place' ? 'zero in place' : operation;
      return {
        needs: [oldData(disk, at, sizeBytes)],
        steps: [
          { kind, file, offset: at, sizeBytes },
          { kind: 'fsync', file },
        ],
      };
    }
    case 'store':
      if (sizeBytes === 0) return undefined;
      return plain(
        { kind: 'store', file, process: 'A', offset: at, sizeBytes },
        syncOf(shape, at, sizeBytes),
      );
    case 'raw write':
    case 'raw write atomic':
      return plain({
        kind: 'raw write',
        disk: 'pmem0',
        offset: at,
        sizeBytes,
        atomic: operation === 'raw write atomic',
      });
    default:
      return sectorsAt(shape, at, sizeBytes);
  }
}

const plain = (...steps: readonly Step[]): SweepCase => ({ needs: [], steps });

/** Data that lies under what is zeroed and in its lines around it. */
function oldData(disk: string, at: number, sizeBytes: number): Step {
  const offset = roundDown(at, LINE_SIZE_BYTES);
  const lengths = [roundUp(at + sizeBytes, LINE_SIZE_BYTES) - offset];
  return {
    kind: 'dax write',
    file: { disk, path: '/f' },
    offset,
    vector: { kind: 'kvec', lengths },
    sync: true,
  };
}

/** A sync of the whole file; by itself (a store has no sync of its own) one of its pages. */
function syncOf({ disk, way }: CaseShape, offset: number, sizeBytes: number): Step {
  const file = { disk, path: '/f' };
  return way === 'by a sync'
    ? { kind: 'fsync', file }
    : { kind: 'msync', file, offset, sizeBytes, waits: true };
}

function writeAt(shape: CaseShape, at: number, sizeBytes: number): SweepCase | undefined {
  const { operation, disk, way, split, start, readable } = shape;
  const lengths = split.cut(at, sizeBytes);
  const accessibleBytes = readable.of(at, sizeBytes);
  if (lengths === undefined || (accessibleBytes === undefined && readable.name !== 'all')) return undefined;
  const word = operation.slice('dax write '.length);
  const vector: VectorShape = {
    kind: word === 'iov' ? 'iovec' : (word as 'kvec' | 'bvec' | 'pipe'),
    lengths,
    ...(start !== undefined && { startInPage: start }),
    ...(accessibleBytes !== undefined && { accessibleBytes }),
  };
  const file = { disk, path: '/f' };
  const write: Step = { kind: 'dax write', file, offset: at, vector, sync: way === 'by itself' };
  return way === 'by itself' ? plain(write) : plain(write, { kind: 'fsync', file });
}

/** Whether memory from byte `start` of a page on has a sector over the end of a page: no driver takes that. */
const cutsSector = (start = 0, sectors: number): boolean =>
  start % SECTOR_SIZE !== 0 && start + sectors * SECTOR_SIZE > PAGE_SIZE_BYTES;

/** Block writes: `at` and `sizeBytes` are in whole sectors, and cut in whole sectors. */
function sectorsAt(shape: CaseShape, at: number, sizeBytes: number): SweepCase | undefined {
  const { operation, way, split, start } = shape;
  const isBtt = operation.startsWith('btt');
  const disk = isBtt ? 'pmem0s' : shape.disk;
  const flush: Step = { kind: 'flush', disk };
  if (operation === 'page write')
    return sizeBytes === SECTOR_SIZE ? plain({ kind: 'page write', disk, offset: at }, flush) : undefined;
  if (operation === 'zeroout')
    return {
      needs: [{ kind: 'bio write', disk, offset: at, lengths: [sizeBytes], preflush: false, fua: true }],
      steps: [{ kind: 'zeroout', disk, offset: at, sizeBytes }, flush],
    };
  const cut = split.cut(at / SECTOR_SIZE, sizeBytes / SECTOR_SIZE);
  if (cut === undefined || cut.some((sectors) => cutsSector(start, sectors))) return undefined;
  const isAlone = isBtt || way === 'by itself';
  const write: Step = {
    kind: 'bio write',
    disk,
    offset: at,
    lengths: cut.map((sectors) => sectors * SECTOR_SIZE),
    ...(start !== undefined && { startInPage: start }),
    preflush: false,
    fua: isAlone && !isBtt,
  };
  return isAlone ? plain(write) : plain(write, flush);
}
