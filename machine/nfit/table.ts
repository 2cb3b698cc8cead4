/**
 * A whole NFIT: the ACPI table header, the reserved word after it, and the subtables (nvdimm-and-firmware.md 10.1).
 * Length and checksum are worked out when a table is written. A wrong checksum is a warning, as in ACPICA, which goes
 * on with such a table.
 */
import { type NfitMessage, NFIT_EINVAL, type ParsedSubtables, parseSubtables } from './decode.ts';
import { concatenate, encodeSubtable } from './encode.ts';
import { type FieldAccess, fieldReader, fieldWriter } from './fields.ts';
import type { Subtable } from './subtables.ts';

/** Bytes of the ACPI header and the reserved word. */
export const NFIT_HEADER_BYTES = 40;

/** -ENODEV: no table of this kind is there. */
const ENODEV = -19;

/** The ACPI header of a table (its signature, length and checksum apart) and the NFIT's reserved word. */
export interface NfitHeader {
  readonly revision: number;
  /** 6, 8 and 4 characters. */
  readonly oemId: string;
  readonly oemTableId: string;
  readonly oemRevision: number;
  readonly creatorId: string;
  readonly creatorRevision: number;
  readonly reserved: number;
}

/** A header for tables of our own. */
export const DEFAULT_NFIT_HEADER: NfitHeader = {
  revision: 1,
  oemId: 'MODEL ',
  oemTableId: 'PMEMCONF',
  oemRevision: 1,
  creatorId: 'TSCR',
  creatorRevision: 1,
  reserved: 0,
};

/** A table as plain data. */
export interface Nfit {
  readonly header: NfitHeader;
  readonly subtables: readonly Subtable[];
}

/** What became of a table; the header is missing when there was none to read. */
export interface ParsedNfit extends ParsedSubtables {
  readonly header?: NfitHeader;
}

function headerLayout(access: FieldAccess, from: NfitHeader): NfitHeader {
  return {
    revision: access.u8(8, from.revision),
    oemId: access.text(10, 6, from.oemId),
    oemTableId: access.text(16, 8, from.oemTableId),
    oemRevision: access.u32(24, from.oemRevision),
    creatorId: access.text(28, 4, from.creatorId),
    creatorRevision: access.u32(32, from.creatorRevision),
    reserved: access.u32(36, from.reserved),
  };
}

/** The value that makes all bytes add up to 0 modulo 256, given the sum of the others. */
function checksumFor(bytes: Uint8Array): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}

/** The bytes of a table, with its length and checksum. `rest` is put at the end as it is. */
export function encodeNfit(table: Nfit, rest: Uint8Array = new Uint8Array(0)): Uint8Array {
  const header = new Uint8Array(NFIT_HEADER_BYTES);
  const bytes = concatenate([header, ...table.subtables.map(encodeSubtable), rest]);
  const access = fieldWriter(bytes);
  access.text(0, 4, 'NFIT');
  access.u32(4, bytes.length);
  headerLayout(access, table.header);
  access.u8(9, checksumFor(bytes));
  return bytes;
}

/**
 * A table from bytes. Errors: -EINVAL (cut off, or a length that contradicts the bytes), -ENODEV (another signature),
 * and those of `parseSubtables`. Never throws.
 */
export function parseNfit(bytes: Uint8Array): ParsedNfit {
  const failed = (error: number, text: string): ParsedNfit => ({
    subtables: [],
    rest: bytes.slice(),
    messages: [{ level: 'error', text }],
    error,
  });
  if (bytes.length < NFIT_HEADER_BYTES) {
    return failed(NFIT_EINVAL, `${bytes.length} bytes are no NFIT: its header has ${NFIT_HEADER_BYTES}`);
  }
  const access = fieldReader(bytes);
  const signature = access.text(0, 4, '');
  if (signature !== 'NFIT') return failed(ENODEV, `the signature is '${printable(signature)}', not 'NFIT'`);
  const lengthBytes = access.u32(4, 0);
  if (lengthBytes < NFIT_HEADER_BYTES) {
    return failed(NFIT_EINVAL, `the table says it has ${lengthBytes} bytes: less than its header`);
  }
  const header = headerLayout(access, DEFAULT_NFIT_HEADER);
  const parsed = parseSubtables(bytes.subarray(NFIT_HEADER_BYTES, Math.min(lengthBytes, bytes.length)));
  const messages = [...headerMessages(bytes, lengthBytes), ...parsed.messages];
  const rest =
    lengthBytes < bytes.length ? concatenate([parsed.rest, bytes.subarray(lengthBytes)]) : parsed.rest;
  const error = lengthBytes > bytes.length ? (parsed.error ?? NFIT_EINVAL) : parsed.error;
  const { subtables } = parsed;
  return error === undefined
    ? { header, subtables, rest, messages }
    : { header, subtables, rest, messages, error };
}

function headerMessages(bytes: Uint8Array, lengthBytes: number): NfitMessage[] {
  if (lengthBytes > bytes.length) {
    return [
      { level: 'error', text: `the table says it has ${lengthBytes} bytes, ${bytes.length} are there` },
    ];
  }
  const table = bytes.subarray(0, lengthBytes);
  const stated = bytes[9] ?? 0;
  const right = (checksumFor(table) + stated) & 0xff;
  if (right === stated) return [];
  return [
    {
      level: 'warning',
      text: `Incorrect checksum in table [NFIT] - ${hex(stated)}, should be ${hex(right)}`,
    },
  ];
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
}

function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, '.');
}
