/** Which cache lines a run stores to, and which of them are shown where there are too many. */
import type { InstructionRecord } from '../hardware/record.ts';
import { LINE_SIZE_BYTES, roundDown } from '../hardware/units.ts';

/** Lines that a timeline shows at most: 4,096 words. */
export const LINES_MAX = 512;

/** Addresses of the lines that entries `[from, to)` store to. */
export function storedLines(record: InstructionRecord, from = 0, to = record.length): Set<number> {
  const lines = new Set<number>();
  for (let entry = from; entry < to; entry++) {
    const { length } = record.dataOf(entry);
    const address = record.addresses[entry] ?? 0;
    if (length === 0) continue;
    for (let line = roundDown(address, LINE_SIZE_BYTES); line < address + length; line += LINE_SIZE_BYTES)
      lines.add(line);
  }
  return lines;
}

/**
 * The lines to show of `all`: nothing, which means all, where they are few; else `wanted`, as many as there is room for, and the
 * first and the last of the others.
 */
export function shownLines(
  all: ReadonlySet<number>,
  wanted: Iterable<number>,
  linesMax: number = LINES_MAX,
): ReadonlySet<number> | undefined {
  if (all.size <= linesMax) return undefined;
  const shown = new Set<number>();
  for (const line of wanted) if (shown.size < linesMax && all.has(line)) shown.add(line);
  const others = [...all].sort((left, right) => left - right).filter((line) => !shown.has(line));
  const room = linesMax - shown.size;
  const first = Math.ceil(room / 2);
  for (const line of [...others.slice(0, first), ...others.slice(others.length - (room - first))])
    shown.add(line);
  return shown;
}
