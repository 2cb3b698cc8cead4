/** A read returns what was written last, zeros where a file has no blocks, and never what is poisoned. */
import type { FileName } from '#kernel/subsystem/operation.ts';
import { POISON_CELL_BYTES } from '#machine/hardware/memory.ts';
import { PAGE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import { eachRefusedByte } from '../refused-bytes.ts';
import { piecesOf } from '../ranges.ts';
import { type JudgedStep, pagesOf } from '../step.ts';
import type { Piece } from '../versions.ts';
import { filePartsOf } from '../writes.ts';

/** Holds the bytes that the operation read, if it did, to the model. */
export function checkRead(step: JudgedStep): void {
  const { state, operation, outcome } = step;
  const { data } = outcome.result;
  if (data === undefined || step.isFailed) return;
  if (operation.kind === 'dax read' || operation.kind === 'load') checkFile(step, operation, data);
  else checkPieces(step, piecesOf(state, operation), data, 0);
}

function checkPieces(step: JudgedStep, pieces: readonly Piece[], data: Uint8Array, at: number): void {
  for (const piece of pieces) {
    if (piece.space.isMemory) checkPoison(step, piece);
    for (const { page, from, to, done } of pagesOf(piece))
      eachRefusedByte(page, { from, to }, data, at + done, 'read', ({ offset, version }) =>
        step.find('read', version?.operation ?? -1, page.index * PAGE_SIZE_BYTES + offset, piece.space),
      );
  }
}

function checkPoison(step: JudgedStep, { address, length }: Piece): void {
  for (const cell of step.state.before.poisonedCells)
    if (cell >= roundDown(address, POISON_CELL_BYTES) && cell < address + length)
      step.find('poison as data', step.index, cell);
}

/** Blocks hold what was written; what has none reads as zeros. */
function checkFile(
  step: JudgedStep,
  { file, offset }: { readonly file: FileName; readonly offset: number },
  data: Uint8Array,
): void {
  const { state } = step;
  const checkHole = (from: number, to: number): void => {
    const place = `${file.disk}:${file.path}`;
    for (let at = from; at < to; at++)
      if (data[at] !== 0) step.findings.add('read', step.index, -1, { disk: place, offset: offset + at });
  };
  let end = 0;
  for (const part of filePartsOf(state, state.fileAfter(file), offset, offset + data.length)) {
    const start = part.position - offset;
    checkHole(end, start);
    checkPieces(step, part.pieces, data, start);
    end = start + part.length;
  }
  checkHole(end, data.length);
}
