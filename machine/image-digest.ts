/**
 * The digest of an image set: the hash of its minimal image plus, without order, one term per piece that may still
 * be missing. The term hashes two images relative to the minimal one: the least image that holds the piece, and the
 * same without it. Contents are hashed with a version per word (which change of the word they are), so that a word
 * that takes an old content again does not look like the old one. Pieces that change nothing add nothing.
 */
import { type BaseStep, CellTerms } from './image-digest-cells.ts';
import { LoneWords } from './image-digest-words.ts';
import { addBytes, HashSum, wordPlace } from './image-hash.ts';
import { type CrashView, isRequired, wordContents } from './crash-view.ts';
import { cellsOf } from './line-cells.ts';
import { at, PAGE_WORDS } from './store-pieces.ts';

/** See `ImageSet.digest`. */
export function digestOf(view: CrashView): string {
  const words = new LoneWords(view);
  const cells = cellsOf(view, words.others).map((cell) => new CellTerms(cell));
  const steps = cells.flatMap((cell) => cell.baseSteps);
  const bases = new BaseHashes([...steps, ...words.baseSteps()], view.levels.from);
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

/** Hash (a copy) of the minimal image relative to the initial media. */
export function requiredHash(view: CrashView): HashSum {
  const sum = new HashSum();
  const noted = view.drainedLevels === undefined ? view.order.hashAt(view.levels.from) : undefined;
  if (noted !== undefined) {
    sum.copyFrom(noted);
    return sum;
  }
  const seen = new Set<number>();
  const { pieces } = view.order;
  for (let piece = 0; piece < view.pieceCount; piece++) {
    const word = at(pieces.words, piece);
    if (seen.has(word)) continue;
    seen.add(word);
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

  constructor(steps: BaseStep[], from: number) {
    steps.sort((left, right) => left.level - right.level);
    const running = new HashSum();
    let level = from;
    for (const step of steps) {
      if (step.level !== level) this.#note(level, running);
      level = step.level;
      running.add(step.step);
    }
    this.#note(level, running);
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
