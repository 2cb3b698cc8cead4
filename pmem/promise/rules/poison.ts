/**
 * Poison: what is written over it is lost while it is bad, a write over reported poison succeeds only when it has cleared
 * it, and where no sector is bad nothing may be refused.
 */
import { EFAULT, EIO } from '#kernel/errno.ts';
import { SECTOR_SIZE } from '#kernel/block/bio.ts';
import { POISON_CELL_BYTES } from '#machine/hardware/memory.ts';
import { PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import { disksBelow } from '../locate.ts';
import { piecesOf } from '../ranges.ts';
import type { JudgedStep } from '../step.ts';
import type { Piece } from '../versions.ts';

/** Operations whose driver clears what it is asked to write over. */
const CLEARING: ReadonlySet<string> = new Set(['bio write', 'page write', 'zeroout']);

/** Poison that is still there swallows what was written over it. */
export function checkWrittenOver(step: JudgedStep): void {
  const { state, index, operation } = step;
  const { poisonedCells } = state.after;
  if (poisonedCells.length === 0) return;
  for (const { space, written } of step.own) {
    if (!space.isMemory) continue;
    const start = written.page.index * PAGE_SIZE_BYTES + written.version.from;
    const end = start + written.version.to - written.version.from;
    for (const cell of poisonedCells) {
      if (cell + POISON_CELL_BYTES <= start || cell >= end) continue;
      if (!step.isFailed && CLEARING.has(operation.kind) && state.poison.isReported(cell))
        step.find('over poison', index, cell);
      state.memory.forget(cell, POISON_CELL_BYTES, index);
    }
  }
}

/** An I/O error needs a bad sector, in the range, before or after. */
export function checkRefused(step: JudgedStep): void {
  const { state, operation, outcome } = step;
  const { returned, oops } = outcome.result;
  if (oops !== undefined || (returned !== -EIO && returned !== -EFAULT) || !('disk' in operation)) return;
  const pieces = piecesOf(state, operation);
  if (pieces.length === 0 || pieces.some((piece) => !piece.space.isMemory || isBad(step, piece))) return;
  if (state.isBroken(operation.disk) || pieces.some(({ address }) => isMocked(step, address))) return;
  if (disksBelow(state.tables, operation.disk).some((disk) => state.poison.hasBadBlocksByHand(disk))) return;
  if (pieces.some((piece) => isPartOfBlock(step, piece))) return;
  const [first] = pieces;
  if (first !== undefined) step.find('refused', step.index, first.address);
}

/** Whether a piece is of no whole blocks of a shared memory segment, whose driver refuses that (memory-and-dax.md 11). */
function isPartOfBlock({ state }: JudgedStep, { address, length }: Piece): boolean {
  const isSegment = state.owed.rangeOf(address)?.name.startsWith('dcssblk') === true;
  return isSegment && (address % PAGE_SIZE_BYTES !== 0 || length % PAGE_SIZE_BYTES !== 0);
}

/** Whether the regression suite's mock serves an address: what it reports as poison is good media. */
function isMocked({ state }: JudgedStep, address: number): boolean {
  const { firmware = [], devices } = state.workload.boot;
  const range = state.owed.rangeOf(address);
  return firmware.some(({ isMock }) => isMock) && !devices.some(({ name }) => name === range?.name);
}

function isBad({ state }: JudgedStep, { address, length }: Piece): boolean {
  const [start, end] = [roundDown(address, SECTOR_SIZE), roundUp(address + length, SECTOR_SIZE)];
  return [...state.before.poisonedCells, ...state.after.poisonedCells].some(
    (cell) => cell >= start && cell < end,
  );
}
