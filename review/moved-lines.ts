/**
 * Which lines of a patch only changed their place: runs of lines taken out in one place and put in, the same but for
 * white space at both ends, in another. A run must say something (as git demands of a moved block: at least twenty
 * letters and digits), or every closing brace would have moved. A line put in right where an equal one is taken out
 * was not moved but indented anew, and stays unmarked.
 */
import type { DiffLine } from './model.ts';

/** Letters and digits that a run needs to count as moved. */
const RUN_LETTERS_MIN = 20;

/** A line, and the block of changed lines without context between them that it stands in. */
interface ChangedLine {
  readonly line: DiffLine;
  readonly block: number;
  readonly text: string;
}

/**
 * Finds the moved lines among the lines of a patch, given hunk by hunk: each with the number of the run it belongs to, from 1,
 * which is the same where the run was taken out and where it was put in.
 */
export function movedLines(hunks: readonly (readonly DiffLine[])[]): ReadonlyMap<DiffLine, number> {
  const blocks = blocksOf(hunks);
  const removed = blocks.map((block) => block.filter(({ line }) => line.kind === '-'));
  const added = blocks.map((block) => block.filter(({ line }) => line.kind === '+'));
  const places = placesByText(removed);
  const moved = new Map<DiffLine, number>();
  let count = 0;
  for (const block of added) {
    for (let index = 0; index < block.length;) {
      const run = longestRun(block, index, removed, places);
      if (run.length > 0) count++;
      for (const line of run.lines) if (!moved.has(line)) moved.set(line, count);
      index += Math.max(1, run.length);
    }
  }
  return moved;
}

function blocksOf(hunks: readonly (readonly DiffLine[])[]): ChangedLine[][] {
  const blocks: ChangedLine[][] = [];
  for (const lines of hunks) {
    let current: ChangedLine[] | undefined;
    for (const line of lines) {
      if (line.kind === ' ') {
        current = undefined;
        continue;
      }
      if (current === undefined) blocks.push((current = []));
      current.push({ line, block: blocks.length - 1, text: line.text.trim() });
    }
  }
  return blocks;
}

interface LinePlace {
  readonly block: number;
  readonly index: number;
}

function placesByText(blocks: readonly (readonly ChangedLine[])[]): ReadonlyMap<string, LinePlace[]> {
  const places = new Map<string, LinePlace[]>();
  for (const [block, lines] of blocks.entries()) {
    for (const [index, { text }] of lines.entries()) {
      const known = places.get(text);
      if (known === undefined) places.set(text, [{ block, index }]);
      else known.push({ block, index });
    }
  }
  return places;
}

interface Run {
  /** Lines of the block that put it in. */
  readonly length: number;
  /** The lines on both sides. */
  readonly lines: readonly DiffLine[];
}

/** The longest run that begins at a line put in and was taken out in one piece elsewhere; empty when there is none. */
function longestRun(
  block: readonly ChangedLine[],
  start: number,
  removed: readonly (readonly ChangedLine[])[],
  places: ReadonlyMap<string, LinePlace[]>,
): Run {
  let best: Run = { length: 0, lines: [] };
  const first = block[start];
  for (const place of first === undefined ? [] : (places.get(first.text) ?? [])) {
    const other = removed[place.block] ?? [];
    if (first?.block === place.block) continue;
    let length = 0;
    while (sameText(block[start + length], other[place.index + length])) length += 1;
    if (length <= best.length) continue;
    const pieces = [
      block.slice(start, start + length),
      other.slice(place.index, place.index + length),
    ] as const;
    if (lettersIn(pieces[0]) >= RUN_LETTERS_MIN)
      best = { length, lines: pieces.flat().map(({ line }) => line) };
  }
  return best;
}

function sameText(left: ChangedLine | undefined, right: ChangedLine | undefined): boolean {
  return left !== undefined && right !== undefined && left.text === right.text;
}

function lettersIn(lines: readonly ChangedLine[]): number {
  return lines.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0);
}
