/**
 * What reading a run keeps of each page of persistent memory: the newest piece of every word and line, and the
 * contents that must have persisted. Runs of every length make these, one page or thousands, so most of this is about
 * not touching memory that nobody needs.
 */
import { pagePlace } from './image-hash.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** Words in a page, lines in a page, words in a line. */
export const PAGE_WORDS = PAGE_SIZE_BYTES / WORD_SIZE_BYTES;
const PAGE_LINES = PAGE_SIZE_BYTES / LINE_SIZE_BYTES;
export const LINE_WORDS = LINE_SIZE_BYTES / WORD_SIZE_BYTES;

const COLUMN_SIZE_BYTES = PAGE_WORDS * Int32Array.BYTES_PER_ELEMENT;
const MIXED_LENGTH = 2 * PAGE_WORDS + PAGE_LINES;
const PAGE_HISTORY_SIZE_BYTES = PAGE_SIZE_BYTES + 2 * COLUMN_SIZE_BYTES;
/** How many pages share one allocation, at most, in runs of up to `PAGES_FEW_MAX` pages. */
const PAGES_TOGETHER_MAX = 16;
export const PAGES_FEW_MAX = 256;
/** What a page of a large run takes beside its newest pieces. */
const WORK_SIZE_BYTES = PAGE_SIZE_BYTES + COLUMN_SIZE_BYTES + MIXED_LENGTH * Int32Array.BYTES_PER_ELEMENT;

/** Where the memory of a page is: what is kept when the run has been read, and what is needed until then. */
interface PageMemory {
  readonly newest: ArrayBufferLike;
  readonly newestStart: number;
  readonly work: ArrayBufferLike;
  readonly workStart: number;
  readonly mixedStart?: number;
}

const NO_BYTES = new Uint8Array(0);
const NO_PIECES = new Int32Array(0);

/** What is known of one page of persistent memory while a run is read. Piece indices are -1 for "none". */
export class PageHistory {
  readonly pageIndex: number;
  /** Which of the machine's ranges holds the page. */
  readonly rangeIndex: number;
  readonly initial: Uint8Array | undefined;
  /** The page's part of its words' hashes. */
  readonly place: number;
  /** Contents under the pieces that are required now (the base). */
  base: Uint8Array;
  baseWords: Int32Array;
  newestPiece: Int32Array;
  newestRequired: Int32Array;
  // Newest non-temporal piece of each word, cached piece of each word, cached piece of each line. Pages that see
  // non-temporal stores only, as most do, have none.
  #mixed: Int32Array | undefined;
  #mixedRoom: Int32Array | undefined;

  /** Takes the memory that `memory` describes, whatever it holds. */
  constructor(
    place: { readonly pageIndex: number; readonly rangeIndex: number },
    initial: Uint8Array | undefined,
    { newest, newestStart, work, workStart, mixedStart }: PageMemory,
  ) {
    this.pageIndex = place.pageIndex;
    this.place = pagePlace(place.pageIndex);
    this.rangeIndex = place.rangeIndex;
    this.initial = initial;
    this.newestPiece = new Int32Array(newest, newestStart, PAGE_WORDS).fill(-1);
    this.base = new Uint8Array(work, workStart, PAGE_SIZE_BYTES);
    this.baseWords = new Int32Array(work, workStart, PAGE_WORDS * 2);
    this.newestRequired = new Int32Array(work, workStart + PAGE_SIZE_BYTES, PAGE_WORDS).fill(-1);
    if (mixedStart !== undefined) this.#mixedRoom = new Int32Array(work, mixedStart, MIXED_LENGTH);
    if (initial === undefined) this.baseWords.fill(0);
    else this.base.set(initial);
  }

  /** Gives back all but the newest piece of each word, when the run has been read: most of the memory of a large run. */
  keepNewestOnly(): void {
    this.base = NO_BYTES;
    this.baseWords = this.newestRequired = NO_PIECES;
    this.#mixed = this.#mixedRoom = undefined;
  }

  /** Whether any cached store reached the page. */
  get hasCached(): boolean {
    return this.#mixed !== undefined;
  }

  /** The newest cached piece of a word, and of a line; -1 for none. */
  newestCachedOfWord(word: number): number {
    return this.#mixed?.[PAGE_WORDS + word] ?? -1;
  }

  newestCachedOfLine(line: number): number {
    return this.#mixed?.[2 * PAGE_WORDS + line] ?? -1;
  }

  newestNonTemporalOfWord(word: number): number {
    return (this.#mixed ?? this.newestPiece)[word] ?? -1;
  }

  /** Notes that `piece`, a cached store, is now the newest one of its word and line; `previous` was in the word. */
  noteCached(word: number, piece: number, previous: number): void {
    let mixed = this.#mixed;
    if (mixed === undefined) {
      mixed = this.#mixed = this.#mixedRoom ?? new Int32Array(MIXED_LENGTH);
      mixed.fill(-1, PAGE_WORDS);
      mixed.set(this.newestPiece);
      mixed[word] = previous;
    }
    mixed[PAGE_WORDS + word] = piece;
    mixed[2 * PAGE_WORDS + Math.floor(word / LINE_WORDS)] = piece;
  }

  /** Notes that `piece`, a non-temporal store, is now the newest one of its word. */
  noteNonTemporal(word: number, piece: number): void {
    if (this.#mixed !== undefined) this.#mixed[word] = piece;
  }
}

/** Makes pages, several from one piece of memory. */
export class PageRoom {
  // One page's at first: small runs touch few, and there are millions of them.
  #buffer: ArrayBufferLike = new ArrayBuffer(0);
  #newest: ArrayBufferLike = this.#buffer;
  #used = 0;
  #count = 0;
  readonly #spare: SharedArrayBuffer[];
  readonly #work: SharedArrayBuffer[] = [];

  /** `spare`: memory that other runs gave back. */
  constructor(spare: SharedArrayBuffer[]) {
    this.#spare = spare;
  }

  /** Puts what large runs need only while they are read with what is spare; their pages keep the newest pieces only. */
  giveBack(): void {
    this.#spare.push(...this.#work.splice(0));
  }

  add(
    place: { readonly pageIndex: number; readonly rangeIndex: number },
    initial: Uint8Array | undefined,
  ): PageHistory {
    const memory = this.#count < PAGES_FEW_MAX ? this.#fewMemory() : this.#manyMemory();
    this.#count++;
    return new PageHistory(place, initial, memory);
  }

  #fewMemory(): PageMemory {
    if (this.#used === this.#buffer.byteLength) {
      const pageCount = Math.min(Math.max(this.#count, 1), PAGES_TOGETHER_MAX);
      this.#buffer = rawMemory(pageCount * PAGE_HISTORY_SIZE_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += PAGE_HISTORY_SIZE_BYTES;
    const newestStart = start + PAGE_SIZE_BYTES + COLUMN_SIZE_BYTES;
    return { newest: this.#buffer, newestStart, work: this.#buffer, workStart: start };
  }

  /**
   * Gigabytes for some runs. Shared memory, because V8 does not count it: with memory that it counts it looks for garbage
   * each time that some more has been taken, which takes ten times as long as all the rest.
   */
  #manyMemory(): PageMemory {
    const slot = this.#count % PAGES_FEW_MAX;
    if (slot === 0) {
      this.#newest = new SharedArrayBuffer(PAGES_FEW_MAX * COLUMN_SIZE_BYTES);
      const work = this.#spare.pop() ?? new SharedArrayBuffer(PAGES_FEW_MAX * WORK_SIZE_BYTES);
      this.#work.push(work);
      this.#buffer = work;
    }
    const workStart = slot * WORK_SIZE_BYTES;
    return {
      newest: this.#newest,
      newestStart: slot * COLUMN_SIZE_BYTES,
      work: this.#buffer,
      workStart,
      mixedStart: workStart + PAGE_SIZE_BYTES + COLUMN_SIZE_BYTES,
    };
  }
}

/** Memory that is not set to zero. Whoever asks for it writes each byte before reading it. */
export function rawMemory(sizeBytes: number): ArrayBufferLike {
  return Buffer.allocUnsafeSlow(sizeBytes).buffer;
}
