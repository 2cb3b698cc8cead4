/**
 * Reading and writing of fields at fixed offsets, little endian. Each layout of `layouts.ts` is one function over a
 * `FieldAccess`: given a reader it takes the fields from bytes, given a writer it puts them there, so that the two
 * directions can not disagree.
 */
import { formatGuid, parseGuid } from './guid.ts';

/** Each method returns the field's value: the one in the bytes (reader), or `value` after storing it (writer). */
export interface FieldAccess {
  u8(offset: number, value: number): number;
  u16(offset: number, value: number): number;
  u32(offset: number, value: number): number;
  u64(offset: number, value: bigint): bigint;
  /** A GUID of 16 bytes in mixed-endian form. */
  guid(offset: number, value: string): string;
  /** Bytes as they are. */
  bytes(offset: number, lengthBytes: number, value: Uint8Array): Uint8Array;
  /** One character a byte (ISO 8859-1), so that any bytes survive. */
  text(offset: number, lengthBytes: number, value: string): string;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Takes fields from `bytes`; throws `RangeError` for a field beyond their end. */
export function fieldReader(bytes: Uint8Array): FieldAccess {
  return new FieldReader(bytes);
}

/** A class, because every boot reads thousands of fields: its methods are made once. */
class FieldReader implements FieldAccess {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  u64(offset: number): bigint {
    return this.#view.getBigUint64(offset, true);
  }

  guid(offset: number): string {
    return formatGuid(this.#bytes.subarray(offset, offset + 16));
  }

  bytes(offset: number, lengthBytes: number): Uint8Array {
    return this.#bytes.slice(offset, offset + lengthBytes);
  }

  text(offset: number, lengthBytes: number): string {
    return String.fromCharCode(...this.#bytes.subarray(offset, offset + lengthBytes));
  }
}

/** Puts fields into `bytes`; values wider than their field lose their upper bits. */
export function fieldWriter(bytes: Uint8Array): FieldAccess {
  const view = viewOf(bytes);
  return {
    u8: (offset, value) => (view.setUint8(offset, value), value),
    u16: (offset, value) => (view.setUint16(offset, value, true), value),
    u32: (offset, value) => (view.setUint32(offset, value, true), value),
    u64: (offset, value) => (view.setBigUint64(offset, value, true), value),
    guid: (offset, value) => (bytes.set(parseGuid(value), offset), value),
    bytes: (offset, lengthBytes, value) => (bytes.set(value.subarray(0, lengthBytes), offset), value),
    text: (offset, lengthBytes, value) => {
      for (let index = 0; index < lengthBytes; index++) bytes[offset + index] = value.charCodeAt(index) || 0;
      return value;
    },
  };
}
