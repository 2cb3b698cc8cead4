/**
 * Reads a record once and works out, per stored piece, what must be persistent before it (persistency.md 4.2, 1.3a).
 * The order has two parts. Across lines everything goes through the *base*: the set of pieces that must be
 * persistent before the next cached store can become visible. It only grows, each growth starts a new *level*, and
 * a piece needs the whole base of its level. Within a line there are local edges (line FIFO, same word), which
 * `line-cells.ts` rebuilds from `cachedBefore` and `previousInWord`.
 */
import { HashSum, wordPlace } from './image-hash.ts';
import type { FlushHint } from './machine.ts';
import type { MediaImage, MemoryRange } from './memory.ts';
import type { PersistencySetting } from './persistency-setting.ts';
import { EntryKind, type InstructionRecord } from './record.ts';
import {
  alone,
  at,
  isAlone,
  LINE_WORDS,
  NEVER,
  PAGE_WORDS,
  PageHistory,
  SHAPE_NON_TEMPORAL,
  SHAPE_UNORDERED,
  shapeOf,
  StorePieces,
} from './store-pieces.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from './units.ts';

/** What a run leaves behind for this analysis; see `crashHistory` for how to get it from a machine. */
export interface RunSource {
  readonly record: InstructionRecord;
  readonly ranges: readonly MemoryRange[];
  readonly initialMedia: MediaImage;
  readonly flushHints: readonly FlushHint[];
}

/** The moment operation `operation` returned. */
export interface AcknowledgementPoint {
  readonly operation: number;
  /** Index of the acknowledgement entry in the record. */
  readonly entry: number;
  /** How many pieces had been issued. */
  readonly pieceCount: number;
  readonly level: number;
  /** Pieces issued and not in the base; undefined when there were too many to note (see `oldestOpen`). */
  readonly openPieces: Int32Array | undefined;
  readonly oldestOpen: number;
  /** Domain `none`: per range, the level whose base flush hints have drained. */
  readonly drainedLevels: readonly number[] | undefined;
}

/** Above this many open pieces an acknowledgement keeps only where to look for them. */
const OPEN_PIECES_NOTED_MAX = 1024;

export class PersistsBefore {
  readonly source: RunSource;
  readonly setting: PersistencySetting;
  readonly pieces: StorePieces;
  readonly acknowledgements: AcknowledgementPoint[] = [];
  level = 0;
  readonly #baseHash = new HashSum();
  readonly #hashOfLevel = new Map<number, HashSum>([[0, new HashSum()]]);
  readonly #record: InstructionRecord;
  readonly #pageSlots = new Map<number, number>();
  // Whether a piece, a hint or an acknowledgement refers to the present level; growth then starts a new one.
  #levelInUse = true;
  #levelAtFence = 0;
  #piecesAtFence = 0;
  readonly #pendingNonTemporal: number[] = [];
  readonly #coveredLines: number[] = [];
  readonly #coveredLinesForMfence: number[] = [];
  #pendingHints: { readonly modules: readonly string[]; readonly level: number }[] = [];
  readonly #drainedModules = new Map<string, number>();
  #open: number[] = [];
  #openFrom = 0;
  #openCompactAt = 64;
  #lastPageIndex = -1;
  #lastSlot = -1;

  constructor(source: RunSource, setting: PersistencySetting) {
    this.source = source;
    this.setting = setting;
    this.#record = source.record;
    this.pieces = new StorePieces(source.record, countPiecesAtMost(source.record));
    for (let entry = 0; entry < this.#record.length; entry++) this.#readEntry(entry);
  }

  /** Hash of the base of a level that an acknowledgement saw, and of level 0; undefined for others. */
  hashAt(level: number): HashSum | undefined {
    return this.#hashOfLevel.get(level);
  }

  #readEntry(entry: number): void {
    switch (this.#record.kinds[entry]) {
      case EntryKind.storeCached:
        return this.#readStores(entry, 0);
      case EntryKind.storeString:
        return this.#readString(entry);
      case EntryKind.storeNonTemporal:
        return this.#readStores(entry, SHAPE_NON_TEMPORAL);
      case EntryKind.clwb:
      case EntryKind.clflushopt:
        return this.#readLines(entry, (page, line) => this.#cover(page, line, this.#coveredLines));
      case EntryKind.clflush:
        return this.#readLines(entry, (page, line) => this.#flush(page, line));
      case EntryKind.sfence:
        return this.#fence(false);
      case EntryKind.mfence:
      case EntryKind.lockedNoStore:
        return this.#fence(true);
      case EntryKind.lockedStore:
        return this.#readLocked(entry);
      case EntryKind.flushHint:
        return this.#readHint(entry);
      case EntryKind.acknowledgement:
        return this.#acknowledge(entry);
      default:
        throw new RangeError(`entry ${entry} of the record has unknown kind ${this.#record.kinds[entry]}`);
    }
  }

  // ---- stores

  #readStores(entry: number, flags: number): void {
    const address = at(this.#record.addresses, entry);
    const unit = at(this.#record.unitSizes, entry);
    const data = at(this.#record.dataPositions, entry);
    const size = unit * at(this.#record.counts, entry);
    if (this.#rangeIndexOf(address) < 0) return;
    for (let done = 0; done < size; done += unit) this.#cut(entry, address + done, unit, data + done, flags);
  }

  #readString(entry: number): void {
    const address = at(this.#record.addresses, entry);
    if (this.#rangeIndexOf(address) < 0) return;
    const unordered = this.setting.stringStores === 'unordered';
    const first = this.pieces.count;
    const size = at(this.#record.unitSizes, entry);
    const data = at(this.#record.dataPositions, entry);
    this.#cut(entry, address, size, data, unordered ? SHAPE_UNORDERED : 0);
    if (!unordered) return;
    for (let piece = first; piece < this.pieces.count; piece++) this.#requireAfterCached(piece);
  }

  #readLocked(entry: number): void {
    this.#fence(true);
    this.#readStores(entry, 0);
    // Nothing later passes a locked instruction, so its own store counts as fenced.
    this.#levelAtFence = this.level;
    this.#piecesAtFence = this.pieces.count;
  }

  /** Cuts one instruction's bytes at word boundaries, ascending. */
  #cut(entry: number, address: number, sizeBytes: number, data: number, flags: number): void {
    let done = 0;
    while (done < sizeBytes) {
      const offset = (address + done) % WORD_SIZE_BYTES;
      const size = Math.min(WORD_SIZE_BYTES - offset, sizeBytes - done);
      this.#addPiece(entry, address + done - offset, shapeOf(offset, size, flags), data + done);
      done += size;
    }
  }

  #addPiece(entry: number, wordAddress: number, shape: number, data: number): void {
    const slot = this.#slotOf(wordAddress);
    const page = this.pieces.pages[slot];
    if (page === undefined) return;
    const word = (wordAddress % PAGE_SIZE_BYTES) / WORD_SIZE_BYTES;
    const { pieces } = this;
    const piece = pieces.count++;
    pieces.words[piece] = slot * PAGE_WORDS + word;
    pieces.entries[piece] = entry;
    pieces.dataPositions[piece] = data;
    pieces.shapes[piece] = shape;
    pieces.previousInWord[piece] = at(page.newestPiece, word);
    page.newestPiece[word] = piece;
    this.#levelInUse = true;
    if ((shape & SHAPE_NON_TEMPORAL) !== 0) this.#orderNonTemporal(page, word, piece);
    else this.#orderCached(page, word, piece, (shape & SHAPE_UNORDERED) === 0);
  }

  #orderCached(page: PageHistory, word: number, piece: number, growNow: boolean): void {
    const line = Math.floor(word / LINE_WORDS);
    this.pieces.levels[piece] = this.level;
    this.pieces.cachedBefore[piece] = at(page.newestCachedOfLine, line);
    page.newestCachedOfLine[line] = piece;
    page.newestCached[word] = piece;
    if (growNow) this.#requireAfterCached(piece);
  }

  /** What every later cached store must wait for because this one became visible. */
  #requireAfterCached(piece: number): void {
    const page = this.pieces.pageOf(piece);
    const word = at(this.pieces.words, piece) % PAGE_WORDS;
    const nonTemporal = at(page.newestNonTemporal, word);
    if (nonTemporal >= 0) this.#requireNonTemporal(page, nonTemporal);
    if (this.setting.domain === 'eadr') this.#require(page, piece);
  }

  #orderNonTemporal(page: PageHistory, word: number, piece: number): void {
    const sameWord = at(page.newestCached, word);
    const levelOfSameWord = sameWord < 0 ? 0 : at(this.pieces.levels, sameWord);
    this.pieces.levels[piece] = Math.max(this.#levelAtFence, levelOfSameWord);
    let before = at(page.newestCachedOfLine, Math.floor(word / LINE_WORDS));
    while (before >= this.#piecesAtFence && before > sameWord) before = at(this.pieces.cachedBefore, before);
    const partOfString = before >= this.#piecesAtFence && before >= 0 && this.pieces.isUnordered(before);
    this.pieces.cachedBefore[piece] = partOfString ? alone(before) : before;
    page.newestNonTemporal[word] = piece;
    this.#pendingNonTemporal.push(piece);
  }

  // ---- write-backs, fences, hints, acknowledgements

  #readLines(entry: number, visit: (page: PageHistory, line: number) => void): void {
    const address = at(this.#record.addresses, entry);
    const count = at(this.#record.counts, entry);
    for (let index = 0; index < count; index++) {
      const lineAddress = address + index * LINE_SIZE_BYTES;
      const offset = lineAddress % PAGE_SIZE_BYTES;
      const slot = this.#pageSlots.get((lineAddress - offset) / PAGE_SIZE_BYTES);
      const page = slot === undefined ? undefined : this.pieces.pages[slot];
      if (page !== undefined) visit(page, Math.floor(offset / LINE_SIZE_BYTES));
    }
  }

  #cover(page: PageHistory, line: number, lines: number[]): void {
    const newest = at(page.newestCachedOfLine, line);
    if (newest < 0 || this.setting.domain === 'eadr') return;
    lines.push(newest);
  }

  #flush(page: PageHistory, line: number): void {
    if (this.setting.clflushOrdering === 'amd') return this.#cover(page, line, this.#coveredLinesForMfence);
    if (this.setting.domain !== 'eadr') this.#requireCachedUpTo(page, at(page.newestCachedOfLine, line));
    if (!this.setting.flushCoversNonTemporal) return;
    for (let word = line * LINE_WORDS; word < (line + 1) * LINE_WORDS; word++) {
      const newest = at(page.newestNonTemporal, word);
      if (newest >= 0) this.#requireNonTemporal(page, newest);
    }
  }

  #fence(isFull: boolean): void {
    for (const piece of this.#coveredLines) this.#requireCachedUpTo(this.pieces.pageOf(piece), piece);
    this.#coveredLines.length = 0;
    if (isFull) {
      for (const piece of this.#coveredLinesForMfence)
        this.#requireCachedUpTo(this.pieces.pageOf(piece), piece);
      this.#coveredLinesForMfence.length = 0;
    }
    for (const piece of this.#pendingNonTemporal) this.#requireNonTemporal(this.pieces.pageOf(piece), piece);
    this.#pendingNonTemporal.length = 0;
    this.#levelAtFence = this.level;
    this.#piecesAtFence = this.pieces.count;
    for (const hint of this.#pendingHints)
      for (const name of hint.modules) this.#drainedModules.set(name, hint.level);
    this.#pendingHints.length = 0;
  }

  #readHint(entry: number): void {
    const address = at(this.#record.addresses, entry);
    const hint = this.source.flushHints.find((candidate) => candidate.address === address);
    if (hint === undefined) return;
    this.#pendingHints.push({ modules: hint.modules, level: this.level });
    this.#levelInUse = true;
  }

  #acknowledge(entry: number): void {
    this.#compactOpen();
    const baseHash = new HashSum();
    baseHash.copyFrom(this.#baseHash);
    this.#hashOfLevel.set(this.level, baseHash);
    const open = this.#open.length > OPEN_PIECES_NOTED_MAX ? undefined : this.#stillOpen();
    this.acknowledgements.push({
      operation: at(this.#record.counts, entry),
      entry,
      pieceCount: this.pieces.count,
      level: this.level,
      openPieces: open === undefined ? undefined : Int32Array.from(open),
      oldestOpen: this.#open[0] ?? this.pieces.count,
      drainedLevels: this.setting.domain === 'none' ? this.#drainedLevels() : undefined,
    });
    this.#levelInUse = true;
  }

  #drainedLevels(): number[] {
    return this.source.ranges.map((range) =>
      range.modules.length === 0
        ? 0
        : Math.min(...range.modules.map((name) => this.#drainedModules.get(name) ?? 0)),
    );
  }

  /** Moves new pieces into the open list and, when it has doubled, drops those the base took in meanwhile. */
  #compactOpen(): void {
    const { requiredFrom } = this.pieces;
    for (let piece = this.#openFrom; piece < this.pieces.count; piece++)
      if (requiredFrom[piece] === NEVER) this.#open.push(piece);
    this.#openFrom = this.pieces.count;
    if (this.#open.length < this.#openCompactAt) return;
    this.#open = this.#stillOpen();
    this.#openCompactAt = this.#open.length * 2 + 64;
  }

  #stillOpen(): number[] {
    return this.#open.filter((piece) => at(this.pieces.requiredFrom, piece) === NEVER);
  }

  // ---- the base

  #requireCachedUpTo(page: PageHistory, newest: number): void {
    const { cachedBefore, requiredFrom } = this.pieces;
    let piece = newest;
    for (; piece >= 0 && requiredFrom[piece] === NEVER; piece = at(cachedBefore, piece))
      this.#require(page, piece);
    if (piece < 0 || !this.pieces.isUnordered(piece)) return;
    // Some pieces of an unordered string may be required without their siblings; all before it are.
    const stop = this.pieces.cachedBeforeInstruction(piece);
    for (; piece !== stop; piece = at(cachedBefore, piece)) this.#require(page, piece);
  }

  #requireNonTemporal(page: PageHistory, newest: number): void {
    const { previousInWord, requiredFrom } = this.pieces;
    const dragsCached = this.setting.nonTemporalInDirtyLine === 'write-back';
    for (let piece = newest; piece >= 0; piece = at(previousInWord, piece)) {
      if (!this.pieces.isNonTemporal(piece)) continue;
      if (requiredFrom[piece] !== NEVER) return;
      this.#require(page, piece);
      if (dragsCached) this.#requireDragged(page, at(this.pieces.cachedBefore, piece));
    }
  }

  #requireDragged(page: PageHistory, before: number): void {
    const piece = isAlone(before) ? alone(before) : before;
    if (isAlone(before)) this.#require(page, piece);
    this.#requireCachedUpTo(page, isAlone(before) ? this.pieces.cachedBeforeInstruction(piece) : piece);
  }

  #require(page: PageHistory, piece: number): void {
    if (at(this.pieces.requiredFrom, piece) !== NEVER) return;
    if (this.#levelInUse) {
      this.level++;
      this.#levelInUse = false;
    }
    this.pieces.requiredFrom[piece] = this.level;
    const word = at(this.pieces.words, piece) % PAGE_WORDS;
    const place = wordPlace(page.pageIndex, word);
    const { baseWords } = page;
    this.#baseHash.addWord(place, at(baseWords, word * 2), at(baseWords, word * 2 + 1), 0, -1);
    this.#writeToBase(page, word, piece);
    this.#baseHash.addWord(place, at(baseWords, word * 2), at(baseWords, word * 2 + 1), 0, 1);
  }

  /** Lets the base show `piece`, but not over the bytes of newer required pieces of its word. */
  #writeToBase(page: PageHistory, word: number, piece: number): void {
    const newest = at(page.newestRequired, word);
    this.pieces.overlay(piece, page.base, word * WORD_SIZE_BYTES);
    if (piece > newest) {
      page.newestRequired[word] = piece;
      return;
    }
    const newer: number[] = [];
    for (let other = newest; other > piece; other = at(this.pieces.previousInWord, other))
      if (at(this.pieces.requiredFrom, other) !== NEVER) newer.push(other);
    for (const other of newer.reverse()) this.pieces.overlay(other, page.base, word * WORD_SIZE_BYTES);
  }

  // ---- places

  #rangeIndexOf(address: number): number {
    return this.source.ranges.findIndex(
      (range) =>
        range.kind === 'persistent' && address >= range.start && address < range.start + range.sizeBytes,
    );
  }

  #slotOf(address: number): number {
    const pageIndex = Math.floor(address / PAGE_SIZE_BYTES);
    if (pageIndex === this.#lastPageIndex) return this.#lastSlot;
    let slot = this.#pageSlots.get(pageIndex);
    if (slot === undefined) {
      slot = this.pieces.pages.length;
      const initial = this.source.initialMedia.get(pageIndex);
      this.pieces.pages.push(new PageHistory(pageIndex, this.#rangeIndexOf(address), initial));
      this.#pageSlots.set(pageIndex, slot);
    }
    this.#lastPageIndex = pageIndex;
    this.#lastSlot = slot;
    return slot;
  }
}

/** An upper bound that sizes the table: an instruction of u bytes touches at most (u + 14) / 8 words. */
function countPiecesAtMost(record: InstructionRecord): number {
  let total = 0;
  for (let entry = 0; entry < record.length; entry++) {
    const kind = at(record.kinds, entry);
    if (kind > EntryKind.storeNonTemporal && kind !== EntryKind.lockedStore) continue;
    const unit = at(record.unitSizes, entry);
    const aligned = unit === WORD_SIZE_BYTES && at(record.addresses, entry) % WORD_SIZE_BYTES === 0;
    total += at(record.counts, entry) * (aligned ? 1 : Math.floor((unit + 14) / WORD_SIZE_BYTES));
  }
  return total;
}
