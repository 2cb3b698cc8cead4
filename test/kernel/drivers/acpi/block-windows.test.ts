/**
 * Block windows on both sides (nvdimm-and-firmware.md 9.2, 12): the control word, the fences of a piece, errors of the
 * status register. How: a region with one hint, registers and the memory of the dimm in one range.
 */
import { describe, expect, it } from 'vitest';
import * as after from '../../../../after/drivers/acpi/nfit/core.ts';
import {
  ndRegionActivate as activateAfter,
  ndRegionCreate as createAfter,
} from '../../../../after/drivers/nvdimm/region_devs.ts';
import * as before from '../../../../before/drivers/acpi/nfit/core.ts';
import {
  ndRegionActivate as activateBefore,
  ndRegionCreate as createBefore,
} from '../../../../before/drivers/nvdimm/region_devs.ts';
import {
  type LineInterleave,
  type NfitBlk,
  blkControlWord,
  toInterleaveOffset,
} from '#kernel/drivers/acpi/nfit/blk-window.ts';
import type { NvdimmBus } from '#kernel/drivers/nvdimm/nd.ts';
import { EIO } from '#kernel/errno.ts';
import { newKernel } from '#kernel/kernel.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { formatEntries } from '#machine/hardware/trace-notation.ts';

const CONTROL = 2 ** 32;
const STATUS = CONTROL + 8;
const DIMM = CONTROL + 4096;
const HINT = 2 ** 31;

type Side = typeof before | typeof after;

function window(side: Side, interleave?: LineInterleave): NfitBlk {
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [{ name: 'window', start: CONTROL, sizeBytes: 16384, kind: 'volatile', modules: [] }],
    flushHints: [{ address: HINT, modules: [] }],
  });
  const kernel = newKernel(machine, ['ARCH_HAS_PMEM_API', 'ARCH_HAS_UACCESS_FLUSHCACHE']);
  const bus: NvdimmBus = { kernel, name: 'ndbus0', providerName: 'test', poison: [], regions: [] };
  const nvdimm = { name: 'nmem0', flushHints: [HINT], aliasing: false, unarmed: false };
  const description = { start: 0, sizeBytes: 0, mappings: [{ nvdimm, start: 0, sizeBytes: 8192 }] };
  const region = (side === before ? createBefore : createAfter)(bus, description, 'nd_blk')!;
  (side === before ? activateBefore : activateAfter)(region);
  return {
    region,
    registers: { start: CONTROL },
    aperture: { start: 0, ...(interleave === undefined ? {} : { interleave }) },
    commandOffset: 0,
    statusOffset: STATUS - CONTROL,
    bdwOffset: 0,
    apertureBytes: 8192,
    latchesControl: false,
    flushesReads: true,
    dimmStart: DIMM,
    windowDpa: 0,
  };
}

/** What a call executes, without loads; places from the control register. */
function events(blk: NfitBlk, act: () => void): string {
  const { record } = blk.region.kernel.machine;
  const from = record.length;
  act();
  const texts = formatEntries(record, from, record.length, CONTROL);
  return texts
    .filter((text) => !/^[LA]/.test(text))
    .map((text) => (text.startsWith('H') ? 'H' : text))
    .join(' ');
}

describe('the control word of a block window', () => {
  it('should hold address and length in lines, and the direction', () => {
    // 8192/64 = 0x80; 512/64 = 8 at bit 48; a write is bit 56.
    expect(blkControlWord(8192, 512, true)).toBe((1n << 56n) | (8n << 48n) | 0x80n);
    expect(blkControlWord(8192, 512, false)).toBe((8n << 48n) | 0x80n);
  });
});

describe('lines of a dimm among those of others', () => {
  it('should jump over the lines of the other dimms', () => {
    // Two lines of 256 bytes a round, of which a round of two dimms has four: offsets 0 and 3 are this dimm's.
    const interleave = { lineSizeBytes: 256, lineOffsets: [0, 3], tableSizeBytes: 1024, baseOffset: 0 };
    const places = [0, 255, 256, 511, 512].map((offset) =>
      toInterleaveOffset(offset, { start: 0, interleave }),
    );
    expect(places).toEqual([0, 255, 768, 1023, 1024]);
  });
});

describe.each([
  ['before', before, ' S'],
  ['after', after, ''],
] as const)('a block window in %s/', (_name, side, fence) => {
  it('should write with two flushes, and a fence for each copy before the series', () => {
    const blk = window(side);
    const text = events(blk, () =>
      expect(side.acpiNfitBlkRegionDoIo(blk, 0, new Uint8Array(512), true)).toBe(0),
    );
    expect(text).toBe(`c0:8 S H S n4096:8*64${fence} S H S`);
  });

  it('should copy by interleave lines', () => {
    // Two dimms take turns line by line: this one has lines 0, 2, 4… of 256 bytes.
    const interleave = { lineSizeBytes: 256, lineOffsets: [0], tableSizeBytes: 512, baseOffset: 0 };
    const blk = window(side, interleave);
    const text = events(blk, () => side.acpiNfitBlkRegionDoIo(blk, 0, new Uint8Array(512), true));
    const copies = fence === '' ? 'n4096:8*64' : 'n4096:8*32 S n4352:8*32 S';
    expect(text).toBe(`c0:8 S H S ${copies} S H S`);
  });

  it('should drop cached lines before it reads, and flush once', () => {
    const blk = window(side);
    const text = events(blk, () => side.acpiNfitBlkRegionDoIo(blk, 0, new Uint8Array(128), false));
    expect(text).toBe('c0:8 S H S M O4096*2 M');
  });

  it('should fail when the status register says so, with the data moved', () => {
    const blk = window(side);
    const { cpu, machine } = blk.region.kernel;
    cpu.store(STATUS, Uint8Array.of(1, 0, 0, 0));
    const data = new Uint8Array(64).fill(7);
    expect(side.acpiNfitBlkRegionDoIo(blk, 0, data, true)).toBe(-EIO);
    expect(machine.memory.read(DIMM, 64)).toEqual(data);
  });

  it('should add the offset of the window twice without interleave, and once with it', () => {
    const offset = { bdwOffset: 1024 };
    const plain = { ...window(side), ...offset };
    side.acpiNfitBlkRegionDoIo(plain, 64, new Uint8Array(64).fill(9), true);
    // Meant for byte 64 of the dimm, and 1024 bytes behind it (15.1 u).
    expect(plain.region.kernel.machine.memory.read(DIMM + 64, 1)).toEqual(Uint8Array.of(0));
    expect(plain.region.kernel.machine.memory.read(DIMM + 64 + 1024, 1)).toEqual(Uint8Array.of(9));
    const interleave = { lineSizeBytes: 256, lineOffsets: [0], tableSizeBytes: 512, baseOffset: 0 };
    const cut = { ...window(side, interleave), ...offset };
    side.acpiNfitBlkRegionDoIo(cut, 64, new Uint8Array(64).fill(9), true);
    expect(cut.region.kernel.machine.memory.read(DIMM + 64, 1)).toEqual(Uint8Array.of(9));
  });
});
