/**
 * The patches of a series as text: read from `000N-….patch` files, applied in memory to a tree of files. Renames and
 * binary files do not occur. What does not fit is reported with step, file, hunk, and the lines expected and found.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch, parsePatch, type StructuredPatch } from 'diff';
import { InputError } from '#base/input-error.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import { type CoverLetter, coverLetterOf, type MailHeaders, mailHeaders } from './mail.ts';

/** One patch file. */
export interface SeriesPatch {
  /** 1 for the first. */
  readonly step: number;
  readonly fileName: string;
  /** The hash of the commit, where the step is one. */
  readonly commit?: string;
  /** The subject without `[PATCH …]`. */
  readonly subject: string;
  /** The message below the subject, without the diff. */
  readonly message: string;
  readonly text: string;
  /** The mail that it was posted as, where that is known. */
  readonly mail?: MailHeaders;
}

/** Patch 0000 is the cover letter. */
const PATCH_NAME = /^(?!0000)(\d{4})-.*\.patch$/;

/** Whether a file of this name is the patch of a step. */
export const isPatchName = (name: string): boolean => PATCH_NAME.test(name);

/** Names of the patch files in `folder`, in order. */
export function patchNames(folder: string): string[] {
  return readdirSync(folder).filter(isPatchName).sort();
}

/** The letter that came with the patches of `folder`: patch 0000, else `cover-letter.txt`; nothing where there is neither. */
export function coverLetterIn(folder: string): CoverLetter | undefined {
  const names = readdirSync(folder).sort();
  const name =
    names.find((one) => /^0000-.*\.patch$/.test(one)) ?? names.find((one) => one === 'cover-letter.txt');
  return name === undefined ? undefined : coverLetterOf(readFileSync(join(folder, name), 'utf8'));
}

/** The file of the contract that stands beside a patch. */
export function contractNameOf(patchName: string): string {
  return patchName.replace(/\.patch$/, '.contract.yaml');
}

/** Reads the patches of `folder` in order. Throws `InputError` when their numbers leave a gap. */
export function readPatches(folder: string): SeriesPatch[] {
  return patchNames(folder).map((fileName, index) => {
    const step = Number(PATCH_NAME.exec(fileName)?.[1]);
    if (step !== index + 1) {
      throw new InputError(
        `${join(folder, fileName)}: expected the patch of step ${index + 1} here\n  allowed: patches numbered 0001, 0002, … without a gap`,
      );
    }
    return patchOf(step, fileName, readFileSync(join(folder, fileName), 'utf8'));
  });
}

/** Parses a patch as mail. */
function patchOf(step: number, fileName: string, text: string): SeriesPatch {
  const header = text.slice(0, text.indexOf('\n\n'));
  const mail = mailHeaders(text);
  const diffStart = text.search(/^(---|diff --git )/m);
  const message = text.slice(header.length + 2, diffStart < 0 ? text.length : diffStart).trim();
  return { step, fileName, subject: mail.subject.replace(/^\[[^\]]*\]\s*/, ''), message, text, mail };
}

/** `files` with `patch` on top. Throws `InputError` that names step, file, hunk, and both lines when it does not fit. */
export function applySeriesPatch(files: TreeFiles, patch: SeriesPatch): TreeFiles {
  const result = new Map(files);
  for (const change of changesOf(patch)) {
    const oldName = nameIn(change.oldFileName);
    const newName = nameIn(change.newFileName);
    const old = oldName === undefined ? '' : result.get(oldName);
    const file = newName ?? oldName ?? '';
    if (old === undefined) throw misfit(patch, file, 'the file is not there at this step');
    if (oldName === undefined && result.has(file)) throw misfit(patch, file, 'the file is there already');
    const applied = applyPatch(old, change, { fuzzFactor: 0, autoConvertLineEndings: false });
    if (applied === false) throw misfit(patch, file, hunkProblem(old, change));
    if (oldName !== undefined) result.delete(oldName);
    if (newName !== undefined) result.set(newName, applied);
  }
  return result;
}

/** The files that `patch` changes, as they are named after it, or before it where it removes them. */
export function changedFiles(patch: SeriesPatch): string[] {
  return changesOf(patch).map(
    ({ oldFileName, newFileName }) => nameIn(newFileName) ?? nameIn(oldFileName) ?? '',
  );
}

function changesOf(patch: SeriesPatch): StructuredPatch[] {
  try {
    const changes = parsePatch(patch.text).filter(
      ({ oldFileName, newFileName }) => oldFileName !== undefined || newFileName !== undefined,
    );
    if (changes.length > 0) return changes;
  } catch (error) {
    throw new InputError(
      `step ${patch.step}: ${patch.fileName} is not a patch: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  throw new InputError(
    `step ${patch.step}: ${patch.fileName} changes no file\n  allowed: a mail from git format-patch with a diff`,
  );
}

/** A path of a diff header without `a/` or `b/`; `undefined` for /dev/null. */
function nameIn(name: string | undefined): string | undefined {
  return name === undefined || name === '/dev/null' ? undefined : name.replace(/^[ab]\//, '');
}

function misfit(patch: SeriesPatch, file: string, problem: string): InputError {
  return new InputError(`step ${patch.step}: ${patch.fileName} does not apply to ${file}: ${problem}`);
}

/** The first hunk whose old lines are not where it says, and the first line that differs. */
function hunkProblem(old: string, change: StructuredPatch): string {
  const lines = old.split('\n');
  for (const [index, hunk] of change.hunks.entries()) {
    const expected = hunk.lines
      .filter((line) => line.startsWith(' ') || line.startsWith('-'))
      .map((line) => line.slice(1));
    for (const [offset, text] of expected.entries()) {
      const found = lines[hunk.oldStart - 1 + offset];
      if (found === text) continue;
      const place = `hunk ${index + 1}, line ${hunk.oldStart + offset}`;
      return `${place}\n  expected: ${text}\n  found:    ${found ?? '(end of file)'}`;
    }
  }
  return 'its hunks overlap or leave the file';
}
