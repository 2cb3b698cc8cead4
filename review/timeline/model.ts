/** A timeline made ready to be shown: rows of both sides, and where things stand on the axis. */
import type { Timeline, TimelineInstruction } from '#base/timeline.ts';
import { SideHistory } from './history.ts';
import { differingWords, rowsOf, type SideRows } from './tracks.ts';

export interface TimelineModel {
  readonly timeline: Timeline;
  /** Prefix of the ids in the page. */
  readonly id: string;
  readonly sides: readonly SideRows[];
  /** Crash points right behind a return, ascending. */
  readonly returns: readonly number[];
}

/** Makes a timeline ready. */
export function modelOf(timeline: Timeline, id: string): TimelineModel {
  const histories = timeline.sides.map((_, side) => new SideHistory(timeline, side));
  const returns = timeline.columns.flatMap((_, column) =>
    isReturn(anyInstruction(timeline, column)) ? [column + 1] : [],
  );
  return { timeline, id, sides: histories.map((history) => rowsOf(timeline, history)), returns };
}

/** What a reader chose to see of a timeline. */
export interface Choice {
  /** Rows of only those words that the sides do not treat alike, or lines with such a word. */
  readonly isShortened: boolean;
  /** A row a cache line. */
  readonly isByLine: boolean;
}

/** The same with the rows that a reader chose. */
export function shownAs(model: TimelineModel, { isShortened, isByLine }: Choice): TimelineModel {
  const histories = model.sides.map(({ history }) => history);
  const view = { isByLine, ...(isShortened && { words: differingWords(model.timeline, histories) }) };
  return { ...model, sides: histories.map((history) => rowsOf(model.timeline, history, view)) };
}

const isReturn = (instruction: TimelineInstruction | undefined): boolean => instruction?.kind === 'return';

/** The instruction of a side in a column. */
export function instructionAt(
  { columns, sides }: Timeline,
  column: number,
  side: number,
): TimelineInstruction | undefined {
  const index = columns[column]?.instructions[side] ?? -1;
  return index < 0 ? undefined : sides[side]?.instructions[index];
}

/** The instruction of whichever side has one in a column. */
export function anyInstruction(timeline: Timeline, column: number): TimelineInstruction | undefined {
  return instructionAt(timeline, column, 0) ?? instructionAt(timeline, column, 1);
}

/** How many images a power failure may leave at a crash point; `null` where nobody counted. */
export function imagesAt({ sides }: TimelineModel, side: number, point: number): string | null {
  const rows = sides[side];
  const instant = rows?.history.instantAt[point] ?? 0;
  return rows?.history.side.instants[instant]?.images ?? null;
}

/** Whether the sides may leave something else at a crash point: other numbers of images, or where nobody counted other words. */
function differAt(model: TimelineModel, point: number): boolean {
  const [left, right] = [imagesAt(model, 0, point), imagesAt(model, 1, point)];
  return left === null || right === null ? firstDifference(model, point) !== undefined : left !== right;
}

/** The first word that the sides may leave differently at a crash point. */
export function firstDifference({ timeline, sides }: TimelineModel, point: number): number | undefined {
  const [left, right] = sides.map(({ history }) => history);
  if (left === undefined || right === undefined) return undefined;
  for (const word of timeline.words.keys()) {
    const one = left.word(word, left.instantAt[point] ?? 0);
    const other = right.word(word, right.instantAt[point] ?? 0);
    if (
      one?.uncertain !== other?.uncertain ||
      one?.smallest !== other?.smallest ||
      one?.largest !== other?.largest
    )
      return word;
  }
  return undefined;
}

/**
 * The crash point to begin with: where a promise first breaks, else the first return at which the sides may leave differently
 * many images, else the first instant of that sort, else the end.
 */
export function firstPoint(model: TimelineModel): number {
  const broken = model.sides.flatMap(({ history }) =>
    history.side.broken.map(({ instant }) => (history.columnOf[instant] ?? 0) + 1),
  );
  if (broken.length > 0) return Math.min(...broken);
  const count = model.timeline.columns.length;
  if (model.sides.length < 2) return count;
  const differs = (point: number): boolean => differAt(model, point);
  const atReturn = model.returns.find(differs);
  if (atReturn !== undefined) return atReturn;
  for (let point = 1; point <= count; point++) if (differs(point)) return point;
  return count;
}

/** What an operation is for a reader: `in fsync pmem0:/f`. */
export function operationAt({ timeline }: TimelineModel, point: number): string {
  return timeline.operations[timeline.columns[point - 1]?.operation ?? -1]?.text ?? '';
}
