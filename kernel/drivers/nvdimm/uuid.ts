/** Uuids of namespaces: text in sysfs, 16 bytes in labels and info blocks. */
import type { NamespaceIo } from './nd.ts';

/** The bytes of a uuid in the order of its digits; 16 zero bytes for the empty text. */
export function uuidBytes(text: string): Uint8Array {
  if (text === '') return new Uint8Array(16);
  const digits = text.replaceAll('-', '');
  return Uint8Array.from(
    { length: 16 },
    (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16) || 0,
  );
}

/** The text of 16 bytes (%pUb). */
export function uuidText(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** nd_dev_to_uuid: the uuid of a labelled namespace, 16 zero bytes for another. */
export function namespaceUuid({ label }: NamespaceIo): Uint8Array {
  return uuidBytes(label?.uuid ?? '');
}
