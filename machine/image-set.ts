/**
 * The set of images one power failure may leave, without listing it: a union over levels of products over cells
 * (persistency.md 4.3), each cell a list of contents with the levels at which they are possible. Everything here
 * speaks about contents, not about stores, so two runs that cut the same bytes differently compare equal.
 */
import { countUnion } from './image-count.ts';
import { digestOf } from './image-digest.ts';
import { type CellContent, contentKey } from './cell-contents.ts';
import { type CrashView, isRequired, type LevelSpan, wordContents, wordWriters } from './crash-view.ts';
import { type Cell, cellsOf } from './line-cells.ts';
import type { MediaImage } from './memory.ts';
import { at, PAGE_WORDS } from './store-pieces.ts';
import { PAGE_SIZE_BYTES, roundDown, WORD_SIZE_BYTES } from './units.ts';

/** Contents of aligned 8-byte words by byte address; every other word holds what the initial media holds. */
export type SparseImage = ReadonlyMap<number, Uint8Array>;

/** What one byte may hold after the power failure. */
export interface UncertainByte {
  readonly address: number;
  /** Each possible value with the record entry that stored it; `entry` undefined: not stored by this run. */
  readonly possible: readonly { readonly value: number; readonly entry: number | undefined }[];
}

export class ImageSet {
  readonly view: CrashView;
  #cells: readonly Cell[] | undefined;
  #cellOfWord: ReadonlyMap<number, Cell> | undefined;
  #slotOfPage: ReadonlyMap<number, number> | undefined;
  #digest: string | undefined;

  constructor(view: CrashView) {
    this.view = view;
  }

  /** The undecided cells; words in none of them have one content in every image. */
  get cells(): readonly Cell[] {
    this.#cells ??= cellsOf(this.view);
    return this.#cells;
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
    return this.#imageWith((piece) => isRequired(this.view, piece));
  }

  /** The image with every store persisted. */
  maximalImage(): SparseImage {
    return this.#imageWith(() => true);
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

  /** The bytes that are not the same in all images, ascending. */
  uncertainBytes(): UncertainByte[] {
    const found: UncertainByte[] = [];
    for (const cell of this.cells) found.push(...uncertainBytesOf(cell));
    return found.sort((left, right) => left.address - right.address);
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
    const word = this.#wordAt(address);
    if (word === undefined) return this.initialContent(address);
    return wordContents(this.view, word, (piece) => isRequired(this.view, piece));
  }

  /** The record entries that wrote the bytes of the word at `address` in the minimal image. */
  requiredWriters(address: number): (number | undefined)[] {
    const word = this.#wordAt(address);
    if (word === undefined) return Array.from({ length: WORD_SIZE_BYTES }, () => undefined);
    const writers = wordWriters(this.view, word, (piece) => isRequired(this.view, piece));
    return writers.map((piece) => entryOf(this.view, piece));
  }

  /** What the word held before the run. */
  initialContent(address: number): Uint8Array {
    return initialWord(this.view.order.source.initialMedia, address);
  }

  /** Words that the run has stored to so far, in order of first store per page. */
  touchedWords(): number[] {
    const { pieces } = this.view.order;
    const seen = new Set<number>();
    for (let piece = 0; piece < this.view.pieceCount; piece++) seen.add(at(pieces.words, piece));
    return [...seen];
  }

  isTouched(address: number): boolean {
    const word = this.#wordAt(address);
    if (word === undefined) return false;
    const { pieces } = this.view.order;
    let piece = at(pieces.pageOfWord(word).newestPiece, word % PAGE_WORDS);
    while (piece >= this.view.pieceCount) piece = at(pieces.previousInWord, piece);
    return piece >= 0;
  }

  #wordAt(address: number): number | undefined {
    this.#slotOfPage ??= new Map(
      this.view.order.pieces.pages.map((page, slot) => [page.pageIndex, slot] as const),
    );
    const slot = this.#slotOfPage.get(Math.floor(address / PAGE_SIZE_BYTES));
    return slot === undefined ? undefined : slot * PAGE_WORDS + (address % PAGE_SIZE_BYTES) / WORD_SIZE_BYTES;
  }

  #imageWith(isIn: (piece: number) => boolean): SparseImage {
    const image = new Map<number, Uint8Array>();
    for (const word of this.touchedWords()) {
      image.set(this.view.order.pieces.addressOfWord(word), wordContents(this.view, word, isIn));
    }
    return image;
  }
}

/** The content of `cell` that gives its words the bytes that `read` returns, if there is one. */
export function contentIn(cell: Cell, read: (address: number) => Uint8Array): CellContent | undefined {
  const bytes = new Uint8Array(cell.words.length * WORD_SIZE_BYTES);
  for (const [index, word] of cell.words.entries()) bytes.set(read(word.address), index * WORD_SIZE_BYTES);
  const key = contentKey(bytes);
  return cell.contents().find((content) => content.key === key);
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
export function materialise(initialMedia: MediaImage, image: SparseImage): MediaImage {
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
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function entryOf(view: CrashView, piece: number): number | undefined {
  return piece < 0 ? undefined : view.order.pieces.entries[piece];
}

function uncertainBytesOf(cell: Cell): UncertainByte[] {
  const contents = cell.contents();
  const found: UncertainByte[] = [];
  for (const [wordIndex, word] of cell.words.entries()) {
    const writers = contents.map((content) => writersOf(cell, content, wordIndex));
    for (let byte = 0; byte < WORD_SIZE_BYTES; byte++) {
      const possible = new Map<string, { value: number; entry: number | undefined }>();
      for (const [index, content] of contents.entries()) {
        const value = content.bytes[wordIndex * WORD_SIZE_BYTES + byte] ?? 0;
        const entry = writers[index]?.[byte];
        possible.set(`${value} ${entry}`, { value, entry });
      }
      const values = new Set([...possible.values()].map(({ value }) => value));
      if (values.size > 1) found.push({ address: word.address + byte, possible: [...possible.values()] });
    }
  }
  return found;
}
