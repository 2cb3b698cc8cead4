/** Where a report goes. A file is opened before the work begins, and its folder made: minutes of work must not end in "no such folder". */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Option } from 'commander';
import { makeFolder } from '#base/files.ts';
import { InputError } from '#base/input-error.ts';
import type { CliContext } from './context.ts';

export function outputOption(): Option {
  return new Option(
    '--output <file>',
    'write the report to a file instead of standard output; *.gz is packed',
  );
}

/** Writes a report once. */
export type Output = (text: string) => void;

/**
 * Opens the file, or standard output without one. What the file holds stays until the report is written. Throws `InputError` for a
 * file that cannot be opened.
 */
export function openOutput(file: string | undefined, context: Pick<CliContext, 'write'>): Output {
  if (file === undefined) return context.write;
  const handle = opened(file);
  return (text) => {
    const bytes = file.endsWith('.gz') ? gzipSync(text) : Buffer.from(text);
    let written = 0;
    try {
      if (fstatSync(handle).isFile()) ftruncateSync(handle);
      while (written < bytes.length) written += writeSync(handle, bytes, written);
      closeSync(handle);
    } catch (error) {
      throw new InputError(`${file}: cannot be written: ${reasonOf(error)}`);
    }
  };
}

function opened(file: string): number {
  try {
    makeFolder(dirname(file));
    return openSync(file, 'a');
  } catch (error) {
    throw new InputError(`${file}: cannot be written: ${reasonOf(error)}`);
  }
}

/** What the system says is wrong. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
