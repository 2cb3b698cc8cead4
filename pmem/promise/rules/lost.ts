/**
 * Where an operation promised, no image may hold older bytes: every value that a promised byte has in some image is one
 * that the model allows. A disk that promises each write when it returns may leave nothing of it undecided.
 */
import { eachByteValue } from '#machine/images/byte-values.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { eachRefusedByte, refuse } from '../refused-bytes.ts';
import type { JudgedStep } from '../step.ts';
import { storedSpans } from '../stored-bytes.ts';
import type { PendingVersion } from '../versions.ts';
import { isReserved } from './stores.ts';

/** Holds the images of the acknowledgement to the versions that it made durable. */
export function checkPromised(step: JudgedStep, promised: readonly PendingVersion[]): void {
  for (const pending of promised) {
    const { page, version } = pending;
    const start = page.index * PAGE_SIZE_BYTES;
    if (isReserved(step.state.ownerOf(start + version.from), start + version.from)) continue;
    if (step.acked.view.openPieces.length === 0) checkDecided(step, pending, version.from, version.to);
    else checkLines(step, pending);
  }
}

/** Runs of lines without undecided bytes are held to the model as one. */
function checkLines(step: JudgedStep, pending: PendingVersion): void {
  const { page, version } = pending;
  const start = page.index * PAGE_SIZE_BYTES;
  const { openLines } = step.acked;
  let from = version.from;
  for (let line = roundDown(version.from, LINE_SIZE_BYTES); line < version.to; line += LINE_SIZE_BYTES) {
    if (openLines.piecesAt(start + line).length === 0) continue;
    const [first, end] = [Math.max(line, version.from), Math.min(line + LINE_SIZE_BYTES, version.to)];
    checkDecided(step, pending, from, first);
    checkUndecided(step, pending, first, end);
    from = end;
  }
  checkDecided(step, pending, from, version.to);
}

/** Bytes that are the same in all images: what was stored last. */
function checkDecided(step: JudgedStep, { page }: PendingVersion, from: number, to: number): void {
  const held = step.newest.page(page.index);
  eachRefusedByte(page, { from, to }, held, from, 'power failure', ({ offset, version, isOlder }) =>
    step.find(isOlder ? 'lost' : 'wrong', version?.operation ?? -1, page.index * PAGE_SIZE_BYTES + offset),
  );
}

function checkUndecided(step: JudgedStep, { page }: PendingVersion, from: number, to: number): void {
  const start = page.index * PAGE_SIZE_BYTES;
  for (let word = roundDown(from, WORD_SIZE_BYTES); word < to; word += WORD_SIZE_BYTES)
    eachByteValue(step.acked, start + word, (offset, value) => {
      const at = word + offset;
      if (at < from || at >= to) return;
      const refused = refuse(page, at, value, 'power failure');
      if (refused === undefined) return;
      step.find(refused.isOlder ? 'lost' : 'wrong', refused.version?.operation ?? -1, start + at);
    });
}

/** Holds a write to a BTT or to block windows to being there for good when it has returned. */
export function checkSynchronous(step: JudgedStep): void {
  const { state, outcome } = step;
  const isOwed = step.own.some(({ space, written }) => !space.isMemory && written.version.isDurable);
  if (!isOwed || step.acked.view.openPieces.length === 0) return;
  const { record } = state.life.subsystem.machine;
  for (const { start, end } of storedSpans(record, outcome.entries.from, outcome.entries.to)) {
    if (!isReserved(state.ownerOf(start), start)) continue;
    for (let word = roundDown(start, WORD_SIZE_BYTES); word < end; word += WORD_SIZE_BYTES)
      checkDecidedWord(step, word);
  }
}

function checkDecidedWord(step: JudgedStep, word: number): void {
  const values: number[] = [];
  eachByteValue(step.acked, word, (offset, value) => {
    const first = (values[offset] ??= value);
    if (value !== first) step.find('synchronous', step.index, word + offset);
  });
}
