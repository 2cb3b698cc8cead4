/** Writing files so that nobody ever sees half of one. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A name beside `path` that nobody else uses: containers that share a folder may share process ids too. */
export function asideOf(path: string): string {
  return `${path}.${randomUUID()}`;
}

/**
 * Makes a folder and those above it. Throws what the file system says. Step by step, because `mkdirSync` with `recursive`
 * never ends where a folder cannot be made and the system says ENOENT, as below /proc.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Makes `path` hold `text`, all at once; its folder is made first. */
export function writeWhole(path: string, text: string): void {
  const aside = asideOf(path);
  makeFolder(dirname(path));
  try {
    writeFileSync(aside, text);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** `folder` as `fill` makes it: filled aside and then renamed, so that nobody sees half of it. Nothing to do when it is there. */
export function madeAside(folder: string, fill: (aside: string) => void): string {
  if (existsSync(folder)) return folder;
  const aside = asideOf(folder);
  mkdirSync(aside, { recursive: true });
  try {
    fill(aside);
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // Somebody else may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
