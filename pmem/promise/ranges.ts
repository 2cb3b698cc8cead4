/** Which part of a disk or a namespace an operation reads or writes. */
import type { Operation } from '#kernel/subsystem/operation.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type DiskRange, lengthOf } from './locate.ts';
import type { PromiseState } from './state.ts';
import type { Piece } from './versions.ts';

export const total = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);

/** The part of a disk that `operation` asks the block layer for. */
export function blockRange(operation: Operation): DiskRange | undefined {
  switch (operation.kind) {
    case 'bio read':
    case 'bio write':
      return { disk: operation.disk, offset: operation.offset, length: total(operation.lengths) };
    case 'page read':
    case 'page write':
      return { disk: operation.disk, offset: operation.offset, length: PAGE_SIZE_BYTES };
    case 'zeroout':
      return { disk: operation.disk, offset: operation.offset, length: operation.sizeBytes };
    default:
      return undefined;
  }
}

/** The bytes of a disk or a namespace that `operation` asks for; none when some of them lead nowhere. */
export function piecesOf(state: PromiseState, operation: Operation): readonly Piece[] {
  if (operation.kind === 'raw read' || operation.kind === 'raw write') return rawPieces(state, operation);
  const range = blockRange(operation);
  const pieces = range === undefined ? [] : state.locate(range);
  return lengthOf(pieces) === (range?.length ?? 0) ? pieces : [];
}

/** Bytes of a namespace itself, whatever is made of it. */
export function rawPieces(
  state: PromiseState,
  { disk, offset, sizeBytes }: Extract<Operation, { kind: 'raw read' | 'raw write' }>,
): Piece[] {
  const place = state.placeOf(disk);
  if (place === undefined || offset + sizeBytes > place.namespaceBytes) return [];
  const [space, address] =
    place.namespaceStart < 0
      ? [state.disks.spaceOf(place), offset]
      : [state.memory, place.namespaceStart + offset];
  return [{ space, address, length: sizeBytes, done: 0, chain: [disk] }];
}
