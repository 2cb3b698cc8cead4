/** The measured data, kept with the tests (`golden/data/`, see the READMEs there). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the measured data. */
export const goldenFolder: string = new URL('data/', import.meta.url).pathname;

/** A file of it as text. */
export function goldenText(path: string): string {
  return readFileSync(join(goldenFolder, path), 'utf8');
}
