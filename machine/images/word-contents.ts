/**
 * An image set seen through one word: the contents that an aligned 8-byte word has in some image, and the levels at
 * which each is possible. The projection is exact (a set is a union over levels of products over cells), and cheap where
 * a whole set would not be: only the cells of one line are made.
 */
import type { LevelSpan } from '../order/crash-view.ts';
import { type Cell, cellsOf } from './line-cells.ts';
import { type ImageSet, sameBytes } from './image-set.ts';
import { isWordByWord, WordChain } from './word-chain.ts';
import { LINE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** One content of a word. */
export interface WordContent {
  /** 8 bytes. */
  readonly bytes: Uint8Array;
  /** Levels (fence epochs) at which some image holds it. */
  readonly spans: readonly LevelSpan[];
}

/** Reads words of one set; words of one line one after another share the work. */
export class WordContents {
  readonly set: ImageSet;
  readonly #chain = new WordChain();
  #line = -1;
  #pieces: Int32Array = new Int32Array(0);
  #cells: readonly Cell[] | undefined;

  constructor(set: ImageSet) {
    this.set = set;
  }

  /** The distinct contents of the word at byte address `address`, a multiple of 8. Throws `RangeError` for a cell with too many. */
  at(address: number): readonly WordContent[] {
    this.#moveTo(roundDown(address, LINE_SIZE_BYTES));
    const { view } = this.set;
    const word = this.set.wordAt(address);
    if (word === undefined || !this.#pieces.some((piece) => view.order.pieces.words[piece] === word))
      return [{ bytes: this.set.requiredContent(address), spans: [view.levels] }];
    if (isWordByWord(view, this.#pieces) && this.#chain.read(view, this.#pieces, word))
      return chainContents(this.#chain);
    this.#cells ??= cellsOf(view, this.#pieces);
    return this.#cells.flatMap((cell) => contentsInCell(cell, address));
  }

  /** The cell that decides the word at `address`; `undefined` for one with a single content or a chain of its own. */
  cellAt(address: number): Cell | undefined {
    this.#moveTo(roundDown(address, LINE_SIZE_BYTES));
    if (this.#pieces.length === 0) return undefined;
    this.#cells ??= cellsOf(this.set.view, this.#pieces);
    return this.#cells.find(({ words }) => words.some((word) => word.address === address));
  }

  #moveTo(line: number): void {
    if (line === this.#line) return;
    this.#line = line;
    this.#pieces = this.set.openLines.piecesAt(line);
    this.#cells = undefined;
  }
}

function chainContents(chain: WordChain): WordContent[] {
  return Array.from({ length: chain.count }, (_, index) => {
    const bytes = new Uint8Array(WORD_SIZE_BYTES);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, chain.low[index] ?? 0, true);
    view.setInt32(4, chain.high[index] ?? 0, true);
    return { bytes, spans: [{ from: chain.from[index] ?? 0, to: chain.to[index] ?? 0 }] };
  });
}

/** The contents of one word of a cell; those of the cell that agree in the word are one. */
function contentsInCell(cell: Cell, address: number): WordContent[] {
  const index = cell.words.findIndex((word) => word.address === address);
  if (index < 0) return [];
  const found: { bytes: Uint8Array; spans: LevelSpan[] }[] = [];
  for (const { bytes, spans } of cell.contents()) {
    const own = bytes.subarray(index * WORD_SIZE_BYTES, (index + 1) * WORD_SIZE_BYTES);
    const known = found.find((content) => sameBytes(content.bytes, own));
    if (known === undefined) found.push({ bytes: own, spans: [...spans] });
    else known.spans.push(...spans);
  }
  return found;
}

/** Whether two sets allow the same contents in one word, whatever the levels. */
export function sameContents(left: readonly WordContent[], right: readonly WordContent[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ bytes }) => right.some((other) => sameBytes(bytes, other.bytes)))
  );
}

/**
 * Addresses of the words whose contents differ between two sets, ascending. Sets may differ without any such word: then
 * only the order differs in which words persist.
 */
export function differingWords(left: ImageSet, right: ImageSet): number[] {
  const addresses = new Set<number>();
  for (const set of [left, right])
    for (const word of set.touchedWords()) addresses.add(set.view.order.pieces.addressOfWord(word));
  const [here, there] = [new WordContents(left), new WordContents(right)];
  return [...addresses]
    .sort((one, other) => one - other)
    .filter((address) => !sameContents(here.at(address), there.at(address)));
}
