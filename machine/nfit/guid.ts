/**
 * GUIDs as ACPI and EFI put them into tables: the first three groups little endian, the rest as written
 * (nvdimm-and-firmware.md 10.2). Beside the conversion this file names the GUIDs of address ranges.
 */

/** Types of a system physical address range, by the GUID that the NFIT gives it. */
export const SPA_TYPE_GUIDS = {
  volatile: '7305944f-fdda-44e3-b16c-3f22d252e5d0',
  pmem: '66f0d379-b4f3-4074-ac43-0d3318b78cdb',
  'dimm-control-region': '92f701f6-13b4-405d-910b-299367e8234c',
  'block-data-window': '91af0530-5d86-470e-a6b0-0a2db9408249',
  'volatile-disk': '77ab535a-45fc-624b-5560-f7b281d1f96e',
  'volatile-cd': '3d5abd30-4175-87ce-6d64-d2ade523c4bb',
  'persistent-disk': '5cea02c9-4d07-69d3-269f-4496fbe096f9',
  'persistent-cd': '08018188-42cd-bb48-100f-5387d53ded3d',
} as const;

/** Name of a type of address range, as the kernel prints it. */
export type SpaTypeName = keyof typeof SPA_TYPE_GUIDS;

/** Where the byte at each place of the written form lies in the table. */
const MIXED_ENDIAN_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** The 16 bytes of a table as `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, lower case. */
export function formatGuid(bytes: Uint8Array): string {
  const digits = MIXED_ENDIAN_ORDER.map((place) => (bytes[place] ?? 0).toString(16).padStart(2, '0'));
  const group = (from: number, to: number): string => digits.slice(from, to).join('');
  return [group(0, 4), group(4, 6), group(6, 8), group(8, 10), group(10, 16)].join('-');
}

/** The 16 bytes of a written GUID. Throws `RangeError` when `text` is not one. */
export function parseGuid(text: string): Uint8Array {
  if (!/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) {
    throw new RangeError(`not a GUID: '${text}' (8-4-4-4-12 hexadecimal digits)`);
  }
  const digits = text.replaceAll('-', '');
  const bytes = new Uint8Array(16);
  MIXED_ENDIAN_ORDER.forEach((place, index) => {
    bytes[place] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  });
  return bytes;
}

/** The type of an address range with this GUID; `undefined` for one that nobody knows. */
export function spaTypeOf(guid: string): SpaTypeName | undefined {
  const names = Object.keys(SPA_TYPE_GUIDS) as SpaTypeName[];
  return names.find((name) => SPA_TYPE_GUIDS[name] === guid.toLowerCase());
}
