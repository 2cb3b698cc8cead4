/**
 * The set of images one power failure may leave, without listing it: a union over levels of products over cells
 * (persistency.md 4.3), each cell a list of contents with the levels at which they are possible. Everything here
 * speaks about contents, not about stores, so two runs that cut the same bytes differently compare equal.
 */
import { countUnion } from './image-count.ts';
import { digestOf } from './image-digest.ts';
import type { CellContent } from './cell-contents.ts';
import {
  type CrashView,
  isRequired,
  type LevelSpan,
  newestPieceOf,
  touchedWords,
  wordContents,
  wordWriters,
} from '../order/crash-view.ts';
import { type Cell, cellsOf } from './line-cells.ts';
import type { MediaImage } from '../hardware/memory.ts';
import { OpenLines, undecidedLines } from '../order/open-lines.ts';
import { PAGE_WORDS } from '../order/store-pieces.ts';
import { isWordByWord, WordChain } from './word-chain.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** Contents of aligned 8-byte words by byte address; every other word holds what the initial media holds. */
export type SparseImage = ReadonlyMap<number, Uint8Array>;

/** Byte address and contents of an aligned 8-byte word. */
export type ImageWord = readonly [address: number, bytes: Uint8Array];

/** Bytes from address `start` up to `end`, exclusive. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

export class ImageSet {
  readonly view: CrashView;
  #cells: readonly Cell[] | undefined;
  #cellOfWord: ReadonlyMap<number, Cell> | undefined;
  #openLines: OpenLines | undefined;
  #digest: string | undefined;

  constructor(view: CrashView) {
    this.view = view;
  }

  /** The undecided cells; words in none of them have one content in every image. */
  get cells(): readonly Cell[] {
    this.#cells ??= cellsOf(this.view);
    return this.#cells;
  }

  /** The undecided part line by line, without cells. */
  get openLines(): OpenLines {
    this.#openLines ??= new OpenLines(this.view.order.pieces, this.view.openPieces);
    return this.#openLines;
  }

  /**
   * 32 hexadecimal digits. Equal digests mean equal sets (of runs from equal initial media, up to chance). Equal
   * sets have equal digests as long as no word takes a content twice and the runs store to each word in the same
   * order; otherwise unequal digests say nothing and `relate` decides.
   */
  get digest(): string {
    this.#digest ??= digestOf(this.view);
    return this.#digest;
  }

  /** How many distinct images there are. Exact. Throws `RangeError` when repeated contents make that too costly. */
  count(): bigint {
    return countUnion(this.cells, this.view.levels);
  }

  /** Binary logarithm of `count()`. */
  log2Count(): number {
    const digits = this.count().toString(16);
    const head = digits.slice(0, 12);
    return Math.log2(Number.parseInt(head, 16)) + 4 * (digits.length - head.length);
  }

  /** Whether there is only one image. */
  isSingle(): boolean {
    return this.cells.every((cell) => cell.contents().length === 1);
  }

  /** The image with nothing but what must have persisted. */
  minimalImage(): SparseImage {
    return new Map(this.minimalWords());
  }

  /** The image with every store persisted. */
  maximalImage(): SparseImage {
    return new Map(this.maximalWords());
  }

  /** The words of the minimal image one after another, for images too large to hold as a map. */
  minimalWords(): Iterable<ImageWord> {
    return this.#wordsWith((piece) => isRequired(this.view, piece));
  }

  /** The words of the maximal image, likewise. */
  maximalWords(): Iterable<ImageWord> {
    return this.#wordsWith(() => true);
  }

  /** Whether a power failure may leave exactly `image`. */
  contains(image: SparseImage): boolean {
    for (const word of this.touchedWords()) {
      const address = this.view.order.pieces.addressOfWord(word);
      if (this.cellOfWord(address) !== undefined) continue;
      if (!sameBytes(this.requiredContent(address), image.get(address) ?? this.initialContent(address)))
        return false;
    }
    for (const [address, bytes] of image)
      if (!this.isTouched(address) && !sameBytes(bytes, this.initialContent(address))) return false;
    let spans: readonly LevelSpan[] = [this.view.levels];
    for (const cell of this.cells) {
      const content = contentIn(cell, (address) => image.get(address) ?? this.initialContent(address));
      spans = intersectSpans(spans, content?.spans ?? []);
    }
    return spans.length > 0;
  }

  /** The bytes that are not the same in all images, in ranges that do not touch, ascending. */
  *uncertainRanges(): Generator<ByteSpan> {
    let pending: { start: number; end: number } | undefined;
    for (const { address, mask } of this.#uncertainWords()) {
      for (let byte = 0; byte < WORD_SIZE_BYTES; byte++) {
        if ((mask & (1 << byte)) === 0) continue;
        if (pending?.end === address + byte) {
          pending.end++;
          continue;
        }
        if (pending !== undefined) yield pending;
        pending = { start: address + byte, end: address + byte + 1 };
      }
    }
    if (pending !== undefined) yield pending;
  }

  /** Words with bytes that are not the same in all images, ascending; bit i of `mask` stands for byte i. */
  *#uncertainWords(): Generator<{ readonly address: number; readonly mask: number }> {
    const chain = new WordChain();
    for (const line of undecidedLines(this.openLines)) {
      const pieces = this.openLines.piecesAt(line);
      const byWord = isWordByWord(this.view, pieces);
      let cells: readonly Cell[] | undefined;
      for (let address = line; address < line + LINE_SIZE_BYTES; address += WORD_SIZE_BYTES) {
        const mask =
          byWord && chain.read(this.view, pieces, this.wordAt(address) ?? 0)
            ? chain.differingBytes()
            : differingBytes((cells ??= cellsOf(this.view, pieces)), address);
        if (mask !== 0) yield { address, mask };
      }
    }
  }

  /** The cell that holds the word at `address`, if its content is undecided. */
  cellOfWord(address: number): Cell | undefined {
    this.#cellOfWord ??= new Map(
      this.cells.flatMap((cell) => cell.words.map((word) => [word.address, cell] as const)),
    );
    return this.#cellOfWord.get(address);
  }

  /** What must be in the word at `address` at least: its content in the minimal image. */
  requiredContent(address: number): Uint8Array {
    const word = this.wordAt(address);
    if (word === undefined) return this.initialContent(address);
    return wordContents(this.view, word, (piece) => isRequired(this.view, piece));
  }

  /** The record entries that wrote the bytes of the word at `address` in the minimal image. */
  requiredWriters(address: number): (number | undefined)[] {
    const word = this.wordAt(address);
    if (word === undefined) return Array.from({ length: WORD_SIZE_BYTES }, () => undefined);
    const writers = wordWriters(this.view, word, (piece) => isRequired(this.view, piece));
    return writers.map((piece) => entryOf(this.view, piece));
  }

  /** What the word held before the run. */
  initialContent(address: number): Uint8Array {
    return initialWord(this.view.order.source.initialMedia, address);
  }

  /** Words that the run has stored to so far, in order of first store. */
  touchedWords(): number[] {
    return [...touchedWords(this.view)];
  }

  /** Whether the word at `address` may hold more than it must. */
  isOpen(address: number): boolean {
    const word = this.wordAt(address);
    return this.openLines.piecesAt(address).some((piece) => this.view.order.pieces.words[piece] === word);
  }

  isTouched(address: number): boolean {
    const word = this.wordAt(address);
    return word !== undefined && newestPieceOf(this.view, word) >= 0;
  }

  /** The number of the word at `address` in the table of pieces; undefined when the run stored nothing to its page. */
  wordAt(address: number): number | undefined {
    const slot = this.view.order.slotOfPage(Math.floor(address / PAGE_SIZE_BYTES));
    return slot === undefined ? undefined : slot * PAGE_WORDS + (address % PAGE_SIZE_BYTES) / WORD_SIZE_BYTES;
  }

  *#wordsWith(isIn: (piece: number) => boolean): Generator<ImageWord> {
    for (const word of touchedWords(this.view))
      yield [this.view.order.pieces.addressOfWord(word), wordContents(this.view, word, isIn)];
  }
}

/** The content of `cell` that gives its words the bytes that `read` returns, if there is one. */
export function contentIn(cell: Cell, read: (address: number) => Uint8Array): CellContent | undefined {
  const wanted = new Uint8Array(cell.words.length * WORD_SIZE_BYTES);
  for (const [index, { address }] of cell.words.entries()) wanted.set(read(address), index * WORD_SIZE_BYTES);
  return cell.contentWith(wanted);
}

/** Levels that lie in both lists of spans. */
export function intersectSpans(left: readonly LevelSpan[], right: readonly LevelSpan[]): LevelSpan[] {
  const found: LevelSpan[] = [];
  for (const one of left) {
    for (const other of right) {
      const span = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
      if (span.from <= span.to) found.push(span);
    }
  }
  return found;
}

/** The record entries that wrote the bytes of one word of a cell under `content`. */
export function writersOf(cell: Cell, content: CellContent, wordIndex: number): (number | undefined)[] {
  const word = cell.words[wordIndex];
  if (word === undefined)
    throw new RangeError(`a cell of ${cell.words.length} words has no word ${wordIndex}`);
  const writers = wordWriters(
    cell.view,
    word.word,
    (piece) => isRequired(cell.view, piece) || cell.isMember(content, piece),
  );
  return writers.map((piece) => entryOf(cell.view, piece));
}

/** A copy of `initialMedia` with `image` on it, to boot from. Pages that `image` leaves alone are shared. */
export function materialise(initialMedia: MediaImage, image: Iterable<ImageWord>): MediaImage {
  const pages = new Map(initialMedia);
  const copied = new Set<number>();
  for (const [address, bytes] of image) {
    const index = Math.floor(address / PAGE_SIZE_BYTES);
    if (!copied.has(index)) pages.set(index, pages.get(index)?.slice() ?? new Uint8Array(PAGE_SIZE_BYTES));
    copied.add(index);
    pages.get(index)?.set(bytes, address % PAGE_SIZE_BYTES);
  }
  return pages;
}

/** The 8 bytes of the aligned word at `address`. */
export function initialWord(media: MediaImage, address: number): Uint8Array {
  const offset = address % PAGE_SIZE_BYTES;
  const page = media.get(roundDown(address, PAGE_SIZE_BYTES) / PAGE_SIZE_BYTES);
  return page?.slice(offset, offset + WORD_SIZE_BYTES) ?? new Uint8Array(WORD_SIZE_BYTES);
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** The bytes of the word at `address` that are not the same in all contents of its cell among `cells`, as bits. */
function differingBytes(cells: readonly Cell[], address: number): number {
  for (const cell of cells) {
    const index = cell.words.findIndex((word) => word.address === address);
    if (index < 0) continue;
    const [least, ...others] = cell.contents();
    let mask = 0;
    for (let byte = 0; byte < WORD_SIZE_BYTES; byte++) {
      const place = index * WORD_SIZE_BYTES + byte;
      if (others.some(({ bytes }) => bytes[place] !== least?.bytes[place])) mask |= 1 << byte;
    }
    return mask;
  }
  return 0;
}

function entryOf(view: CrashView, piece: number): number | undefined {
  return piece < 0 ? undefined : view.order.pieces.entries[piece];
}
