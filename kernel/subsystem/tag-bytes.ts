/**
 * The data that workloads write. Every byte says where it belongs and which operation wrote it, so that an image of
 * memory decodes to the stores it holds (persistency.md 4.4): at one place, two of any 255 operations in a row write
 * different bytes, never zero. Writes of a given pattern are the exception: what wrote a byte is then only known from the
 * record of instructions, which is what reports and promises go by.
 */

/** A number coprime to 255, so that operations differ at every place. */
const OPERATION_STRIDE = 37;

/** The byte that operation `operationIndex` writes at `position` of a file or device. */
export function tagByte(operationIndex: number, position: number): number {
  return 1 + ((position + OPERATION_STRIDE * (operationIndex + 1)) % 255);
}

/** The bytes that operation `operationIndex` writes at `[position, position + sizeBytes)`. */
export function tagBytes(operationIndex: number, position: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let index = 0; index < sizeBytes; index++) bytes[index] = tagByte(operationIndex, position + index);
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
