/**
 * Block windows on both sides (nvdimm-and-firmware.md 9.2, 12): the control word, the fences of a piece, errors of the
 * status register. How: a region with one hint, registers and aperture in plain memory.
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
import { type NfitBlk, blkControlWord } from '#kernel/drivers/acpi/nfit/blk-window.ts';
import type { NvdimmBus } from '#kernel/drivers/nvdimm/nd.ts';
import { EIO } from '#kernel/errno.ts';
import { newKernel } from '#kernel/kernel.ts';
import { powerOn } from '#machine/machine.ts';
import { formatEntries } from '#machine/trace-notation.ts';

const CONTROL = 2 ** 32;
const STATUS = CONTROL + 8;
const APERTURE = CONTROL + 4096;
const HINT = 2 ** 31;

type Side = typeof before | typeof after;

function window(side: Side, interleaveBytes = 8192): NfitBlk {
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
    control: CONTROL,
    status: STATUS,
    aperture: APERTURE,
    apertureBytes: 8192,
    latchesControl: false,
    flushesReads: true,
    interleaveBytes,
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
    const blk = window(side, 256);
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
    expect(machine.memory.read(APERTURE, 64)).toEqual(data);
  });

  it('should map the aperture write-back, and not warn about a dimm', () => {
    const blk = window(side);
    expect(side.acpiNfitBlkRegionEnable(blk)).toBe(0);
    expect(blk.mapping).toBe('write-back');
    expect(blk.region.kernel.log).toEqual([]);
  });
});
