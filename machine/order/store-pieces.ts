/**
 * The stores of a run, cut into the pieces that can persist on their own: parts of one aligned 8-byte word. Kept as
 * columns of numbers because a run may have tens of millions of them. The table also carries, per piece, what
 * `persists-before.ts` finds out about it, and per page the newest piece of each word and line.
 */
import { type PageHistory, PageRoom, PAGE_WORDS, PAGES_FEW_MAX, rawMemory } from './page-history.ts';
import { EntryKind, type InstructionRecord } from '../hardware/record.ts';
import { PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';

export { LINE_WORDS, PAGE_WORDS, type PageHistory } from './page-history.ts';

/** `requiredFrom` of a piece that nothing requires yet. */
export const NEVER = 0x7fff_ffff;
/** Bits of `shapes`: byte offset in the word (3), length - 1 (3), non-temporal, unordered within its instruction. */
const LENGTH_SHIFT = 3;
export const SHAPE_NON_TEMPORAL = 1 << 6;
export const SHAPE_UNORDERED = 1 << 7;
/** Offset and length bits of a piece that covers its whole word. */
export const SHAPE_WHOLE_WORD = (WORD_SIZE_BYTES - 1) << LENGTH_SHIFT;

/** One column value; the table never reads past `count`. */
export function at(column: Int32Array | Uint8Array | Uint32Array | Float64Array, index: number): number {
  return column[index] ?? 0;
}

/** How far back the pieces of a word are walked before they are listed: without lists, all moments of a long run would be quadratic. */
const WALK_MAX = 8;

export class StorePieces {
  count = 0;
  /** Page slot * PAGE_WORDS + word in page. */
  words: Int32Array;
  /** The record entry that stored the piece. */
  entries: Int32Array;
  /** Where its bytes start in `record.data`; a record holds less than 4 GiB. */
  dataPositions: Uint32Array;
  shapes: Uint8Array;
  /** The piece before it in the same word, -1 for none. */
  previousInWord: Int32Array;
  /**
   * Cached piece: the cached piece before it in the same line. Non-temporal piece: the newest cached piece of its
   * line that left the store buffer before it for certain. -1 for none; see `alone` for pieces of a string.
   */
  cachedBefore: Int32Array;
  /** It can persist only once all of base `levels[piece]` has. */
  levels: Int32Array;
  /** First level whose base holds the piece; NEVER while none does. */
  requiredFrom: Int32Array;
  readonly pages: PageHistory[] = [];
  readonly record: InstructionRecord;
  readonly #room: PageRoom;
  /** Per word that was walked far: its pieces, ascending, as many as there were then. */
  readonly #listed = new Map<number, number[]>();

  constructor(record: InstructionRecord, capacity: number, spare: SharedArrayBuffer[] = []) {
    this.record = record;
    this.#room = new PageRoom(spare);
    // One allocation, not zeroed: zeroing tens of megabytes would take longer than filling them.
    const size = capacity * Int32Array.BYTES_PER_ELEMENT;
    const room = rawMemory(size * 7 + capacity);
    this.words = new Int32Array(room, 0, capacity);
    this.entries = new Int32Array(room, size, capacity);
    this.dataPositions = new Uint32Array(room, size * 2, capacity);
    this.previousInWord = new Int32Array(room, size * 3, capacity);
    this.cachedBefore = new Int32Array(room, size * 4, capacity).fill(0);
    this.levels = new Int32Array(room, size * 5, capacity);
    this.requiredFrom = new Int32Array(room, size * 6, capacity).fill(NEVER);
    this.shapes = new Uint8Array(room, size * 7, capacity);
  }

  /** Adds a page that nothing was stored to yet. */
  addPage(
    place: { readonly pageIndex: number; readonly rangeIndex: number },
    initial: Uint8Array | undefined,
  ): void {
    this.pages.push(this.#room.add(place, initial));
  }

  /** When the run has been read: gives back what a run of many pages needed for that. */
  close(): void {
    if (this.pages.length <= PAGES_FEW_MAX) return;
    for (const page of this.pages) page.keepNewestOnly();
    this.#room.giveBack();
  }

  /** Adds a piece of `word` (in its page, whose words start at `firstWord`) and returns its index. */
  add(
    page: PageHistory,
    firstWord: number,
    word: number,
    entry: number,
    dataPosition: number,
    shape: number,
  ): number {
    const piece = this.count++;
    this.words[piece] = firstWord + word;
    this.entries[piece] = entry;
    this.dataPositions[piece] = dataPosition;
    this.shapes[piece] = shape;
    this.previousInWord[piece] = page.newestPiece[word] ?? -1;
    page.newestPiece[word] = piece;
    return piece;
  }

  /** Adds non-temporal pieces that cover whole words next to each other in one page; returns the first. */
  addWholeWords(
    page: PageHistory,
    firstWord: number,
    run: { readonly word: number; readonly size: number; readonly entry: number; readonly data: number },
  ): number {
    const { word, size, entry, data } = run;
    const { words, dataPositions, previousInWord } = this;
    const { newestPiece } = page;
    const first = this.count;
    this.entries.fill(entry, first, first + size);
    this.shapes.fill(SHAPE_WHOLE_WORD | SHAPE_NON_TEMPORAL, first, first + size);
    previousInWord.set(newestPiece.subarray(word, word + size), first);
    for (let index = 0; index < size; index++) {
      words[first + index] = firstWord + word + index;
      dataPositions[first + index] = data + index * WORD_SIZE_BYTES;
      newestPiece[word + index] = first + index;
    }
    this.count += size;
    return first;
  }

  pageOf(piece: number): PageHistory {
    return this.pageOfWord(at(this.words, piece));
  }

  pageOfWord(word: number): PageHistory {
    const page = this.pages[Math.floor(word / PAGE_WORDS)];
    if (page === undefined) throw new RangeError(`word ${word} is in none of ${this.pages.length} pages`);
    return page;
  }

  /** The byte address of a word. */
  addressOfWord(word: number): number {
    return this.pageOfWord(word).pageIndex * PAGE_SIZE_BYTES + (word % PAGE_WORDS) * WORD_SIZE_BYTES;
  }

  /** The newest piece of `word` that is older than piece `end`, -1 for none. */
  newestBefore(word: number, end: number): number {
    const newest = at(this.pageOfWord(word).newestPiece, word % PAGE_WORDS);
    const listed = this.#listed.get(word);
    if (listed !== undefined && listed.at(-1) === newest) return lastBefore(listed, end);
    let piece = newest;
    for (let steps = 0; piece >= end; steps++) {
      if (steps === WALK_MAX) return lastBefore(this.#list(word, newest), end);
      piece = at(this.previousInWord, piece);
    }
    return piece;
  }

  /** All pieces of `word` up to `newest`, ascending. */
  #list(word: number, newest: number): number[] {
    const listed = this.#listed.get(word) ?? [];
    const known = listed.at(-1) ?? -1;
    const added: number[] = [];
    for (let piece = newest; piece > known; piece = at(this.previousInWord, piece)) added.push(piece);
    for (const piece of added.reverse()) listed.push(piece);
    this.#listed.set(word, listed);
    return listed;
  }

  isNonTemporal(piece: number): boolean {
    return (at(this.shapes, piece) & SHAPE_NON_TEMPORAL) !== 0;
  }

  isUnordered(piece: number): boolean {
    return (at(this.shapes, piece) & SHAPE_UNORDERED) !== 0;
  }

  /** For a cached piece: the newest cached piece of its line that an earlier instruction stored, -1 for none. */
  cachedBeforeInstruction(piece: number): number {
    const entry = at(this.entries, piece);
    let before = at(this.cachedBefore, piece);
    while (before >= 0 && this.entries[before] === entry) before = at(this.cachedBefore, before);
    return before;
  }

  /** First byte of the piece in its word, 0 to 7. */
  offsetInWord(piece: number): number {
    return at(this.shapes, piece) & 7;
  }

  sizeBytes(piece: number): number {
    return ((at(this.shapes, piece) >> LENGTH_SHIFT) & 7) + 1;
  }

  /** Writes the piece's bytes over `target`, whose byte `targetStart` is the first of the piece's word. */
  overlay(piece: number, target: Uint8Array, targetStart: number): void {
    const from = at(this.dataPositions, piece);
    const offset = this.offsetInWord(piece);
    const size = this.sizeBytes(piece);
    const { data } = this.record;
    for (let index = 0; index < size; index++) target[targetStart + offset + index] = data[from + index] ?? 0;
  }
}

/** The last of `ascending` that is less than `end`, -1 for none. */
function lastBefore(ascending: readonly number[], end: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? end) < end) low = middle + 1;
    else high = middle;
  }
  return ascending[low - 1] ?? -1;
}

/**
 * `cachedBefore` of a non-temporal piece that follows one piece of an unordered string store: that piece and what is
 * older than the string left before it, its siblings need not have. The encoding is its own inverse.
 */
export function alone(piece: number): number {
  return -2 - piece;
}

export function isAlone(cachedBefore: number): boolean {
  return cachedBefore < -1;
}

/** `shapes` value for a piece. */
export function shapeOf(offsetInWord: number, sizeBytes: number, flags: number): number {
  return offsetInWord | ((sizeBytes - 1) << LENGTH_SHIFT) | flags;
}

/** An upper bound that sizes the table: an instruction of u bytes touches at most (u + 14) / 8 words. */
export function countPiecesAtMost(record: InstructionRecord): number {
  let total = 0;
  for (let entry = 0; entry < record.length; entry++) {
    const kind = at(record.kinds, entry);
    if (kind > EntryKind.storeNonTemporal && kind !== EntryKind.lockedStore) continue;
    const unit = at(record.unitSizes, entry);
    const isAligned = unit === WORD_SIZE_BYTES && at(record.addresses, entry) % WORD_SIZE_BYTES === 0;
    total += at(record.counts, entry) * (isAligned ? 1 : Math.floor((unit + 14) / WORD_SIZE_BYTES));
  }
  return total;
}
