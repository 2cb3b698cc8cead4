/**
 * Cookies that tell interleave sets apart (drivers/acpi/nfit/core.c, `acpi_nfit_init_interleave_set`;
 * nvdimm-and-firmware.md 10.5). A label carries the cookie of the set it was written on.
 */
import { ndFletcher64 } from './fletcher64.ts';

/** What a cookie says of one mapping (struct nfit_set_info_map), and what the second cookie adds to it. */
export interface SetInfoMapping {
  /** region_offset of the memory map. */
  readonly regionOffset: bigint;
  /** serial_number of the control region. */
  readonly serialNumber: number;
  readonly vendorId?: number;
  readonly manufacturingDate?: number;
  readonly manufacturingLocation?: number;
}

/** nd_set->cookie: over the mappings by ascending region offset. */
export function interleaveSetCookie(mappings: readonly SetInfoMapping[]): bigint {
  return cookieOf([...mappings].sort((left, right) => compare(left.regionOffset, right.regionOffset)));
}

/** nd_set->altcookie: by the byte order that an early kernel sorted with, in which the lowest byte counts most. */
export function interleaveSetAltCookie(mappings: readonly SetInfoMapping[]): bigint {
  return cookieOf(
    [...mappings].sort((left, right) =>
      compare(byteSwapped(left.regionOffset), byteSwapped(right.regionOffset)),
    ),
  );
}

/** nd_set->cookie2 (4.13): records of 48 bytes with vendor, date and location, by ascending region offset. */
export function interleaveSetCookie2(mappings: readonly SetInfoMapping[]): bigint {
  const sorted = [...mappings].sort((left, right) => compare(left.regionOffset, right.regionOffset));
  const bytes = new Uint8Array(sorted.length * 48);
  const view = new DataView(bytes.buffer);
  sorted.forEach((mapping, index) => {
    view.setBigUint64(index * 48, mapping.regionOffset, true);
    view.setUint32(index * 48 + 8, mapping.serialNumber, true);
    view.setUint16(index * 48 + 12, mapping.vendorId ?? 0, true);
    view.setUint16(index * 48 + 14, mapping.manufacturingDate ?? 0, true);
    view.setUint8(index * 48 + 16, mapping.manufacturingLocation ?? 0);
  });
  return ndFletcher64(bytes);
}

function cookieOf(mappings: readonly SetInfoMapping[]): bigint {
  const bytes = new Uint8Array(mappings.length * 16);
  const view = new DataView(bytes.buffer);
  mappings.forEach(({ regionOffset, serialNumber }, index) => {
    view.setBigUint64(index * 16, regionOffset, true);
    view.setUint32(index * 16 + 8, serialNumber, true);
  });
  return ndFletcher64(bytes);
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : Number(left > right);
}

/** The number whose bytes, read from the other end, are those of `value`. */
function byteSwapped(value: bigint): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, true);
  return view.getBigUint64(0, false);
}
