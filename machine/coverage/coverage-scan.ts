/**
 * Reads a record and counts where the rules had something to decide. It follows which lines hold stores that nothing
 * has made durable yet; a line that is stored to again after its write-back counts as undecided as a whole. This only
 * says what a run tried; what follows from it is worked out in `persists-before.ts`.
 */
import type { RecordedClass, RecordedRule } from './recorded-rules.ts';
import { CoveragePairs, hasSeveral, type Places } from './coverage-pairs.ts';
import type { MemoryRange } from '../hardware/memory.ts';
import type { PersistencySetting } from '../order/persistency-setting.ts';
import { EntryKind, type InstructionRecord } from '../hardware/record.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '../hardware/units.ts';

/** A line with cached stores that may not have persisted. */
interface DirtyLine {
  words: number;
  /** The entry of its first store. */
  readonly firstStore: number;
  /** Whether a write-back has come after its newest store. */
  isWrittenBack: boolean;
}

const ALL_WORDS = 0xff;
const NOWHERE: Places = new Map();

export class CoverageScan {
  readonly rules = new Map<RecordedRule, number>();
  readonly pairs = new CoveragePairs();
  readonly #record: InstructionRecord;
  readonly #persistent: readonly MemoryRange[] | undefined;
  readonly #setting: PersistencySetting;
  readonly #isEadr: boolean;
  readonly #dirty = new Map<number, DirtyLine>();
  readonly #writtenBack = new Set<number>();
  /** Words of non-temporal stores since the last fence. */
  readonly #nonTemporal = new Map<number, number>();
  // What has been made certain for whatever comes next, by the rule that says so.
  readonly #settled = new Set<RecordedRule>();
  #flushedSinceFence = false;
  #hasCached = false;
  #fence = -1;

  constructor(
    record: InstructionRecord,
    ranges: readonly MemoryRange[] | undefined,
    setting: PersistencySetting,
  ) {
    this.#record = record;
    this.#persistent = ranges?.filter(({ kind }) => kind === 'persistent');
    this.#setting = setting;
    this.#isEadr = setting.domain === 'eadr';
  }

  run(): void {
    const { length, loads } = this.#record;
    if (loads > 0) this.#use('R2', loads);
    if (length > 0) this.#use('R7');
    for (let entry = 0; entry < length; entry++) this.#readEntry(entry);
  }

  #readEntry(entry: number): void {
    const address = this.#record.addresses[entry] ?? 0;
    const unitSize = this.#record.unitSizes[entry] ?? 0;
    switch (this.#record.kinds[entry]) {
      case EntryKind.storeCached:
      case EntryKind.storeString:
        return this.#store(entry, 'W');
      case EntryKind.storeNonTemporal:
        return this.#store(entry, 'NT');
      case EntryKind.clwb:
      case EntryKind.clflushopt:
        return this.#writeBack(entry);
      case EntryKind.clflush:
        return this.#flush(entry);
      case EntryKind.sfence:
        this.#use('R1');
        this.#use('R5e');
        return this.#fenceBy(entry, 'SF');
      case EntryKind.mfence:
        this.#use('R3');
        return this.#fenceBy(entry, 'MF');
      case EntryKind.lockedNoStore:
        this.#use('R4-failed');
        return this.#fenceBy(entry, 'RMW');
      case EntryKind.lockedStore:
        this.#use('R4');
        this.#fenceBy(entry, 'RMW');
        return this.#storeCached(entry, this.#placesOf(address, unitSize), false);
      case EntryKind.flushHint:
        if (this.#setting.domain === 'none') this.#use('own-hint');
        return;
      default:
        this.#use('R5a-volatile');
        this.#follow(['C3', 'C4', 'C5']);
    }
  }

  // ---- stores

  #store(entry: number, kind: 'W' | 'NT'): void {
    const address = this.#record.addresses[entry] ?? 0;
    const unit = this.#record.unitSizes[entry] ?? 0;
    const count = this.#record.counts[entry] ?? 0;
    // Runs of whole words are one step; parts of words meet each other and go one by one.
    const step = unit % WORD_SIZE_BYTES === 0 && address % WORD_SIZE_BYTES === 0 ? unit * count : unit;
    for (let done = 0; done < unit * count; done += step) this.#storeAt(entry, kind, address + done, step);
  }

  #storeAt(entry: number, kind: 'W' | 'NT', address: number, sizeBytes: number): void {
    this.#use('R1');
    const places = this.#placesOf(address, sizeBytes);
    const isRun = sizeBytes > WORD_SIZE_BYTES;
    this.pairs.add(kind, places, isRun);
    if (places.size === 0) return this.#use('R5a-volatile');
    if (this.#setting.domain === 'none') this.#use('own-queue');
    if (kind === 'W') this.#storeCached(entry, places, isRun);
    else this.#storeNonTemporal(places);
  }

  #storeCached(entry: number, places: Places, isRun: boolean): void {
    if (places.size === 0) return;
    this.#use(this.#isEadr ? 'R5a-eADR' : 'R5a');
    if (!this.#isEadr) this.#use('R6');
    if (this.#isEadr && (isRun || this.#hasCached)) this.#use('C-eADR');
    this.#hasCached = true;
    this.#follow(['C3', 'C4', 'C5', 'C7']);
    for (const [line, words] of places) {
      // A run's next store already follows the one over a non-temporal store.
      if (isRun) this.#follow(['C7']);
      const dirty = this.#dirty.get(line);
      if (!this.#isEadr && (dirty !== undefined || (isRun && hasSeveral(words)))) this.#use('C1');
      const over = (this.#nonTemporal.get(line) ?? 0) & words;
      if (over !== 0) this.#settled.add('C7');
      if (isRun && over !== 0 && (over & -over) * 2 <= words) this.#follow(['C7']);
      if (over !== 0 || ((dirty?.words ?? 0) & words) !== 0) this.#use('C2');
      this.#soil(entry, line, words, dirty);
    }
  }

  #soil(entry: number, line: number, words: number, dirty: DirtyLine | undefined): void {
    if (dirty === undefined) {
      this.#dirty.set(line, { words, firstStore: entry, isWrittenBack: false });
      return;
    }
    dirty.words |= words;
    dirty.isWrittenBack = false;
  }

  #storeNonTemporal(places: Places): void {
    const isIndependent = this.#setting.nonTemporalInDirtyLine === 'independent';
    this.#follow(['C4', 'C5', 'C8']);
    for (const [line, words] of places) {
      const dirty = this.#dirty.get(line);
      const before = this.#nonTemporal.get(line) ?? 0;
      const isOverCached = ((dirty?.words ?? 0) & words) !== 0;
      if (isOverCached || (before & words) !== 0) this.#use('C2');
      if (dirty !== undefined && !this.#isEadr) {
        this.#use(isIndependent ? 'R5b-independent' : 'R5b-write-back');
        if (isIndependent && isOverCached) this.#use('C-1.3a');
        if (!isIndependent && dirty.firstStore < this.#fence) this.#use('C6');
      }
      this.#nonTemporal.set(line, before | words);
    }
  }

  // ---- write-backs and fences

  #writeBack(entry: number): void {
    this.#use('R1');
    this.#use('R5d');
    const places = this.#linesOf(entry);
    this.pairs.add('FO', places, places.size > 1);
    for (const line of places.keys()) {
      const dirty = this.#dirty.get(line);
      if (dirty === undefined) continue;
      dirty.isWrittenBack = true;
      this.#writtenBack.add(line);
    }
  }

  #flush(entry: number): void {
    this.#use('R1');
    this.#use('R5c');
    const places = this.#linesOf(entry);
    this.pairs.add('FL', places, places.size > 1);
    if (this.#isEadr) return;
    for (const line of places.keys()) {
      if (!this.#dirty.delete(line)) continue;
      this.#settled.add('C3');
      this.#flushedSinceFence = true;
    }
  }

  #fenceBy(entry: number, kind: RecordedClass): void {
    this.pairs.add(kind, NOWHERE, false);
    for (const line of this.#writtenBack) {
      const dirty = this.#dirty.get(line);
      if (dirty === undefined) continue;
      if (!this.#isEadr) this.#settled.add('C4');
      if (dirty.isWrittenBack) this.#dirty.delete(line);
    }
    if (this.#nonTemporal.size > 0) this.#settled.add('C5');
    if (this.#flushedSinceFence) this.#settled.add('C8');
    this.#writtenBack.clear();
    this.#nonTemporal.clear();
    this.#settled.delete('C7');
    this.#flushedSinceFence = false;
    this.#fence = entry;
  }

  #use(rule: RecordedRule, times = 1): void {
    this.rules.set(rule, (this.rules.get(rule) ?? 0) + times);
  }

  /** Something comes that waits for what these rules have settled. */
  #follow(rules: readonly RecordedRule[]): void {
    for (const rule of rules) if (this.#settled.delete(rule)) this.#use(rule);
  }

  // ---- places

  /** The words that a store writes; nothing for volatile memory. */
  #placesOf(address: number, size: number): Places {
    if (size === 0 || !this.#isPersistent(address)) return NOWHERE;
    const places = new Map<number, number>();
    const end = address + size;
    for (let line = Math.floor(address / LINE_SIZE_BYTES); line * LINE_SIZE_BYTES < end; line++) {
      const start = line * LINE_SIZE_BYTES;
      const first = Math.floor(Math.max(0, address - start) / WORD_SIZE_BYTES);
      const last = Math.floor((Math.min(end, start + LINE_SIZE_BYTES) - 1 - start) / WORD_SIZE_BYTES);
      places.set(line, (ALL_WORDS << first) & (ALL_WORDS >> (LINE_SIZE_BYTES / WORD_SIZE_BYTES - 1 - last)));
    }
    return places;
  }

  #linesOf(entry: number): Places {
    const first = Math.floor((this.#record.addresses[entry] ?? 0) / LINE_SIZE_BYTES);
    const places = new Map<number, number>();
    for (let index = 0; index < (this.#record.counts[entry] ?? 0); index++)
      places.set(first + index, ALL_WORDS);
    return places;
  }

  #isPersistent(address: number): boolean {
    const ranges = this.#persistent;
    return (
      ranges === undefined ||
      ranges.some(({ start, sizeBytes }) => address >= start && address < start + sizeBytes)
    );
  }
}
