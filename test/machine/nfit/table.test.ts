/**
 * NFIT tables: real ones parse and come back byte for byte, broken ones give the answer of the 4.12 parser or a clear
 * error, and thousands of mutations never crash it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSubtables } from '#machine/nfit/decode.ts';
import { concatenate, encodeSubtable } from '#machine/nfit/encode.ts';
import { formatGuid, parseGuid, spaTypeOf } from '#machine/nfit/guid.ts';
import type { Capabilities, MemoryMap, SpaRange, Subtable } from '#machine/nfit/subtables.ts';
import { validCapabilities } from '#machine/nfit/subtables.ts';
import { encodeNfit, parseNfit } from '#machine/nfit/table.ts';
import { mockBus0, mockBus1 } from '#machine/nfit/test-tables.ts';
import { topologySubtables, topologyTable } from '#machine/nfit/topology.ts';
import { interleaveSetCookie, interleaveSetCookie2 } from '#kernel/drivers/nvdimm/interleave-cookie.ts';
import { runs } from '../../support/thorough.ts';

const folder = new URL('../../golden/data/real-firmware/', import.meta.url).pathname;
const names = ['plain', 'two-labels', 'cpu'] as const;

const realTable = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, `${name}.nfit`)));

/** Attributes of `*.sysfs.txt` by path. */
function sysfs(name: string): Map<string, string> {
  const lines = readFileSync(join(folder, `${name}.sysfs.txt`), 'utf8')
    .trim()
    .split('\n');
  return new Map(
    lines.map((line) => {
      const [path = '', value = ''] = line.split(' = ');
      return [path, value.replace(/\|$/, '')];
    }),
  );
}

const ofType = <T extends Subtable>(subtables: readonly Subtable[], type: T['type']): T[] =>
  subtables.filter((subtable): subtable is T => subtable.type === type);

const ranges = (subtables: readonly Subtable[]): SpaRange[] => ofType<SpaRange>(subtables, 0);
const maps = (subtables: readonly Subtable[]): MemoryMap[] => ofType<MemoryMap>(subtables, 1);
const hex = (value: number, digits = 0): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** A number as the kernel prints a big-endian field that it read from a little-endian table. */
const swapped16 = (value: number): number => ((value & 0xff) << 8) | (value >> 8);
const swapped32 = (value: number): number => swapped16(value & 0xffff) * 65536 + swapped16(value >>> 16);

describe('real firmware tables', () => {
  for (const name of names) {
    it(`should parse ${name} and write it back byte for byte`, () => {
      const bytes = realTable(name);
      const { header, subtables, rest, error } = parseNfit(bytes);
      expect(error).toBeUndefined();
      expect(rest.length).toBe(0);
      expect(encodeNfit({ header: header!, subtables })).toEqual(bytes);
    });

    it(`should give the sysfs values of ${name} that follow from the table`, () => {
      const { subtables } = parseNfit(realTable(name));
      const attributes = sysfs(name);
      const dimms = maps(subtables).sort((left, right) => left.deviceHandle - right.deviceHandle);
      dimms.forEach((map, index) => {
        const region = subtables.find(
          (subtable) => subtable.type === 4 && subtable.regionIndex === map.regionIndex,
        );
        if (region?.type !== 4) throw new Error('no control region');
        const at = (attribute: string): string | undefined =>
          attributes.get(`nmem${index}/nfit/${attribute}`);
        expect(at('handle')).toBe(hex(map.deviceHandle));
        expect(at('phys_id')).toBe(hex(map.physicalId));
        expect(at('flags')).toBe('');
        expect(map.flags).toBe(0);
        expect(at('serial')).toBe(hex(swapped32(region.serialNumber)));
        expect(at('vendor')).toBe(hex(swapped16(region.vendorId), 4));
        expect(at('device')).toBe(hex(swapped16(region.deviceId), 4));
        expect(at('rev_id')).toBe(hex(swapped16(region.revisionId), 4));
        expect(at('format')).toBe(hex(region.code, 4));
        expect(region.windows).toBe(0);
      });
      expect(attributes.has(`nmem${dimms.length}/nfit/handle`)).toBe(false);
    });

    it(`should give the regions of ${name}`, () => {
      const { subtables } = parseNfit(realTable(name));
      const attributes = sysfs(name);
      ranges(subtables).forEach((range, index) => {
        const at = (attribute: string): string | undefined => attributes.get(`region${index}/${attribute}`);
        expect(spaTypeOf(range.guid)).toBe('pmem');
        expect(at('devtype')).toBe('nd_pmem');
        expect(at('nfit/range_index')).toBe(String(range.rangeIndex));
        expect(at('size')).toBe(String(range.lengthBytes));
        expect(at('resource')).toBe(`0x${range.address.toString(16)}`);
        const [mapping] = maps(subtables).filter(({ rangeIndex }) => rangeIndex === range.rangeIndex);
        const region = subtables.find((s) => s.type === 4 && s.regionIndex === mapping!.regionIndex);
        if (region?.type !== 4) throw new Error('no control region');
        expect(at('mapping0')).toBe(`nmem${index},${mapping!.address},${mapping!.regionSizeBytes},0`);
        const info = [{ ...region, regionOffset: mapping!.regionOffset }];
        // A dimm with labels of version 1.2 shows the second cookie, which 4.12 does not have.
        const labelled = attributes.get(`nmem${index}/state`) === 'active';
        const cookie = labelled ? interleaveSetCookie2(info) : interleaveSetCookie(info);
        expect(at('set_cookie')).toBe(`0x${cookie.toString(16)}`);
      });
    });
  }

  it('should read the platform capabilities and report them as unknown, like 4.12', () => {
    const { subtables, messages, error } = parseNfit(realTable('cpu'));
    const [capabilities] = ofType<Capabilities>(subtables, 7);
    expect(validCapabilities(capabilities!)).toBe(3);
    expect(sysfs('cpu').get('region0/persistence_domain')).toBe('cpu_cache');
    expect(messages).toEqual([{ level: 'error', text: "unknown table '7' parsing nfit" }]);
    expect(error).toBeUndefined();
  });
});

/** `type`, `length` and zeroes. */
function bare(type: number, statedBytes: number, presentBytes = statedBytes): Uint8Array {
  const bytes = new Uint8Array(Math.max(4, presentBytes));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type, true);
  view.setUint16(2, statedBytes, true);
  return bytes.slice(0, presentBytes);
}

describe('the rules of the parser', () => {
  it('should stop with a warning at a subtable of length zero', () => {
    const after = bare(0, 56);
    const parsed = parseSubtables(concatenate([bare(1, 48), bare(9, 0, 4), after]));
    expect(parsed.error).toBeUndefined();
    expect(parsed.subtables.map(({ type }) => type)).toEqual([1]);
    expect(parsed.messages).toEqual([
      { level: 'warning', text: "found a zero length table '9' parsing nfit" },
    ]);
    expect(parsed.rest).toEqual(concatenate([bare(9, 0, 4), after]));
  });

  it('should report an unknown type and skip it by its length', () => {
    const parsed = parseSubtables(concatenate([bare(200, 20), bare(5, 40)]));
    expect(parsed.error).toBeUndefined();
    expect(parsed.subtables.map(({ type }) => type)).toEqual(['raw', 5]);
    expect(parsed.messages).toEqual([{ level: 'error', text: "unknown table '200' parsing nfit" }]);
  });

  it('should skip an unknown type even by less than its own header, and then read what comes', () => {
    // 2 bytes on, `02 00 14 00` is an interleave table of 20 bytes.
    const bytes = concatenate([bare(9, 2, 2), Uint8Array.of(2, 0), bare(0x14, 0, 18)]);
    const parsed = parseSubtables(bytes);
    expect(parsed.error).toBeUndefined();
    expect(parsed.subtables.map(({ type }) => type)).toEqual(['raw', 2]);
    expect(concatenate(parsed.subtables.map(encodeSubtable))).toEqual(bytes);
  });

  it.each([
    [0, 55],
    [0, 57],
    [1, 47],
    [1, 49],
    [2, 19],
    [4, 31],
    [5, 39],
    [5, 41],
    [6, 23],
    [6, 16],
    [0, 3],
  ])('should fail with -ENOMEM for type %i of %i bytes', (type, sizeBytes) => {
    const parsed = parseSubtables(concatenate([bare(1, 48), bare(type, sizeBytes, Math.max(4, sizeBytes))]));
    expect(parsed.error).toBe(-12);
    expect(parsed.subtables.length).toBe(1);
  });

  it.each([
    [0, 56],
    [1, 48],
    [2, 20],
    [2, 36],
    [3, 8],
    [4, 32],
    [4, 80],
    [5, 40],
    [6, 24],
    [6, 80],
    [7, 16],
    [7, 12],
    [8, 4],
  ])('should take type %i of %i bytes and write it back', (type, sizeBytes) => {
    const bytes = bare(type, sizeBytes);
    const parsed = parseSubtables(bytes);
    expect(parsed.error).toBeUndefined();
    expect(encodeSubtable(parsed.subtables[0]!)).toEqual(bytes);
  });

  it('should read a control region with windows in 80 bytes and without them in 32', () => {
    const bytes = bare(4, 80);
    expect(parseSubtables(bytes).subtables[0]).not.toHaveProperty('window');
    new DataView(bytes.buffer).setUint16(30, 1, true);
    expect(parseSubtables(bytes).subtables[0]).toHaveProperty('window.windowSizeBytes', 0n);
  });
});

describe('broken tables', () => {
  const table = realTable('two-labels');

  it('should be answered at every length with -EINVAL', () => {
    for (let length = 0; length < table.length; length++) {
      const parsed = parseNfit(table.subarray(0, length));
      expect(parsed.error).toBeLessThan(0);
      expect(parsed.messages.length).toBeGreaterThan(0);
    }
  });

  it('should be named: wrong checksum (a warning), wrong signature, a length below the header', () => {
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = table.slice();
      bytes[at] = value;
      return bytes;
    };
    const checksum = parseNfit(changed(9, 0x11));
    expect(checksum.error).toBeUndefined();
    expect(checksum.messages).toEqual([
      { level: 'warning', text: 'Incorrect checksum in table [NFIT] - 0x11, should be 0xFB' },
    ]);
    expect(parseNfit(changed(0, 0x58)).error).toBe(-19);
    const short = table.slice();
    short.set([39, 0, 0, 0], 4);
    expect(parseNfit(short).error).toBe(-22);
    const long = table.slice();
    long.set([0xff, 0xff, 0, 0], 4);
    expect(parseNfit(long).error).toBe(-22);
  });

  it('should never crash the parser, and come back byte for byte apart from length and checksum', () => {
    const tables = [
      ...names.map(realTable),
      topologyTable(mockBus0(2 ** 32)),
      topologyTable(mockBus1(2 ** 33)),
    ];
    const mutation = fc.record({
      table: fc.nat(tables.length - 1),
      edits: fc.array(
        fc.tuple(fc.nat(2000), fc.oneof(fc.constantFrom(0, 1, 0xff, 0x7f, 0x80), fc.nat(255))),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      cut: fc.option(fc.nat(2000)),
    });
    fc.assert(
      fc.property(mutation, ({ table: index, edits, cut }) => {
        const bytes = tables[index]!.slice();
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        const cutBytes = cut === null ? bytes : bytes.slice(0, cut % (bytes.length + 1));
        const { header, subtables, rest, messages } = parseNfit(cutBytes);
        for (const { text } of messages) expect(text).toMatch(/^[ -~]+$/);
        if (header === undefined) return;
        const back = encodeNfit({ header, subtables }, rest);
        expect(back.length).toBe(cutBytes.length);
        expect([...back.subarray(10)]).toEqual([...cutBytes.subarray(10)]);
      }),
      { numRuns: runs(5000), seed: 412 },
    );
  });

  it('should never crash the parser when they are noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { subtables, rest } = parseSubtables(bytes);
        expect(concatenate([...subtables.map(encodeSubtable), rest])).toEqual(bytes);
      }),
      { numRuns: runs(5000), seed: 413 },
    );
  });
});

describe('GUIDs', () => {
  it('should be little endian in their first three groups', () => {
    const [range] = ranges(parseNfit(realTable('plain')).subtables);
    expect(range!.guid).toBe('66f0d379-b4f3-4074-ac43-0d3318b78cdb');
    expect([...parseGuid(range!.guid).subarray(0, 8)]).toEqual([
      0x79, 0xd3, 0xf0, 0x66, 0xf3, 0xb4, 0x74, 0x40,
    ]);
    expect(formatGuid(parseGuid('00112233-4455-6677-8899-aabbccddeeff'))).toBe(
      '00112233-4455-6677-8899-aabbccddeeff',
    );
    expect(() => parseGuid('nonsense')).toThrow(RangeError);
    expect(spaTypeOf('00112233-4455-6677-8899-aabbccddeeff')).toBeUndefined();
  });
});

/** The cookie of the address range `index`, from the table alone. */
const cookieOf = (subtables: readonly Subtable[], index: number): string => {
  const mappings = maps(subtables).filter(({ rangeIndex }) => rangeIndex === index);
  const info = mappings.map(({ regionIndex, regionOffset }) => {
    const region = subtables.find((s) => s.type === 4 && s.regionIndex === regionIndex);
    return { regionOffset, serialNumber: region?.type === 4 ? region.serialNumber : 0 };
  });
  return `0x${interleaveSetCookie(info).toString(16)}`;
};

describe('the mock platforms of the regression suite', () => {
  it('should have the cookies of 17.4', () => {
    const { subtables } = parseNfit(topologyTable(mockBus0(2 ** 32)));
    expect(cookieOf(subtables, 1)).toBe('0x3fe000000fe');
    expect(cookieOf(subtables, 2)).toBe('0xc0ffadb0100fefb');
    expect(cookieOf(subtables, 12)).toBe('0x2dffe0000efff');
  });

  it('should have the ranges of 17.4 and 17.5, disjoint, and survive their own bytes', () => {
    for (const topology of [mockBus0(2 ** 32), mockBus1(2 ** 33)]) {
      const parsed = parseNfit(topologyTable(topology));
      expect(parsed.messages).toEqual([]);
      expect(parsed.error).toBeUndefined();
      const sorted = ranges(parsed.subtables).sort((left, right) => Number(left.address - right.address));
      sorted.slice(1).forEach((range, index) => {
        const before = sorted[index]!;
        expect(before.address + before.lengthBytes).toBeLessThanOrEqual(range.address);
      });
      expect(parsed.subtables.length).toBe(topologySubtables(topology).length);
    }
    const types = ranges(topologySubtables(mockBus0(2 ** 32))).map(({ guid }) => spaTypeOf(guid));
    expect(types).toEqual([
      'pmem',
      'pmem',
      ...Array<string>(4).fill('dimm-control-region'),
      ...Array<string>(4).fill('block-data-window'),
      'dimm-control-region',
      'pmem',
      'block-data-window',
    ]);
    expect(ranges(topologySubtables(mockBus1(0))).map(({ guid }) => spaTypeOf(guid))).toEqual([
      'pmem',
      'volatile-cd',
    ]);
  });

  it('should carry hints, flags and the unmapped dimm', () => {
    const first = topologySubtables(mockBus0(2 ** 32));
    const hints = first.filter((subtable) => subtable.type === 6);
    expect(hints.map(({ hintCount }) => hintCount)).toEqual([8, 8, 8, 8, 8]);
    expect(new Set(hints.map(({ addresses }) => addresses[0]! / 4096n)).size).toBe(5);
    const second = maps(topologySubtables(mockBus1(2 ** 33)));
    expect(second.map(({ deviceHandle, rangeIndex, flags }) => [deviceHandle, rangeIndex, flags])).toEqual([
      [0x10000, 1, 0b11111],
      [0x10001, 0, 0b1000000],
    ]);
  });
});
