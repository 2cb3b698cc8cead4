/**
 * Where each field lies, as the fact file lists it (nvdimm-and-firmware.md 10.1): reading and writing share one
 * description, so a wrong offset in it would survive every round trip. Here each byte of a subtable has a value of
 * its own, and each field must hold those of its place.
 */
import { describe, expect, it } from 'vitest';
import { parseSubtables } from '#machine/nfit/decode.ts';
import { encodeSubtable } from '#machine/nfit/encode.ts';
import { formatGuid } from '#machine/nfit/guid.ts';

/** [offset, bytes, field]; 16 bytes are a GUID, `raw` ones bytes as they are. */
type Field = readonly [number, number | 'raw3' | 'raw6' | 'raw2', string];

interface Layout {
  readonly type: number;
  readonly sizeBytes: number;
  readonly fields: readonly Field[];
  /** Values that say how much follows: [offset, bytes, value]. */
  readonly counts?: readonly (readonly [number, number, number])[];
}

const layouts: readonly Layout[] = [
  {
    type: 0,
    sizeBytes: 56,
    fields: [
      [4, 2, 'rangeIndex'],
      [6, 2, 'flags'],
      [8, 4, 'reserved'],
      [12, 4, 'proximityDomain'],
      [16, 16, 'guid'],
      [32, 8, 'address'],
      [40, 8, 'lengthBytes'],
      [48, 8, 'memoryMapping'],
    ],
  },
  {
    type: 1,
    sizeBytes: 48,
    fields: [
      [4, 4, 'deviceHandle'],
      [8, 2, 'physicalId'],
      [10, 2, 'regionId'],
      [12, 2, 'rangeIndex'],
      [14, 2, 'regionIndex'],
      [16, 8, 'regionSizeBytes'],
      [24, 8, 'regionOffset'],
      [32, 8, 'address'],
      [40, 2, 'interleaveIndex'],
      [42, 2, 'interleaveWays'],
      [44, 2, 'flags'],
      [46, 2, 'reserved'],
    ],
  },
  {
    type: 2,
    sizeBytes: 28,
    counts: [[8, 4, 3]],
    fields: [
      [4, 2, 'interleaveIndex'],
      [6, 2, 'reserved'],
      [12, 4, 'lineSizeBytes'],
      [16, 4, 'lineOffsets.0'],
      [20, 4, 'lineOffsets.1'],
      [24, 4, 'lineOffsets.2'],
    ],
  },
  {
    type: 4,
    sizeBytes: 80,
    fields: [
      [4, 2, 'regionIndex'],
      [6, 2, 'vendorId'],
      [8, 2, 'deviceId'],
      [10, 2, 'revisionId'],
      [12, 2, 'subsystemVendorId'],
      [14, 2, 'subsystemDeviceId'],
      [16, 2, 'subsystemRevisionId'],
      [18, 1, 'validFields'],
      [19, 1, 'manufacturingLocation'],
      [20, 2, 'manufacturingDate'],
      [22, 'raw2', 'reserved'],
      [24, 4, 'serialNumber'],
      [28, 2, 'code'],
      [30, 2, 'windows'],
      [32, 8, 'window.windowSizeBytes'],
      [40, 8, 'window.commandOffset'],
      [48, 8, 'window.commandSizeBytes'],
      [56, 8, 'window.statusOffset'],
      [64, 8, 'window.statusSizeBytes'],
      [72, 2, 'window.flags'],
      [74, 'raw6', 'window.reserved'],
    ],
  },
  {
    type: 5,
    sizeBytes: 40,
    fields: [
      [4, 2, 'regionIndex'],
      [6, 2, 'windows'],
      [8, 8, 'offset'],
      [16, 8, 'sizeBytes'],
      [24, 8, 'capacityBytes'],
      [32, 8, 'startAddress'],
    ],
  },
  {
    type: 6,
    sizeBytes: 40,
    counts: [[8, 2, 3]],
    fields: [
      [4, 4, 'deviceHandle'],
      [10, 'raw6', 'reserved'],
      [16, 8, 'addresses.0'],
      [24, 8, 'addresses.1'],
      [32, 8, 'addresses.2'],
    ],
  },
  {
    type: 7,
    sizeBytes: 16,
    fields: [
      [4, 1, 'highestCapability'],
      [5, 'raw3', 'reserved'],
      [8, 4, 'capabilities'],
      [12, 4, 'reservedAfter'],
    ],
  },
];

/** Every byte after the header has a value of its own (multiples of 3 plus 5, all different below 86 bytes). */
function patternOf({ type, sizeBytes, counts = [] }: Layout): Uint8Array {
  const bytes = new Uint8Array(sizeBytes).map((_, index) => (index * 3 + 5) % 256);
  const put = (offset: number, width: number, value: number): void => {
    for (let index = 0; index < width; index++)
      bytes[offset + index] = Math.floor(value / 256 ** index) % 256;
  };
  put(0, 2, type);
  put(2, 2, sizeBytes);
  for (const [offset, width, value] of counts) put(offset, width, value);
  return bytes;
}

/** What the bytes of a field say, worked out byte by byte. */
function expectedAt(bytes: Uint8Array, [offset, width]: Field): unknown {
  if (typeof width === 'string') return bytes.slice(offset, offset + Number(width.slice(3)));
  const place = bytes.slice(offset, offset + width);
  if (width === 16) return formatGuid(place);
  const value = place.reduceRight((total, byte) => total * 256n + BigInt(byte), 0n);
  return width === 8 ? value : Number(value);
}

describe.each(layouts)('subtable type $type', (layout) => {
  const bytes = patternOf(layout);
  const { subtables, error } = parseSubtables(bytes);

  it('should have each field where 10.1 lists it', () => {
    expect(error).toBeUndefined();
    for (const field of layout.fields)
      expect(subtables[0]).toHaveProperty(field[2], expectedAt(bytes, field));
  });

  it('should have no byte that is in no field', () => {
    const covered = new Set<number>([0, 1, 2, 3]);
    const cover = (offset: number, width: number): void => {
      for (let index = offset; index < offset + width; index++) covered.add(index);
    };
    for (const [offset, width] of layout.fields)
      cover(offset, typeof width === 'string' ? Number(width.slice(3)) : width);
    for (const [offset, width] of layout.counts ?? []) cover(offset, width);
    expect(covered.size).toBe(layout.sizeBytes);
  });

  it('should come back byte for byte', () => {
    expect(encodeSubtable(subtables[0]!)).toEqual(bytes);
  });
});
