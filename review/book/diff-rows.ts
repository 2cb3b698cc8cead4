/** The diff of a file as rows: numbers of lines on both sides, words that changed within a line, and what is mechanical. */
import { diffWordsWithSpace } from 'diff';
import type { DiffFile, DiffHunk, DiffLine } from '../model.ts';

/** A piece of a line. */
export interface Piece {
  readonly text: string;
  /** Only this side of a changed line has it. */
  readonly isChanged: boolean;
}

/** One line of a hunk. */
export interface DiffRow {
  readonly kind: DiffLine['kind'];
  /** Numbers in the file before and after, where the line is in it. */
  readonly old?: number;
  readonly new?: number;
  readonly pieces: readonly Piece[];
  /** The run of moved lines that it belongs to. */
  readonly run?: number;
  /** It was moved, or is an import, a comment or empty: what is left when these are folded is what has to be read. */
  readonly isMechanical: boolean;
}

export interface RowHunk {
  readonly header: string;
  /** The line of the file after the step that it begins at. */
  readonly start: number;
  readonly rows: readonly DiffRow[];
}

/** The hunks of a file as rows. */
export function rowsOf({ hunks }: DiffFile): RowHunk[] {
  return hunks.map((hunk) => {
    const [, old = '1', start = '1'] = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(hunk.header) ?? [];
    return { header: hunk.header, start: Number(start), rows: rowsOfHunk(hunk, Number(old), Number(start)) };
  });
}

function rowsOfHunk({ lines }: DiffHunk, firstOld: number, firstNew: number): DiffRow[] {
  const changed = changedPieces(lines);
  const mechanical = mechanicalLines(lines);
  let [old, now] = [firstOld, firstNew];
  return lines.map((line): DiffRow => {
    const { kind, text, run } = line;
    const isMark = kind === ' ' && text.startsWith('\\ ');
    return {
      kind,
      ...(kind !== '+' && !isMark && { old: old++ }),
      ...(kind !== '-' && !isMark && { new: now++ }),
      pieces: changed.get(line) ?? [{ text, isChanged: false }],
      ...(run !== undefined && { run }),
      isMechanical: kind !== ' ' && (run !== undefined || mechanical.has(line)),
    };
  });
}

/** A line longer than this is not compared word by word. */
const COMPARED_MAX = 400;

/** Lines taken out and put in right there, as many of each, one by one: the words that changed. */
function changedPieces(lines: readonly DiffLine[]): ReadonlyMap<DiffLine, readonly Piece[]> {
  const pieces = new Map<DiffLine, readonly Piece[]>();
  for (const { removed, added } of replacements(lines)) {
    if (removed.length !== added.length) continue;
    for (const [index, line] of removed.entries()) {
      const other = added[index];
      if (other === undefined || line.text.length + other.text.length > COMPARED_MAX) continue;
      const parts = diffWordsWithSpace(line.text, other.text);
      const same = parts.filter((part) => !part.added && !part.removed);
      // Two lines that share hardly anything are easier to read whole.
      if (sizeOf(same) * 3 < line.text.trim().length) continue;
      pieces.set(line, sideOf(parts, 'added'));
      pieces.set(other, sideOf(parts, 'removed'));
    }
  }
  return pieces;
}

type Part = ReturnType<typeof diffWordsWithSpace>[number];

const sizeOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { value }) => sum + value.trim().length, 0);

const sideOf = (parts: readonly Part[], other: 'added' | 'removed'): Piece[] =>
  parts
    .filter((part) => !part[other])
    .map(({ value, added, removed }) => ({ text: value, isChanged: added || removed }));

interface Replacement {
  readonly removed: readonly DiffLine[];
  readonly added: readonly DiffLine[];
}

/** Runs of lines taken out with the lines put in behind them. */
function replacements(lines: readonly DiffLine[]): Replacement[] {
  const found: { removed: DiffLine[]; added: DiffLine[] }[] = [];
  let last: DiffLine['kind'] = ' ';
  for (const line of lines) {
    const { kind } = line;
    if (kind === '-' && last !== '-') found.push({ removed: [], added: [] });
    if (kind === '-') found.at(-1)?.removed.push(line);
    if (kind === '+' && last !== ' ') found.at(-1)?.added.push(line);
    last = kind === '+' && last === ' ' ? ' ' : kind;
  }
  return found;
}

/** A line that only says what is used from elsewhere, or nothing to a compiler. */
const MECHANICAL = /^\s*(?:$|\/\/|\/\*|\*|import\b|export\b.*\bfrom\b|#\s*include\b|from\s+\S+\s+import\b)/;

/** Mechanical lines, those within an import of several lines included. */
function mechanicalLines(lines: readonly DiffLine[]): ReadonlySet<DiffLine> {
  const found = new Set<DiffLine>();
  let isInside = false;
  for (const line of lines) {
    const { text } = line;
    if (isInside || MECHANICAL.test(text)) found.add(line);
    if (/^\s*(?:import\b[^;'"(]*|export\s+(?:type\s+)?)\{[^}]*$/.test(text)) isInside = true;
    else if (/\bfrom\s+['"]|^\S/.test(text)) isInside = false;
  }
  return found;
}
