/** Reads a recording from a file, in whichever of the formats it is. */
import type { Recording } from '../recording.ts';
import { RecordingBuilder } from './builder.ts';
import { chunksOf } from './chunks.ts';
import { JsonlReader } from './read-jsonl.ts';
import { PmemcheckReader, type PmemcheckOptions } from './read-pmemcheck.ts';

const LINE_END = 10;
const BAR = 0x7c;
const BRACE = 0x7b;

/** A reader that is fed records which end with one character. */
interface RecordReader {
  read(buffer: Buffer, from: number, to: number): void;
  finish(rest: Buffer): void;
}

/**
 * Reads the recording in `path` (`-`: standard input), plain or packed with gzip. Without `format` the first bytes tell which it
 * is. Throws `InputError` with the line of whatever cannot be.
 */
export async function openRecording(
  path: string,
  options: PmemcheckOptions = {},
  format?: Recording['format'],
): Promise<Recording> {
  let feed: Feed | undefined;
  for await (const chunk of chunksOf(path)) {
    feed ??= feedFor(path, format ?? formatOf(chunk), options);
    feed.add(chunk);
  }
  feed ??= feedFor(path, format ?? 'recording', options);
  return feed.finish();
}

/** Reads a log of pmemcheck from memory; `source` is its name for messages. Throws `InputError`. */
export function readPmemcheck(log: Buffer, source: string, options: PmemcheckOptions): Recording {
  const feed = feedFor(source, 'pmemcheck', options);
  feed.add(log);
  return feed.finish();
}

function formatOf(first: Buffer): Recording['format'] {
  return first[0] === BRACE || !first.subarray(0, 1 << 16).includes('START') ? 'recording' : 'pmemcheck';
}

function feedFor(path: string, format: Recording['format'], options: PmemcheckOptions): Feed {
  if (format === 'recording') {
    const builder = new RecordingBuilder(path, 'line');
    return new Feed(new JsonlReader(builder), LINE_END, () => builder.finish('recording'));
  }
  const builder = new RecordingBuilder(path, 'record');
  const reader = new PmemcheckReader(builder, options);
  return new Feed(reader, BAR, () => builder.finish('pmemcheck'));
}

/** Cuts chunks into records. */
class Feed {
  readonly #reader: RecordReader;
  readonly #end: number;
  readonly #finish: () => Recording;
  #rest: Buffer = Buffer.alloc(0);

  constructor(reader: RecordReader, end: number, finish: () => Recording) {
    this.#reader = reader;
    this.#end = end;
    this.#finish = finish;
  }

  add(chunk: Buffer): void {
    const buffer = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let from = 0;
    for (;;) {
      const to = buffer.indexOf(this.#end, from);
      if (to < 0) break;
      this.#reader.read(buffer, from, to);
      from = to + 1;
    }
    this.#rest = buffer.subarray(from);
  }

  finish(): Recording {
    this.#reader.finish(this.#rest);
    return this.#finish();
  }
}
