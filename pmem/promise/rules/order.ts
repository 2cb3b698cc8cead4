/**
 * PREFLUSH is a barrier: no image of a write in flight has new data of it without what was acknowledged earlier on its
 * disk. Two contents of two words are in one image when they are possible at a common level, and words that block
 * writes store to and words that they wait for never share a line.
 */
import type { LevelSpan } from '#machine/order/crash-view.ts';
import { WordContents } from '#machine/images/word-contents.ts';
import { at } from '#machine/order/store-pieces.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { tagBytes } from '#kernel/subsystem/tag-bytes.ts';
import { lengthOf } from '../locate.ts';
import { coverageOf } from '../promises.ts';
import { piecesOf } from '../ranges.ts';
import { eachRefusedByte, refuse } from '../refused-bytes.ts';
import { type JudgedStep, pagesOf } from '../step.ts';
import { addressOf, type Page, type PendingVersion, type Piece, type Version } from '../versions.ts';

/** A word that was to be there first, and the levels at which it may be missing. */
interface Stale {
  readonly address: number;
  readonly writer: number;
  readonly spans: readonly LevelSpan[];
}

/** Holds a write with PREFLUSH and data to the barrier, before the model knows of its data. */
export function checkOrder(step: JudgedStep): void {
  const { state, operation, outcome } = step;
  if (operation.kind !== 'bio write' || !operation.preflush || !state.isCacheOn(operation.disk)) return;
  const { disk, offset } = operation;
  // What was refused before it began has no data.
  if (outcome.counts.storesCached + outcome.counts.storesNonTemporal === 0) return;
  const pieces = piecesOf(state, operation);
  if (pieces.length === 0 || pieces.some(({ space }) => !space.isMemory)) return;
  const covers = coverageOf(state, { of: 'earlier blocks', disk }, step.index);
  const covered = state.memory.pending.filter((pending) => {
    const address = addressOf(pending);
    const { isMaybe, operation: writer } = pending.version;
    return !isMaybe && writer !== step.rival && covers(pending.version, address) && state.isOwed(address);
  });
  if (covered.length === 0 || waitsForAll(step, covered)) return;
  const contents = new WordContents(step.history.inFlight(outcome.acknowledgement));
  const stale = staleWords(contents, covered, pieces);
  if (stale.length === 0) return;
  const data = tagBytes(step.index, offset, lengthOf(pieces));
  const fresh = pieces.flatMap((piece) => newSpans(contents, piece, data));
  for (const { address, writer, spans } of stale)
    if (spans.some((span) => fresh.some((other) => other.from <= span.to && span.from <= other.to)))
      step.find('order', writer, address);
}

/**
 * Whether all that the covered lines have undecided must be there before anything that the write stores, and what it leaves there is
 * allowed: then no image needs to be looked at, which is how it is on a kernel that keeps the order.
 */
function waitsForAll(step: JudgedStep, covered: readonly PendingVersion[]): boolean {
  const { history, outcome, newest } = step;
  const { acknowledgements, pieces } = history.order;
  const place = outcome.acknowledgement;
  const [before, own] = [acknowledgements[place - 1], acknowledgements[place]];
  if (before === undefined || own === undefined) return false;
  let level = Infinity;
  for (let piece = before.pieceCount; piece < own.pieceCount; piece++)
    level = Math.min(level, at(pieces.levels, piece));
  const open = history.openAt(place - 1);
  for (let index = 0; index < open.length; index++) {
    const piece = open[index] ?? 0;
    if (at(pieces.requiredFrom, piece) <= level) continue;
    const line = roundDown(pieces.addressOfWord(at(pieces.words, piece)), LINE_SIZE_BYTES);
    if (covered.some((pending) => reachesLine(pending, line))) return false;
  }
  return !covered.some(({ page, version }) => holdsOlder(page, version, newest.page(page.index)));
}

function reachesLine(pending: PendingVersion, line: number): boolean {
  const start = addressOf(pending);
  const length = pending.version.to - pending.version.from;
  return start < line + LINE_SIZE_BYTES && start + length > line;
}

/** Whether a page holds less than a version and those over it. */
function holdsOlder(page: Page, version: Version, held: Uint8Array): boolean {
  let isOlder = false;
  version.isDurable = true;
  eachRefusedByte(page, version, held, version.from, 'power failure', (refused) => {
    isOlder ||= refused.isOlder;
  });
  version.isDurable = false;
  return isOlder;
}

/** The words of covered versions that may still lack them; what the write itself overwrites aside. */
function staleWords(
  contents: WordContents,
  covered: readonly PendingVersion[],
  own: readonly Piece[],
): Stale[] {
  const isOwn = (address: number): boolean =>
    own.some((piece) => address >= piece.address && address < piece.address + piece.length);
  // Only what is undecided may come later than the write.
  const { openLines } = contents.set;
  const mayLack = (address: number): boolean =>
    openLines.piecesAt(roundDown(address, LINE_SIZE_BYTES)).length > 0 && !isOwn(address);
  const words = covered.flatMap(({ page, version }) =>
    pendingWords(page, version).filter(({ address }) => mayLack(address)),
  );
  // What may be missing without this barrier as well is no business of it.
  const known = words.map(({ page, word, address }) =>
    contents.at(address).map(({ bytes }) => isStale(page, word, bytes)),
  );
  for (const { version } of covered) version.isDurable = true;
  const found = words.flatMap(({ page, word, address, writer }, index): Stale[] => {
    const bad = contents
      .at(address)
      .filter(({ bytes }, place) => known[index]?.[place] !== true && isStale(page, word, bytes));
    return bad.length === 0 ? [] : [{ address, writer, spans: bad.flatMap(({ spans }) => spans) }];
  });
  for (const { version } of covered) version.isDurable = false;
  return found;
}

/** The words of a version: where each begins in its page and in memory, and who wrote it. */
function pendingWords(page: Page, { from, to, operation }: PendingVersion['version']) {
  const words: { page: Page; word: number; address: number; writer: number }[] = [];
  for (let word = roundDown(from, WORD_SIZE_BYTES); word < to; word += WORD_SIZE_BYTES)
    words.push({ page, word, address: page.index * PAGE_SIZE_BYTES + word, writer: operation });
  return words;
}

function isStale(page: Page, word: number, bytes: Uint8Array): boolean {
  return bytes.some((value, offset) => refuse(page, word + offset, value, 'power failure')?.isOlder === true);
}

/** The levels at which bytes of the write may be there that could not be without it. */
function newSpans(contents: WordContents, piece: Piece, data: Uint8Array): LevelSpan[] {
  const found: LevelSpan[] = [];
  for (const { page, from, to, done } of pagesOf(piece)) {
    const isNew = (offset: number, value: number | undefined): boolean => {
      const written = data[done + offset - from];
      return (
        value === written &&
        written !== undefined &&
        refuse(page, offset, written, 'power failure') !== undefined
      );
    };
    for (let word = from; word < to; word += WORD_SIZE_BYTES)
      for (const { bytes, spans } of contents.at(page.index * PAGE_SIZE_BYTES + word))
        if (bytes.some((value, offset) => isNew(word + offset, value))) found.push(...spans);
  }
  return found;
}
