/** Descriptions of platforms become tables that say the same; what sysfs says of a real dimm's identity. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SPA_TYPE_GUIDS, type SpaTypeName, spaTypeOf } from '#machine/nfit/guid.ts';
import { MemoryMapFlag, type Subtable, validCapabilities } from '#machine/nfit/subtables.ts';
import { parseNfit } from '#machine/nfit/table.ts';
import { type Topology, dimmHandle, topologyTable } from '#machine/nfit/topology.ts';

const GIB = 2 ** 30;

/** A platform with one of everything. */
const platform: Topology = {
  header: { oemId: 'ACME  ', reserved: 7 },
  dimms: [
    {
      handle: dimmHandle(1, 2, 3, 4, 5),
      physicalId: 9,
      serialNumber: 0xdeadbeef,
      identity: { vendorId: 0x8086, manufacturingDate: 0x1620 },
      flushHints: [0x1000, 0x1008, 0x1010],
      controlRegions: [
        {
          index: 1,
          code: 0x201,
          windows: 2,
          window: { windowSizeBytes: 4096n },
          blockWindow: { windows: 2, offset: 64, sizeBytes: 8192, capacityBytes: GIB, startAddress: 128 },
        },
      ],
    },
    {
      handle: 0x33,
      serialNumber: 5,
      controlRegions: [{ index: 2 }],
      unmapped: { controlRegion: 2, flags: MemoryMapFlag.mapFailed },
    },
  ],
  ranges: [
    {
      index: 1,
      type: 'pmem',
      address: 6 * 1024 * GIB,
      sizeBytes: 6 * 1024 * GIB,
      flags: 2,
      proximityDomain: 3,
      memoryMapping: 0x8008,
      mappings: [
        {
          dimm: dimmHandle(1, 2, 3, 4, 5),
          controlRegion: 1,
          dpa: 4096,
          sizeBytes: GIB,
          regionOffset: 2 ** 52,
          interleaveIndex: 1,
          interleaveWays: 4,
          regionId: 6,
          flags: MemoryMapFlag.notArmed,
        },
      ],
    },
    { index: 2, type: { guid: '01234567-89ab-cdef-0123-456789abcdef' }, address: 0, sizeBytes: 1 },
  ],
  interleaves: [{ index: 1, lineSizeBytes: 256, lineOffsets: [0, 1024, 2048] }],
  capabilities: { highest: 1, bits: 7 },
};

function only<Type extends Subtable['type']>(type: Type): Extract<Subtable, { type: Type }>[] {
  return parseNfit(topologyTable(platform)).subtables.filter(
    (subtable): subtable is Extract<Subtable, { type: Type }> => subtable.type === type,
  );
}

describe('a table built from a description', () => {
  it('should parse without complaint but for the type that 4.12 does not know', () => {
    const { error, messages, rest, header } = parseNfit(topologyTable(platform));
    expect(error).toBeUndefined();
    expect(messages).toEqual([{ level: 'error', text: "unknown table '7' parsing nfit" }]);
    expect(rest.length).toBe(0);
    expect(header).toMatchObject({ oemId: 'ACME  ', reserved: 7, revision: 1 });
  });

  it('should have the ranges', () => {
    const [range, other] = only(0);
    expect(range).toMatchObject({
      rangeIndex: 1,
      address: 6n * 1024n ** 4n,
      lengthBytes: 6n * 1024n ** 4n,
      flags: 2,
      proximityDomain: 3,
      memoryMapping: 0x8008n,
    });
    expect(spaTypeOf(range!.guid)).toBe('pmem');
    expect(other!.guid).toBe('01234567-89ab-cdef-0123-456789abcdef');
  });

  it('should have the mappings, and the dimm that is mapped nowhere', () => {
    const [mapped, unmapped] = only(1);
    expect(mapped).toMatchObject({
      deviceHandle: 0x12345,
      physicalId: 9,
      regionId: 6,
      rangeIndex: 1,
      regionIndex: 1,
      regionSizeBytes: BigInt(GIB),
      regionOffset: 2n ** 52n,
      address: 4096n,
      interleaveIndex: 1,
      interleaveWays: 4,
      flags: 8,
    });
    expect(unmapped).toMatchObject({ deviceHandle: 0x33, rangeIndex: 0, regionIndex: 2, flags: 64 });
  });

  it('should have interleaves, control regions, windows, hints and capabilities', () => {
    expect(only(2)).toMatchObject([{ lineCount: 3, lineSizeBytes: 256, lineOffsets: [0, 1024, 2048] }]);
    const [windowed, plain] = only(4);
    expect(windowed).toMatchObject({
      serialNumber: 0xdeadbeef,
      windows: 2,
      window: { windowSizeBytes: 4096n },
    });
    expect(plain).not.toHaveProperty('window');
    expect(only(5)).toMatchObject([{ regionIndex: 1, offset: 64n, sizeBytes: 8192n, startAddress: 128n }]);
    expect(only(6)).toMatchObject([
      { deviceHandle: 0x12345, hintCount: 3, addresses: [0x1000n, 0x1008n, 0x1010n] },
    ]);
    const [capabilities] = only(7);
    // Bit 2 is set but above the highest valid one.
    expect(validCapabilities(capabilities!)).toBe(3);
  });

  it('should name every type of range by its own GUID', () => {
    const names = Object.keys(SPA_TYPE_GUIDS) as SpaTypeName[];
    expect(names.length).toBe(8);
    for (const name of names) {
      const table = topologyTable({
        dimms: [],
        ranges: [{ index: 1, type: name, address: 0, sizeBytes: 4096 }],
      });
      const [range] = parseNfit(table).subtables;
      expect(range?.type === 0 && spaTypeOf(range.guid)).toBe(name);
    }
  });
});

/** Identities are printed as big-endian numbers: the bytes of the table in their order. */
function swapped(value: number, digits: number): string {
  return (value.toString(16).padStart(digits, '0').match(/../g) ?? []).toReversed().join('');
}

describe('the identity of a real dimm', () => {
  it.each(['plain', 'two-labels', 'cpu'])('should be that of %s.sysfs.txt', (name) => {
    const folder = new URL('../../golden/data/real-firmware/', import.meta.url);
    const { subtables } = parseNfit(new Uint8Array(readFileSync(new URL(`${name}.nfit`, folder))));
    const text = readFileSync(new URL(`${name}.sysfs.txt`, folder), 'utf8');
    const regions = subtables.filter((subtable) => subtable.type === 4);
    regions.forEach((region, index) => {
      expect(region.validFields & 1).toBe(0);
      // Date and place of manufacture would follow the vendor if they were valid.
      const id = `${swapped(region.vendorId, 4)}-${swapped(region.serialNumber, 8)}`;
      expect(text).toContain(`nmem${index}/nfit/id = ${id}|`);
      expect(text).toContain(
        `nmem${index}/nfit/subsystem_vendor = 0x${swapped(region.subsystemVendorId, 4)}|`,
      );
      expect(text).toContain(
        `nmem${index}/nfit/subsystem_device = 0x${swapped(region.subsystemDeviceId, 4)}|`,
      );
      expect(text).toContain(
        `nmem${index}/nfit/subsystem_rev_id = 0x${swapped(region.subsystemRevisionId, 4)}|`,
      );
    });
    expect(regions.length).toBe(name === 'two-labels' ? 2 : 1);
  });
});
