/**
 * The kernel's table of bad sectors (block/badblocks.c of v4.12), with the table algorithm as it was: at most 512
 * entries of up to 512 sectors, looked up by binary search, and with its known defects kept (nvdimm-and-firmware.md
 * 11.6): a long new range is stored in falling pieces, so that lookups miss parts of it, and a range over three or
 * more entries loses its tail.
 */
import { EINVAL, ENOSPC } from '../errno.ts';

/** Entries of one table: a page of 8-byte words. */
export const MAX_BADBLOCKS = 512;

/** Longest entry, in sectors. */
const BB_MAX_LEN = 512;

/** One entry: `length` sectors from `start`. */
export interface BadRange {
  start: number;
  length: number;
  acknowledged: boolean;
}

export interface BadBlocks {
  readonly ranges: BadRange[];
}

/** badblocks_init. */
export function newBadBlocks(): BadBlocks {
  return { ranges: [] };
}

const endOf = (range: BadRange): number => range.start + range.length;

/** Index of the last entry that starts at or before `sector`, found by bisection over the first `high` entries. */
function lastStartingAtOrBefore(ranges: readonly BadRange[], sector: number): number {
  let low = 0;
  let high = ranges.length;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((ranges[middle]?.start ?? 0) <= sector) low = middle;
    else high = middle;
  }
  return low;
}

/** Result of a lookup: 0 good, 1 bad and acknowledged, -1 bad with an unacknowledged part; `first` is the lowest overlap. */
export interface BadBlocksAnswer {
  readonly state: 0 | 1 | -1;
  readonly first?: BadRange;
}

/** badblocks_check(bb, s, sectors): bisects to the last entry that starts before the end, then walks down. */
export function badblocksCheck(table: BadBlocks, start: number, sectors: number): BadBlocksAnswer {
  const { ranges } = table;
  const end = start + sectors;
  if (ranges.length === 0) return { state: 0 };
  let low = 0;
  let high = ranges.length;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((ranges[middle]?.start ?? 0) < end) low = middle;
    else high = middle;
  }
  let state: 0 | 1 | -1 = 0;
  let first: BadRange | undefined;
  if (high <= low) return { state };
  for (let index = low; index >= 0; index--) {
    const range = ranges[index];
    // In a table that is out of order the walk stops at an entry behind the range, as in C.
    if (range === undefined || endOf(range) <= start || range.start >= end) break;
    state = state === -1 || !range.acknowledged ? -1 : 1;
    first = range;
  }
  return first === undefined ? { state } : { state, first };
}

/**
 * badblocks_set(bb, s, sectors, acknowledged). Returns 0, or 1 when the table is full or the length is 0 (parts may
 * have been entered).
 */
export function badblocksSet(table: BadBlocks, start: number, sectors: number, acknowledged: boolean): 0 | 1 {
  if (sectors === 0) return 1;
  const insertion = new Insertion(table.ranges, start, sectors, acknowledged);
  insertion.mergeWithPredecessor();
  insertion.mergeWithSuccessor();
  insertion.joinNeighbours();
  return insertion.insertRest();
}

/** The local variables of badblocks_set: the rest of the new range and the entries around its place. */
class Insertion {
  readonly ranges: BadRange[];
  readonly acknowledged: boolean;
  start: number;
  sectors: number;
  /** Entry at or before the new range. */
  low: number;
  /** Entry after it. */
  high: number;

  constructor(ranges: BadRange[], start: number, sectors: number, acknowledged: boolean) {
    this.ranges = ranges;
    this.acknowledged = acknowledged;
    this.start = start;
    this.sectors = sectors;
    this.low = lastStartingAtOrBefore(ranges, start);
    this.high = ranges.length === 0 ? 0 : this.low + 1;
    if (this.high > this.low && (ranges[this.low]?.start ?? 0) > start) this.high = this.low;
  }

  /** Extends the entry before the new range when they touch or overlap. */
  mergeWithPredecessor(): void {
    const before = this.high > this.low ? this.ranges[this.low] : undefined;
    if (before === undefined) return;
    let from = before.start;
    let to = endOf(before);
    let acknowledged = before.acknowledged;
    if (to >= this.start) {
      if (this.start === from && this.start + this.sectors >= to) acknowledged = this.acknowledged;
      else acknowledged = acknowledged && this.acknowledged;
      to = Math.max(to, this.start + this.sectors);
      if (to - from <= BB_MAX_LEN) {
        this.replace(this.low, from, to - from, acknowledged);
        to = Math.max(to, this.start + this.sectors);
      } else {
        if (before.length !== BB_MAX_LEN) this.replace(this.low, from, BB_MAX_LEN, acknowledged);
        to = from + BB_MAX_LEN;
      }
      from = to;
      this.sectors = Math.max(0, this.start + this.sectors - to);
      this.start = to;
    }
  }

  /** Extends the entry after the new range downwards when they touch or overlap. */
  mergeWithSuccessor(): void {
    const after = this.sectors > 0 ? this.ranges[this.high] : undefined;
    if (after === undefined || after.start > this.start + this.sectors) return;
    const end = Math.max(endOf(after), this.start + this.sectors);
    const covers = this.start + this.sectors >= endOf(after);
    const acknowledged = covers ? this.acknowledged : after.acknowledged && this.acknowledged;
    const from = this.start;
    if (end - from <= BB_MAX_LEN) {
      this.replace(this.high, from, end - from, acknowledged);
      this.start = end;
    } else {
      this.replace(this.high, from, BB_MAX_LEN, acknowledged);
      this.start = from + BB_MAX_LEN;
    }
    this.sectors = Math.max(0, end - this.start);
    this.low = this.high;
    this.high++;
  }

  /** Joins the entry before and the one after when the new range closed the gap between them. */
  joinNeighbours(): void {
    if (this.sectors !== 0 || this.high >= this.ranges.length) return;
    const low = this.ranges[this.low];
    const high = this.ranges[this.high];
    if (low === undefined || high === undefined || low === high || endOf(low) < high.start) return;
    const length = low.length + high.length - (endOf(low) - high.start);
    if (length >= BB_MAX_LEN) return;
    this.replace(this.low, low.start, length, low.acknowledged && high.acknowledged);
    this.ranges.splice(this.high, 1);
  }

  /** Enters what is left in pieces, each *before* the last one: the place does not move on (the ordering defect). */
  insertRest(): 0 | 1 {
    while (this.sectors > 0) {
      if (this.ranges.length >= MAX_BADBLOCKS) return 1;
      const length = Math.min(this.sectors, BB_MAX_LEN);
      this.ranges.splice(this.high, 0, { start: this.start, length, acknowledged: this.acknowledged });
      this.sectors -= length;
      this.start += length;
    }
    return 0;
  }

  replace(index: number, start: number, length: number, acknowledged: boolean): void {
    this.ranges[index] = { start, length, acknowledged };
  }
}

/** badblocks_clear(bb, s, sectors): trims, deletes or splits. Returns 0, or -ENOSPC when a split has no room. */
export function badblocksClear(table: BadBlocks, start: number, sectors: number): number {
  const { ranges } = table;
  const end = start + sectors;
  if (ranges.length === 0) return 0;
  let low = lastStartingAtOrBefore(ranges, end - 1);
  const last = ranges[low];
  if (last !== undefined && last.start < end && endOf(last) > end) {
    if (last.start < start) {
      if (ranges.length >= MAX_BADBLOCKS) return -ENOSPC;
      ranges.splice(low + 1, 0, { ...last, start: end, length: endOf(last) - end });
      last.length = start - last.start;
      return 0;
    }
    ranges[low] = { ...last, start: end, length: endOf(last) - end };
    low--;
  }
  for (let index = low; index >= 0; index--) {
    const range = ranges[index];
    // In a table that is out of order the walk stops at an entry behind the range, as in C.
    if (range === undefined || endOf(range) <= start || range.start >= end) break;
    if (range.start < start) {
      range.length = start - range.start;
      break;
    }
    ranges.splice(index, 1);
  }
  return 0;
}

/** badblocks_show: one line "SECTOR LENGTH" an entry; empty when there is none. */
export function badblocksShow(table: BadBlocks): string {
  return table.ranges.map((range) => `${range.start} ${range.length}\n`).join('');
}

/**
 * badblocks_store: parses "SECTOR LENGTH" with an optional newline (`%d` wraps to 32 bits) and enters the range as
 * acknowledged. Returns the length of `text`, -EINVAL or -ENOSPC.
 */
export function badblocksStore(table: BadBlocks, text: string): number {
  const match = /^\s*(\d+)\s+(-?\d+)(\n?)$/.exec(text);
  if (match === null) return -EINVAL;
  const length = Number(BigInt.asIntN(32, BigInt(match[2] ?? '0')));
  if (length <= 0) return -EINVAL;
  return badblocksSet(table, Number(match[1]), length, true) === 0 ? text.length : -ENOSPC;
}
