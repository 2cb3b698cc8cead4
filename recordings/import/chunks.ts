/** The bytes of a file in large pieces, unpacked when they are gzip. */
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '#base/input-error.ts';

const CHUNK_SIZE_BYTES = 1 << 18;

/** A piece of what a file holds. */
export interface Chunk {
  readonly chunk: Buffer;
  /** How much all pieces have together; unknown for standard input and for what is unpacked. */
  readonly sizeBytes: number | undefined;
}

/** `-` reads standard input. Throws `InputError` for a file that cannot be read, or gzip data that is damaged. */
export async function* chunksOf(path: string): AsyncGenerator<Chunk> {
  const raw: AsyncIterable<Buffer> =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_SIZE_BYTES });
  try {
    const chunks = raw[Symbol.asyncIterator]();
    const first = await chunks.next();
    if (first.done === true) return;
    const all = startingWith(first.value, { [Symbol.asyncIterator]: () => chunks });
    const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b;
    const sizeBytes = path === '-' || isPacked ? undefined : statSync(path).size;
    for await (const chunk of isPacked ? unpacked(all) : all) yield { chunk, sizeBytes };
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function unpacked(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_SIZE_BYTES });
  const packed = Readable.from(chunks);
  packed.on('error', (error) => gunzip.destroy(error));
  return packed.pipe(gunzip);
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === 'ENOENT') return 'no such file';
  if (code === 'Z_BUF_ERROR') return 'the gzip data ends too early: the file was cut off';
  if (code.startsWith('Z_')) return `the gzip data is damaged (${(error as Error).message})`;
  return `cannot be read (${code})`;
}
