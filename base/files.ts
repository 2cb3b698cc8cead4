/** Writing files so that nobody ever sees half of one. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A name beside `path` that nobody else uses: containers that share a folder may share process ids too. */
export function asideOf(path: string): string {
  return `${path}.${randomUUID()}`;
}

/** Makes `path` hold `text`, all at once; its folder is made first. */
export function writeWhole(path: string, text: string): void {
  const aside = asideOf(path);
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(aside, text);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}
