/** Uuids of namespaces as bytes: info blocks name the namespace that they were written on. */
import type { NamespaceIo } from './nd.ts';

/** nd_dev_to_uuid: the uuid of a labelled namespace, 16 zero bytes for another. */
export function namespaceUuid({ label }: NamespaceIo): Uint8Array {
  const digits = (label?.uuid ?? '').replaceAll('-', '');
  return Uint8Array.from(
    { length: 16 },
    (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16) || 0,
  );
}
