/**
 * The diff of one step as data: files, hunks, lines. Lines that only changed their place within the patch are marked,
 * so that a reviewer can look past them; what counts as a move is told in `moved-lines.ts`. The patch is taken as it
 * was posted: nothing is computed from the trees.
 */
import { parsePatch, type StructuredPatch, type StructuredPatchHunk } from 'diff';
import { InputError } from '#base/input-error.ts';
import type { SeriesPatch } from '#engine/series/patches.ts';
import type { DiffFile, DiffHunk, DiffLine } from './model.ts';
import { movedLines } from './moved-lines.ts';

/** The diff of a patch, file by file in its order. Throws `InputError` when it cannot be parsed. */
export function diffOf(patch: SeriesPatch): DiffFile[] {
  const headers = headersOf(patch);
  const files = changesOf(patch).map((change) => fileOf(change, headers));
  const lines = files.flatMap(({ hunks }) => hunks.map((hunk) => hunk.lines));
  const moved = movedLines(lines);
  const marked = (line: DiffLine): DiffLine => {
    const run = moved.get(line);
    return run === undefined ? line : { ...line, moved: true, run };
  };
  return files.map((file) => ({
    ...file,
    hunks: file.hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map(marked) })),
  }));
}

function changesOf(patch: SeriesPatch): StructuredPatch[] {
  try {
    return parsePatch(patch.text).filter(
      ({ oldFileName, newFileName }) => oldFileName !== undefined || newFileName !== undefined,
    );
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InputError(`step ${patch.step}: ${patch.fileName} is not a patch: ${problem}`);
  }
}

/** Headers of all hunks in order, as written: with the function that git names behind them. */
function headersOf({ text }: SeriesPatch): string[] {
  return text.split('\n').filter((line) => /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/.test(line));
}

function fileOf(change: StructuredPatch, headers: string[]): DiffFile {
  const oldName = nameIn(change.oldFileName);
  const newName = nameIn(change.newFileName);
  const status = oldName === undefined ? 'added' : newName === undefined ? 'removed' : 'changed';
  return {
    file: newName ?? oldName ?? '',
    status,
    hunks: change.hunks.map((hunk) => hunkOf(hunk, headers.shift() ?? '')),
  };
}

/** A path of a diff header without `a/` or `b/`; `undefined` for /dev/null. */
function nameIn(name: string | undefined): string | undefined {
  return name === undefined || name === '/dev/null' ? undefined : name.replace(/^[ab]\//, '');
}

function hunkOf(hunk: StructuredPatchHunk, header: string): DiffHunk {
  return { header, lines: hunk.lines.map(lineOf) };
}

/** A line by its first character; `\ No newline at end of file` is shown as it stands. */
function lineOf(text: string): DiffLine {
  const first = text.charAt(0);
  if (first === '+' || first === '-') return { kind: first, text: text.slice(1), moved: false };
  return { kind: ' ', text: first === ' ' ? text.slice(1) : text, moved: false };
}
