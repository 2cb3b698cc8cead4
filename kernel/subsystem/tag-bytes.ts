/**
 * The data that workloads write. Every byte says where it belongs and which operation wrote it, so that an image of
 * memory decodes to the stores it holds (persistency.md 4.4): at one place, two of any 255 operations in a row write
 * different bytes, never zero. Writes of a given pattern are the exception: what wrote a byte is then only known from the
 * record of instructions, which is what reports and promises go by.
 */

/** A number coprime to 255, so that operations differ at every place. */
const OPERATION_STRIDE = 37;

/** How many bytes there are before they repeat. */
const PERIOD = 255;

/** The byte that operation `operationIndex` writes at `position` of a file or device. */
export function tagByte(operationIndex: number, position: number): number {
  return 1 + ((position + OPERATION_STRIDE * (operationIndex + 1)) % PERIOD);
}

/** All bytes in a row, again and again. */
const ROW = Uint8Array.from({ length: 64 * PERIOD }, (_, index) => 1 + (index % PERIOD));

/** The bytes that operation `operationIndex` writes at `[position, position + sizeBytes)`. */
export function tagBytes(operationIndex: number, position: number, sizeBytes: number): Uint8Array {
  const first = tagByte(operationIndex, position) - 1;
  if (first + sizeBytes <= ROW.length) return ROW.slice(first, first + sizeBytes);
  const bytes = new Uint8Array(sizeBytes);
  const step = ROW.length - PERIOD;
  for (let done = 0; done < sizeBytes; done += step)
    bytes.set(ROW.subarray(first, first + Math.min(step, sizeBytes - done)), done);
  return bytes;
}

/** `sizeBytes` bytes of a pattern in hexadecimal digits, two a byte, again and again. */
export function patternBytes(pattern: string, sizeBytes: number): Uint8Array {
  const once = Uint8Array.from(pattern.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  return Uint8Array.from({ length: sizeBytes }, (_, index) => once[index % once.length] ?? 0);
}

/** What memory holds that a read has not filled yet: something, and no zeros. */
const UNREAD_BYTE = 0xa5;

/** Memory for `sizeBytes` bytes to be read into. */
export function unreadBytes(sizeBytes: number): Uint8Array {
  return new Uint8Array(sizeBytes).fill(UNREAD_BYTE);
}
