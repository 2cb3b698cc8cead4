/** Reads JSON files that others wrote: what is missing or broken is an empty object, never an exception. */
import { readFileSync, statSync } from 'node:fs';

/** The object in a JSON file; empty when there is none. */
export function readObject(file: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Missing, unreadable or cut off: it says nothing.
    return {};
  }
}

/** A value as an object; empty when it is none. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Whether a path names a file (a folder is none). */
export function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    // Below a file, too long a name, or in a folder that may not be read.
    return false;
  }
}
