/**
 * Which pages of a mapping were dirty when the real kernel synced it: a row does not say, but what was written back does,
 * whichever instruction did it.
 */
import { PAGE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import type { RowContext } from './context.ts';
import { type TraceEvent, isWriteBack } from './events.ts';
import { isAfterStore } from './gate.ts';
import { memberPlace } from './member-place.ts';
import type { TraceRow } from './row.ts';
import type { RowFile } from './row-file.ts';

const LINES_PER_PAGE = PAGE_SIZE_BYTES / 64;

/**
 * The pages of `sizeBytes` bytes from the place of the operation on that are dirty: those whose lines the real kernel wrote
 * back. Where it wrote back none although a store came before (the name says so), the first page is dirty all the same:
 * a missing write-back must show. Returns their places in the file.
 */
export function dirtyPages(context: RowContext, file: RowFile, sizeBytes: number): number[] {
  const { row } = context;
  const start = roundDown(file.offset, PAGE_SIZE_BYTES);
  const pageCount = Math.max(1, Math.ceil((file.offset - start + sizeBytes) / PAGE_SIZE_BYTES));
  const pages = Array.from({ length: pageCount }, (_, index) => start + index * PAGE_SIZE_BYTES);
  if (row.events === undefined) return pages.slice(0, countedPages(row));
  const lines = row.events.filter(({ letter }) => isWriteBack(letter));
  if (lines.length === 0) return isAfterStore(row.op) ? pages.slice(0, 1) : [];
  // A page of 2 MiB is dirty as a whole.
  if (row.op.endsWith('_big')) return pages.slice(0, 1);
  if (file.isPlaced) return pages.filter((page) => holdsLine(context, page, lines));
  return pagesFrom(row, lines).map((offset) => start + offset);
}

/** Pages that were written back, relative to the row's page or, where places are on the device, to the first one. */
function pagesFrom(row: TraceRow, lines: readonly TraceEvent[]): number[] {
  const places = lines.flatMap(({ place, count }) =>
    Array.from({ length: Math.ceil(count / LINES_PER_PAGE) }, (_, page) =>
      roundDown(place + page * PAGE_SIZE_BYTES, PAGE_SIZE_BYTES),
    ),
  );
  const first = row.isRelativeToPage ? 0 : Math.min(...places);
  return [...new Set(places)].map((place) => place - first);
}

/** Whether the real kernel wrote back lines of a page of the device. */
function holdsLine({ place }: RowContext, page: number, lines: readonly TraceEvent[]): boolean {
  const { index, offset } = memberPlace(place, page);
  const name = place.members.length > 1 ? place.members[index] : undefined;
  return lines.some(
    (line) =>
      (name === undefined || line.member === name) &&
      line.place < offset + PAGE_SIZE_BYTES &&
      offset < line.place + line.count * line.sizeBytes,
  );
}

/** Dirty pages of a row that only counts: 64 write-backs each. */
function countedPages({ op, counts = {} }: TraceRow): number {
  const counted = Object.entries(counts).filter(([key]) => /^[WOX]@/.test(key));
  const lineCount = counted.reduce((sum, [, value]) => sum + value, 0);
  return lineCount === 0 && isAfterStore(op) ? 1 : Math.ceil(lineCount / LINES_PER_PAGE);
}
