/**
 * Reads a record once and works out, per stored piece, what must be persistent before it (persistency.md 4.2, 1.3a).
 * The order has two parts. Across lines everything goes through the base (`required-base.ts`): a piece needs the
 * whole base of its level. Within a line there are local edges (line FIFO, same word), which `line-cells.ts`
 * rebuilds from `cachedBefore` and `previousInWord`.
 */
import { type AcknowledgementPoint, DrainedModules, OpenPieces } from './acknowledgement-points.ts';
import { HashSum } from './image-hash.ts';
import type { FlushHint } from '../hardware/machine.ts';
import type { MediaImage, MemoryRange } from '../hardware/memory.ts';
import { PendingThread } from './pending-thread.ts';
import type { PersistencySetting } from './persistency-setting.ts';
import { EntryKind, type InstructionRecord } from '../hardware/record.ts';
import { RequiredBase } from './required-base.ts';
import {
  alone,
  at,
  countPiecesAtMost,
  LINE_WORDS,
  PAGE_WORDS,
  type PageHistory,
  SHAPE_NON_TEMPORAL,
  SHAPE_UNORDERED,
  shapeOf,
  StorePieces,
} from './store-pieces.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** What a run leaves behind for this analysis; see `sourceOf` for how to get it from a machine. */
export interface RunSource {
  readonly record: InstructionRecord;
  readonly ranges: readonly MemoryRange[];
  readonly initialMedia: MediaImage;
  readonly flushHints: readonly FlushHint[];
  /** The thread of each entry of the record; absent: there is one. */
  readonly threads?: Uint8Array;
}

/** Above this many lines in one write-back only those of known pages are looked at, whose order does not matter. */
const MANY_LINES = 4096;

export class PersistsBefore {
  readonly source: RunSource;
  readonly setting: PersistencySetting;
  readonly pieces: StorePieces;
  readonly acknowledgements: AcknowledgementPoint[] = [];
  readonly #hashOfLevel = new Map<number, HashSum>([[0, new HashSum()]]);
  readonly #record: InstructionRecord;
  readonly #base: RequiredBase;
  readonly #open: OpenPieces;
  readonly #drained: DrainedModules;
  readonly #isWriteBack: boolean;
  readonly #pageSlots = new Map<number, number>();
  readonly #threads: PendingThread[] = [];
  #thread = new PendingThread();
  readonly #hasThreads: boolean;
  #lastPageIndex = -1;
  #lastSlot = -1;
  #lastRangeIndex = -1;

  /** `spare`: memory that large runs read before gave back, for the next. */
  constructor(source: RunSource, setting: PersistencySetting, spare: SharedArrayBuffer[] = []) {
    this.source = source;
    this.setting = setting;
    this.#record = source.record;
    this.#isWriteBack = setting.nonTemporalInDirtyLine === 'write-back';
    this.pieces = new StorePieces(source.record, countPiecesAtMost(source.record), spare);
    this.#base = new RequiredBase(this.pieces, this.#isWriteBack);
    this.#open = new OpenPieces(this.pieces);
    this.#drained = new DrainedModules(source.flushHints);
    const { threads } = source;
    this.#hasThreads = threads?.some((thread) => thread > 0) === true;
    for (let entry = 0; entry < this.#record.length; entry++) {
      if (this.#hasThreads && threads !== undefined)
        this.#thread = this.#threads[threads[entry] ?? 0] ??= new PendingThread();
      this.#readEntry(entry);
    }
    this.pieces.close();
  }

  /** The level of whatever came next. */
  get level(): number {
    return this.#base.level;
  }

  /** Hash of the base of a level that an acknowledgement saw, and of level 0; undefined for others. */
  hashAt(level: number): HashSum | undefined {
    return this.#hashOfLevel.get(level);
  }

  /** Which of `pieces.pages` a page (address / 4096) is; undefined when nothing was stored to it. */
  slotOfPage(pageIndex: number): number | undefined {
    return this.#pageSlots.get(pageIndex);
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
        return this.#readLines(entry, (page, line) => this.#cover(page, line, this.#thread.covered));
      case EntryKind.clflush:
        return this.#readLines(entry, (page, line, lineAddress) => this.#flush(page, line, lineAddress));
      case EntryKind.sfence:
        return this.#fence(false);
      case EntryKind.mfence:
      case EntryKind.lockedNoStore:
        return this.#fence(true);
      case EntryKind.lockedStore:
        return this.#readLocked(entry);
      case EntryKind.flushHint:
        return this.#drained.hint(at(this.#record.addresses, entry), this.#base.useLevel());
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
    const count = at(this.#record.counts, entry);
    if (this.#rangeIndexOf(address) < 0) return;
    if (unit === WORD_SIZE_BYTES && address % WORD_SIZE_BYTES === 0 && flags === SHAPE_NON_TEMPORAL)
      return this.#addWholeWords(entry, address, count, data);
    for (let done = 0; done < unit * count; done += unit)
      this.#cut(entry, address + done, unit, data + done, flags);
  }

  #readString(entry: number): void {
    const address = at(this.#record.addresses, entry);
    if (this.#rangeIndexOf(address) < 0) return;
    const isUnordered = this.setting.stringStores === 'unordered';
    const first = this.pieces.count;
    const size = at(this.#record.unitSizes, entry);
    const data = at(this.#record.dataPositions, entry);
    this.#cut(entry, address, size, data, isUnordered ? SHAPE_UNORDERED : 0);
    if (!isUnordered) return;
    for (let piece = first; piece < this.pieces.count; piece++) this.#requireAfterCached(piece);
  }

  #readLocked(entry: number): void {
    this.#fence(true);
    this.#readStores(entry, 0);
    // Nothing later passes a locked instruction, so its own store counts as fenced.
    this.#thread.levelAtFence = this.#base.useLevel();
    this.#thread.piecesAtFence = this.pieces.count;
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
    const piece = this.pieces.add(page, slot * PAGE_WORDS, word, entry, data, shape);
    this.#base.useLevel();
    if ((shape & SHAPE_NON_TEMPORAL) !== 0) {
      this.#orderNonTemporal(page, word, piece);
      this.#thread.noteNonTemporal(piece, piece + 1);
    } else {
      this.#orderCached(page, word, piece, (shape & SHAPE_UNORDERED) === 0);
    }
  }

  /** The fast way for most of what a driver stores: aligned 8-byte non-temporal stores. */
  #addWholeWords(entry: number, address: number, count: number, data: number): void {
    const first = this.pieces.count;
    this.#base.useLevel();
    let done = 0;
    while (done < count) {
      const start = address + done * WORD_SIZE_BYTES;
      const slot = this.#slotOf(start);
      const page = this.pieces.pages[slot];
      if (page === undefined) return;
      const word = (start % PAGE_SIZE_BYTES) / WORD_SIZE_BYTES;
      const size = Math.min(PAGE_WORDS - word, count - done);
      const piece = this.pieces.addWholeWords(page, slot * PAGE_WORDS, {
        word,
        size,
        entry,
        data: data + done * WORD_SIZE_BYTES,
      });
      this.#orderNonTemporalRun(page, word, piece, size);
      done += size;
    }
    this.#thread.noteNonTemporal(first, this.pieces.count);
  }

  #orderCached(page: PageHistory, word: number, piece: number, growNow: boolean): void {
    const line = Math.floor(word / LINE_WORDS);
    this.pieces.levels[piece] = this.level;
    this.pieces.cachedBefore[piece] = page.newestCachedOfLine(line);
    page.noteCached(word, piece, at(this.pieces.previousInWord, piece));
    if (growNow) this.#requireAfterCached(piece);
  }

  /** What every later cached store must wait for because this one became visible. */
  #requireAfterCached(piece: number): void {
    const page = this.pieces.pageOf(piece);
    const word = at(this.pieces.words, piece) % PAGE_WORDS;
    const nonTemporal = page.newestNonTemporalOfWord(word);
    if (nonTemporal >= 0) this.#base.requireNonTemporal(page, nonTemporal);
    if (this.setting.domain === 'eadr') this.#base.require(page, piece);
  }

  /**
   * What a non-temporal store must wait for: what its thread has fenced. With several threads that would be too little, because
   * loads are not recorded by which it may have seen what others did, so it is given its place in the recorded order.
   */
  get #levelOfNonTemporal(): number {
    return this.#hasThreads ? this.#base.level : this.#thread.levelAtFence;
  }

  #orderNonTemporal(page: PageHistory, word: number, piece: number): void {
    const { levels, cachedBefore } = this.pieces;
    const sameWord = page.newestCachedOfWord(word);
    const levelAtFlush = this.#thread.levelAtFlush.get(lineAddressOf(page, word)) ?? 0;
    const levelOfWord = sameWord < 0 ? 0 : at(levels, sameWord);
    levels[piece] = Math.max(this.#levelOfNonTemporal, levelAtFlush, levelOfWord);
    page.noteNonTemporal(word, piece);
    if (!this.#isWriteBack) return;
    let before = page.newestCachedOfLine(Math.floor(word / LINE_WORDS));
    while (before >= this.#thread.piecesAtFence && before > sameWord) before = at(cachedBefore, before);
    const isPartOfString =
      before >= this.#thread.piecesAtFence && before >= 0 && this.pieces.isUnordered(before);
    cachedBefore[piece] = isPartOfString ? alone(before) : before;
  }

  #orderNonTemporalRun(page: PageHistory, firstWord: number, firstPiece: number, count: number): void {
    this.pieces.levels.fill(this.#levelOfNonTemporal, firstPiece, firstPiece + count);
    if (!page.hasCached && !this.#isWriteBack && this.#thread.levelAtFlush.size === 0) return;
    for (let index = 0; index < count; index++)
      this.#orderNonTemporal(page, firstWord + index, firstPiece + index);
  }

  // ---- write-backs, fences, acknowledgements

  #readLines(
    entry: number,
    visit: (page: PageHistory | undefined, line: number, lineAddress: number) => void,
  ): void {
    const address = at(this.#record.addresses, entry);
    const count = at(this.#record.counts, entry);
    if (count > MANY_LINES && this.#record.kinds[entry] !== EntryKind.clflush)
      return this.#readKnownLines(address, count, visit);
    for (let index = 0; index < count; index++) {
      const lineAddress = address + index * LINE_SIZE_BYTES;
      const offset = lineAddress % PAGE_SIZE_BYTES;
      const slot = this.#pageSlots.get((lineAddress - offset) / PAGE_SIZE_BYTES);
      const page = slot === undefined ? undefined : this.pieces.pages[slot];
      visit(page, Math.floor(offset / LINE_SIZE_BYTES), lineAddress);
    }
  }

  /** Lines of pages that anything was stored to, for stretches as long as a file. */
  #readKnownLines(
    address: number,
    count: number,
    visit: (page: PageHistory | undefined, line: number, lineAddress: number) => void,
  ): void {
    const end = address + count * LINE_SIZE_BYTES;
    for (const page of this.pieces.pages) {
      const start = page.pageIndex * PAGE_SIZE_BYTES;
      for (let offset = 0; offset < PAGE_SIZE_BYTES; offset += LINE_SIZE_BYTES)
        if (start + offset >= address && start + offset < end)
          visit(page, offset / LINE_SIZE_BYTES, start + offset);
    }
  }

  /** `page` is undefined when nothing was stored to it. */
  #cover(page: PageHistory | undefined, line: number, covered: number[]): void {
    const newest = page?.newestCachedOfLine(line) ?? -1;
    if (newest >= 0 && this.setting.domain !== 'eadr') covered.push(newest);
  }

  #flush(page: PageHistory | undefined, line: number, lineAddress: number): void {
    if (this.setting.clflushOrdering === 'amd') return this.#cover(page, line, this.#thread.coveredForMfence);
    if (page !== undefined) this.#requireFlushed(page, line);
    // The clflush of a line without stores, too, waits for all that came before it.
    if (this.setting.flushCoversNonTemporal)
      this.#thread.levelAtFlush.set(lineAddress, this.#base.useLevel());
  }

  #requireFlushed(page: PageHistory, line: number): void {
    if (this.setting.domain !== 'eadr') this.#base.requireCachedUpTo(page, page.newestCachedOfLine(line));
    if (!this.setting.flushCoversNonTemporal) return;
    for (let word = line * LINE_WORDS; word < (line + 1) * LINE_WORDS; word++) {
      const newest = page.newestNonTemporalOfWord(word);
      if (newest >= 0) this.#base.requireNonTemporal(page, newest);
    }
  }

  #fence(isFull: boolean): void {
    const thread = this.#thread;
    this.#complete(thread.covered);
    if (isFull) this.#complete(thread.coveredForMfence);
    this.#completeNonTemporal(thread.nonTemporalRuns);
    thread.levelAtFlush.clear();
    // Later non-temporal stores refer to this level, so a clflush right after the fence must not add to it.
    thread.levelAtFence = this.#base.useLevel();
    thread.piecesAtFence = this.pieces.count;
    this.#drained.fence();
  }

  #completeNonTemporal(runs: number[]): void {
    for (let index = 0; index < runs.length; index += 2) {
      const [from, to] = [runs[index] ?? 0, runs[index + 1] ?? 0];
      if (!this.#hasThreads) this.#base.requireRun(from, to);
      // What another thread stored to the word before, and has not fenced, goes with it.
      else
        for (let piece = from; piece < to; piece++)
          this.#base.requireNonTemporal(this.pieces.pageOf(piece), piece);
    }
    runs.length = 0;
  }

  #complete(covered: number[]): void {
    for (const piece of covered) this.#base.requireCachedUpTo(this.pieces.pageOf(piece), piece);
    covered.length = 0;
  }

  #acknowledge(entry: number): void {
    const level = this.#base.useLevel();
    const baseHash = new HashSum();
    baseHash.copyFrom(this.#base.hash);
    this.#hashOfLevel.set(level, baseHash);
    this.acknowledgements.push({
      operation: at(this.#record.counts, entry),
      entry,
      pieceCount: this.pieces.count,
      level,
      baseHash,
      openPieces: this.#open.note(),
      oldestOpen: this.#open.oldest,
      drainedLevels: this.setting.domain === 'none' ? this.#drained.levels(this.source.ranges) : undefined,
    });
  }

  // ---- places

  #rangeIndexOf(address: number): number {
    const { ranges } = this.source;
    if (holds(ranges[this.#lastRangeIndex], address)) return this.#lastRangeIndex;
    const index = ranges.findIndex((range) => holds(range, address));
    if (index >= 0) this.#lastRangeIndex = index;
    return index;
  }

  #slotOf(address: number): number {
    const pageIndex = Math.floor(address / PAGE_SIZE_BYTES);
    if (pageIndex === this.#lastPageIndex) return this.#lastSlot;
    let slot = this.#pageSlots.get(pageIndex);
    if (slot === undefined) {
      slot = this.pieces.pages.length;
      const initial = this.source.initialMedia.get(pageIndex);
      this.pieces.addPage({ pageIndex, rangeIndex: this.#rangeIndexOf(address) }, initial);
      this.#pageSlots.set(pageIndex, slot);
    }
    this.#lastPageIndex = pageIndex;
    this.#lastSlot = slot;
    return slot;
  }
}

/** Whether an address is persistent memory of `range`. */
const holds = (range: MemoryRange | undefined, address: number): boolean =>
  range !== undefined &&
  range.kind === 'persistent' &&
  address >= range.start &&
  address < range.start + range.sizeBytes;

function lineAddressOf(page: PageHistory, word: number): number {
  return page.pageIndex * PAGE_SIZE_BYTES + Math.floor(word / LINE_WORDS) * LINE_SIZE_BYTES;
}
