/**
 * The digest of an image set: the hash of its minimal image plus, without order, one term per piece that may still
 * be missing. The term hashes two images relative to the minimal one: the least image that holds the piece, and the
 * same without it. Contents are hashed with a version per word (which change of the word they are), so that a word
 * that takes an old content again does not look like the old one. Pieces that change nothing add nothing.
 */
import { type BaseStep, CellTerms } from './image-digest-cells.ts';
import { ChainedWords, type DigestParts, digestParts } from './image-digest-words.ts';
import { addBytes, HashSum, wordPlace } from '../order/image-hash.ts';
import { type CrashView, isRequired, touchedWords, wordContents } from '../order/crash-view.ts';
import { cellsOf } from './line-cells.ts';
import { OpenLines, undecidedLines } from '../order/open-lines.ts';
import { PAGE_WORDS } from '../order/store-pieces.ts';

/** See `ImageSet.digest`. How the pieces are divided makes no difference but time. */
export function digestOf(view: CrashView, { chained, others }: DigestParts = digestParts(view)): string {
  const words = new ChainedWords(view, chained);
  const cells = cellTerms(view, others);
  const bases = new BaseHashes(view.levels.from);
  bases.add(words.baseSteps());
  for (const cell of cells) bases.add(cell.baseSteps);
  bases.close();
  const total = new HashSum();
  const sum = requiredHash(view);
  total.addPair(sum, sum);
  for (const cell of cells) {
    for (const term of cell.terms) {
      const before = bases.copyAt(term.level);
      const upper = new HashSum();
      upper.copyFrom(before);
      before.add(term.without);
      upper.add(term.with);
      total.addPair(before, upper);
    }
  }
  words.addTo(total, (level) => bases.copyAt(level));
  return total.toString();
}

/** Above this many pieces the terms of cells are worked out each time they are gone through, and not held. */
const PIECES_HELD_MAX = 1 << 16;

/** The terms of the cells that `openPieces` make. */
function cellTerms(view: CrashView, openPieces: Int32Array): Iterable<CellTerms> {
  const lines = new OpenLines(view.order.pieces, openPieces);
  function* termsByLine(): Generator<CellTerms> {
    for (const line of undecidedLines(lines))
      for (const cell of cellsOf(view, lines.piecesAt(line))) yield new CellTerms(cell);
  }
  return openPieces.length > PIECES_HELD_MAX ? { [Symbol.iterator]: termsByLine } : [...termsByLine()];
}

/** Hash (a copy) of the minimal image relative to the initial media. */
export function requiredHash(view: CrashView): HashSum {
  const sum = new HashSum();
  const noted = view.drainedLevels === undefined ? view.order.hashAt(view.levels.from) : undefined;
  if (noted !== undefined) {
    sum.copyFrom(noted);
    return sum;
  }
  const { pieces } = view.order;
  for (const word of touchedWords(view)) {
    const place = wordPlace(pieces.pageOfWord(word).place, word % PAGE_WORDS);
    addBytes(
      sum,
      place,
      wordContents(view, word, () => false),
      0,
      0,
      -1,
    );
    addBytes(
      sum,
      place,
      wordContents(view, word, (other) => isRequired(view, other)),
      0,
      0,
      1,
    );
  }
  return sum;
}

/** Hash of each level's base, relative to the first level's. */
class BaseHashes {
  readonly #levels: number[] = [];
  readonly #sums: HashSum[] = [];
  readonly #from: number;
  readonly #steps = new Map<number, HashSum>();

  constructor(from: number) {
    this.#from = from;
  }

  add(steps: readonly BaseStep[]): void {
    for (const { level, step } of steps) {
      let known = this.#steps.get(level);
      if (known === undefined) this.#steps.set(level, (known = new HashSum()));
      known.add(step);
    }
  }

  /** Sums up the steps, all of which have been added. */
  close(): void {
    const running = new HashSum();
    this.#note(this.#from, running);
    for (const level of [...this.#steps.keys()].sort((left, right) => left - right)) {
      running.add(this.#steps.get(level) ?? running);
      this.#note(level, running);
    }
  }

  copyAt(level: number): HashSum {
    let low = 0;
    let high = this.#levels.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#levels[middle] ?? 0) <= level) low = middle;
      else high = middle - 1;
    }
    const copy = new HashSum();
    const found = this.#sums[low];
    if (found !== undefined) copy.copyFrom(found);
    return copy;
  }

  #note(level: number, running: HashSum): void {
    const copy = new HashSum();
    copy.copyFrom(running);
    this.#levels.push(level);
    this.#sums.push(copy);
  }
}
