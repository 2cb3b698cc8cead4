/** Reads a file of kernel traces, plain or compressed, or standard input. */
import { InputError } from '#base/input-error.ts';
import { readBytes, unpackBytes } from '#base/read-text.ts';
import { type TraceRow, parseRow } from './row.ts';

/** The rows of `path` (`-` is standard input). Throws `InputError` with file and line for what is no row. */
export function readRows(path: string): TraceRow[] {
  return parseRows(textOf(path), path === '-' ? 'standard input' : path);
}

/** The rows of a text, one a line; empty lines are skipped. `name` stands in front of errors. */
export function parseRows(text: string, name: string): TraceRow[] {
  const rows = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const row = parseRow(jsonOf(line, `${name}:${index + 1}`), index + 1);
    if (typeof row === 'string') throw new InputError(`${name}:${index + 1}: ${row}`);
    return [row];
  });
  if (rows.length === 0) throw new InputError(`${name}: no rows\n  allowed: JSON lines, one operation each`);
  return rows;
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new InputError(`${place}: no JSON: ${text}\n  allowed: one JSON object a line`);
  }
}

/** First bytes of a gzip file. */
const GZIP = [0x1f, 0x8b];

function textOf(path: string): string {
  const bytes = bytesOf(path);
  const isCompressed = GZIP.every((byte, index) => bytes[index] === byte);
  try {
    return (isCompressed ? unpackBytes(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new InputError(`${path}: cannot be uncompressed: ${error instanceof Error ? error.message : ''}`);
  }
}

function bytesOf(path: string): Buffer {
  try {
    return readBytes(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new InputError(`${path}: ${code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`}`);
  }
}
