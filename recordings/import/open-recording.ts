/** Reads a recording from a file, in whichever of the formats it is. */
import type { Recording } from '../recording.ts';
import { RecordingBuilder } from './builder.ts';
import { chunksOf } from './chunks.ts';
import { JsonlReader } from './read-jsonl.ts';
import { PmemcheckReader, type PmemcheckOptions } from './read-pmemcheck.ts';

const LINE_END = 10;
const BAR = 0x7c;
const BRACE = 0x7b;

/** Bytes of one record at most. */
const RECORD_BYTES_MAX = 2 ** 27;

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
  let read = 0;
  for await (const { chunk, sizeBytes } of chunksOf(path)) {
    feed ??= feedFor(path, format ?? formatOf(chunk), options);
    feed.shareRead(sizeBytes === undefined ? 0 : read / sizeBytes);
    feed.add(chunk);
    read += chunk.length;
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
    return new Feed(new JsonlReader(builder), LINE_END, builder, format);
  }
  const builder = new RecordingBuilder(path, 'record');
  return new Feed(new PmemcheckReader(builder, options), BAR, builder, format);
}

/** Cuts chunks into records. */
class Feed {
  readonly #reader: RecordReader;
  readonly #end: number;
  readonly #builder: RecordingBuilder;
  readonly #format: Recording['format'];
  /** What came of the record that has no end yet. */
  #rest: Buffer[] = [];
  #restBytes = 0;

  constructor(reader: RecordReader, end: number, builder: RecordingBuilder, format: Recording['format']) {
    this.#reader = reader;
    this.#end = end;
    this.#builder = builder;
    this.#format = format;
  }

  /** Tells how much of the input has been added, 0 to 1; 0 where nobody knows. */
  shareRead(share: number): void {
    this.#builder.shareRead = share;
  }

  add(chunk: Buffer): void {
    let to = chunk.indexOf(this.#end);
    if (to < 0) {
      this.#keep(chunk);
      return;
    }
    const first = Buffer.concat([...this.#rest, chunk.subarray(0, to)]);
    this.#reader.read(first, 0, first.length);
    let from = to + 1;
    while ((to = chunk.indexOf(this.#end, from)) >= 0) {
      this.#reader.read(chunk, from, to);
      from = to + 1;
    }
    [this.#rest, this.#restBytes] = [[], 0];
    this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    this.#restBytes += part.length;
    if (this.#restBytes > RECORD_BYTES_MAX)
      this.#builder.fail(`no end of a record within ${RECORD_BYTES_MAX / 2 ** 20} MiB`);
    this.#rest.push(part);
  }

  finish(): Recording {
    this.#reader.finish(Buffer.concat(this.#rest));
    return this.#builder.finish(this.#format);
  }
}
