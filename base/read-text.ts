/** Texts that users name: files, standard input, what another process writes; a device that never ends must not fill the memory. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Bytes of a text at most: 128 MiB. */
export const TEXT_BYTES_MAX = 2 ** 27;
const UNPACKED_BYTES_MAX = 2 ** 28;
const CHUNK_BYTES = 2 ** 16;

/** The text of a file; `-` is standard input. Throws what the system says, and EFBIG for more than `TEXT_BYTES_MAX`. */
export const readText = (file: string): string => readBytes(file).toString('utf8');

/** What packed bytes unpack to, which may be more than memory holds. Throws what zlib says. */
export const unpackBytes = (bytes: Uint8Array): Buffer =>
  gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX });

/** The bytes of a file, as `readText` has them. */
export function readBytes(file: string): Buffer {
  const handle = file === '-' ? 0 : openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    if (size > TEXT_BYTES_MAX) throw tooBig(file);
    const parts: Buffer[] = [];
    let [total, read] = [0, 0];
    do {
      const part = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, size - total + 1));
      read = readSync(handle, part);
      total += read;
      if (total > TEXT_BYTES_MAX) throw tooBig(file);
      parts.push(part.subarray(0, read));
    } while (read > 0);
    return Buffer.concat(parts);
  } finally {
    if (handle !== 0) closeSync(handle);
  }
}

function tooBig(file: string): Error {
  const message = `EFBIG: larger than ${TEXT_BYTES_MAX / 2 ** 20} MiB, read '${file}'`;
  return Object.assign(new Error(message), { code: 'EFBIG', syscall: 'read' });
}
