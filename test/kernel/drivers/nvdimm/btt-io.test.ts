/** Reading and writing through a BTT: well, cut off, over bad sectors, over marked blocks (9.1, 15.1 G and n). */
import { describe, expect, it } from 'vitest';
import { badblocksSet, newBadBlocks } from '#kernel/block/badblocks.ts';
import { newBio } from '#kernel/block/bio.ts';
import { bdevRwPage, blkdevIssueFlush, submitBioWait } from '#kernel/block/submit.ts';
import { bttMapWrite } from '#kernel/drivers/nvdimm/btt-arena.ts';
import { decodeBttInfo, encodeBttInfo } from '#kernel/drivers/nvdimm/btt-info.ts';
import type { Btt } from '#kernel/drivers/nvdimm/btt.ts';
import { KernelOops } from '#kernel/kernel.ts';
import {
  MIB,
  type RawDevice,
  contents,
  eventsOf,
  mustAttachBtt,
  rawDevice,
  readBtt,
  transfer,
} from './support/raw-device.ts';
import { isThorough } from '../../../support/thorough.ts';

const EIO = -5;
const SMALL = 17 * MIB;

const filled = (lengthBytes: number, byte: number): Uint8Array => new Uint8Array(lengthBytes).fill(byte);
const texts = (device: RawDevice): string[] =>
  device.kernel.log.map(({ level, text }) => `${level}: ${text}`);

/** Device offset of the map entry of block `lba`. */
function mapEntryAt(btt: Btt, lba: number): number {
  return 4096 + btt.arenas[0]!.geometry.mapOffset + lba * 4;
}

/** Changes the map behind the driver's back. */
function pokeMap(device: RawDevice, btt: Btt, lba: number, entry: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, entry, true);
  expect(device.raw(mapEntryAt(btt, lba), bytes, true)).toBe(0);
}

describe('a write', () => {
  it('should be data, two halves of a log entry, map: all but the last from atomic context', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    device.calls.length = 0;
    transfer(btt, 'write', 0, filled(512, 1));
    const writes = device.calls.filter(({ isWrite }) => isWrite);
    expect(writes.map(({ sizeBytes, atomic }) => [sizeBytes, atomic])).toEqual([
      [512, true],
      [8, true],
      [8, true],
      [4, false],
    ]);
  });

  it.each([
    ['after', 8],
    ['before', 12],
  ] as const)('should be fenced by %s/ %i times', (side, fences) => {
    const device = rawDevice(SMALL, { side });
    const btt = mustAttachBtt(device, 512);
    const events = eventsOf(device, () => transfer(btt, 'write', 0, filled(512, 1)));
    expect(events.filter((event) => event === 'S').length).toBe(fences);
  });

  it('should leave a 4-byte map entry at 4 modulo 8 to one store by memcpy_to_pmem, to cache and clwb since patch 1', () => {
    const storesOf = (side: 'before' | 'after'): string[] => {
      const device = rawDevice(SMALL, { side });
      const btt = mustAttachBtt(device, 512);
      const at = mapEntryAt(btt, 1);
      const events = eventsOf(device, () => transfer(btt, 'write', 512, filled(512, 1)));
      return events.filter((event) =>
        event !== 'S' && !event.startsWith('n') ? true : event === `n${at}:4`,
      );
    };
    const at = mapEntryAt(mustAttachBtt(rawDevice(SMALL), 512), 1);
    expect(storesOf('before')).toEqual([`n${at}:4`]);
    expect(storesOf('after')).toEqual([`c${at}:4`, `W${at - (at % 64)}`]);
  });

  it('should be whole or not at all wherever it is cut off', () => {
    for (const size of [512, 4096] as const) {
      for (let cut = 0; cut <= 4; cut++) {
        const device = rawDevice(SMALL);
        const btt = mustAttachBtt(device, size);
        transfer(btt, 'write', 5 * size, filled(size, 0xaa));
        transfer(btt, 'write', 6 * size, filled(size, 0xbb));
        let writes = 0;
        device.fail = ({ isWrite }) => (isWrite && writes++ >= cut ? EIO : 0);
        expect(transfer(btt, 'write', 5 * size, filled(size, 0xcc))).toBe(cut === 4 ? 0 : EIO);
        const restarted = rawDevice(SMALL, { image: contents(device) });
        let opened: Btt | undefined;
        const events = eventsOf(restarted, () => (opened = mustAttachBtt(restarted, size)));
        // Only between log and map is there something to repair: the map entry.
        expect(events.length > 0).toBe(cut === 3);
        const expected = cut >= 3 ? 0xcc : 0xaa;
        expect(readBtt(opened!, 5 * size, size)).toEqual(filled(size, expected));
        expect(readBtt(opened!, 6 * size, size)).toEqual(filled(size, 0xbb));
        expect(transfer(opened!, 'write', 5 * size, filled(size, 0xdd))).toBe(0);
        expect(readBtt(opened!, 6 * size, size)).toEqual(filled(size, 0xbb));
      }
    }
  });

  it('should be refused, and reads not, by an arena with an error flag', () => {
    const device = rawDevice(SMALL);
    mustAttachBtt(device, 512);
    const info = decodeBttInfo(contents(device).slice(4096, 8192));
    device.raw(4096, encodeBttInfo({ ...info, flags: 1 }), true);
    const btt = mustAttachBtt(device, 512);
    expect(texts(device)).toContain('info: Found arena with an error flag');
    expect(transfer(btt, 'write', 0, filled(512, 1))).toBe(EIO);
    expect(readBtt(btt, 0, 512)).toEqual(filled(512, 0));
  });

  it('should fail over a bad sector and store the bytes all the same, without clearing it', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    const free = btt.arenas[0]!.freelist[0]!.block;
    const offset = 4096 + btt.arenas[0]!.geometry.dataOffset + free * 512;
    device.namespace.badblocks = newBadBlocks();
    badblocksSet(device.namespace.badblocks, offset / 512, 1, true);
    expect(transfer(btt, 'write', 0, filled(512, 0x77))).toBe(EIO);
    expect(contents(device).slice(offset, offset + 512)).toEqual(filled(512, 0x77));
    expect(device.namespace.badblocks.ranges.length).toBe(1);
    expect(readBtt(btt, 0, 512)).toEqual(filled(512, 0));
    expect(texts(device)).toContain('info: io error in WRITE sector 0, len 512,');
  });
});

describe('marked blocks', () => {
  it('should read as zeroes when trimmed and fail in error; writing takes the mark away', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    transfer(btt, 'write', 0, filled(1024, 0x11));
    pokeMap(device, btt, 0, 0x8000_0005);
    pokeMap(device, btt, 1, 0x4000_0006);
    expect(readBtt(btt, 0, 512)).toEqual(filled(512, 0));
    expect(readBtt(btt, 512, 512)).toBeUndefined();
    expect(texts(device)).toContain('info: io error in READ sector 1, len 512,');
    expect(transfer(btt, 'write', 0, filled(1024, 0x22))).toBe(0);
    expect(readBtt(btt, 0, 1024)).toEqual(filled(1024, 0x22));
  });

  it('should end the read of a page with success at a trimmed block (defect G)', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    transfer(btt, 'write', 0, filled(4096, 0x33));
    pokeMap(device, btt, 0, 0x8000_0000);
    const page = filled(4096, 0xdd);
    expect(transfer(btt, 'read', 0, page)).toBe(0);
    expect(page.subarray(0, 512)).toEqual(filled(512, 0));
    expect(page.subarray(512)).toEqual(filled(3584, 0xdd));
  });

  it('should not be both', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    const entry = { postmap: 1, trimmed: true, error: true };
    expect(bttMapWrite(btt.arenas[0]!, 0, entry)).toBe(EIO);
    expect(texts(device)).toContain('error: Invalid use of Z and E flags');
    expect(bttMapWrite(btt.arenas[0]!, 0, { ...entry, error: false })).toBe(0);
    const at = mapEntryAt(btt, 0);
    expect(Array.from(contents(device).slice(at, at + 4))).toEqual([1, 0, 0, 0x80]);
    expect(bttMapWrite(btt.arenas[0]!, 0, { ...entry, trimmed: false })).toBe(0);
    expect(Array.from(contents(device).slice(at, at + 4))).toEqual([1, 0, 0, 0x40]);
    expect(bttMapWrite(btt.arenas[0]!, 0, { postmap: 1, trimmed: false, error: false })).toBe(0);
    expect(Array.from(contents(device).slice(at, at + 4))).toEqual([1, 0, 0, 0xc0]);
  });

  it('should fail when they name a block that is not there', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    pokeMap(device, btt, 0, 0xffff_ffff);
    expect(transfer(btt, 'write', 0, filled(512, 1))).toBe(EIO);
    expect(readBtt(btt, 0, 512)).toBeUndefined();
  });
});

describe('the disk', () => {
  it('should report success for a page whatever became of it (15.1 n)', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    const page = { bytes: filled(4096, 0x44) };
    expect(bdevRwPage(btt.disk, 8, page, true)).toBe(0);
    expect(readBtt(btt, 4096, 4096)).toEqual(page.bytes);
    device.fail = () => EIO;
    expect(bdevRwPage(btt.disk, 8, { bytes: filled(4096, 0x55) }, true)).toBe(0);
    const untouched = { bytes: filled(4096, 0xdd) };
    expect(bdevRwPage(btt.disk, 8, untouched, false)).toBe(0);
    expect(untouched.bytes).toEqual(filled(4096, 0xdd));
    delete device.fail;
    expect(readBtt(btt, 4096, 4096)).toEqual(page.bytes);
  });

  it('should see no flush, and refuse what lies beyond its end', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    expect(eventsOf(device, () => expect(blkdevIssueFlush(btt.disk)).toBe(0))).toEqual([]);
    expect(transfer(btt, 'write', btt.disk.capacitySectors * 512, filled(512, 1))).toBe(EIO);
  });

  it('should die of a segment that is not whole sectors', () => {
    const btt = mustAttachBtt(rawDevice(SMALL), 4096);
    for (const lengthBytes of [512, 2048, 8192]) {
      const segment = { page: { bytes: new Uint8Array(8192) }, offset: 0, lengthBytes };
      const bio = newBio({ operation: 'write', disk: btt.disk, sector: 0, segments: [segment] });
      expect(() => submitBioWait(bio)).toThrow(KernelOops);
    }
  });

  it('should agree with a plain array over thousands of writes and restarts', () => {
    const count = isThorough ? 3000 : 1000;
    let device = rawDevice(SMALL);
    let btt = mustAttachBtt(device, 512);
    const sectors = 64;
    const expected = new Uint8Array(sectors * 512);
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let step = 0; step < count; step++) {
      const written = 1 + random(8);
      const first = random(sectors - written);
      const data = filled(written * 512, random(256));
      expect(transfer(btt, 'write', first * 512, data)).toBe(0);
      expected.set(data, first * 512);
      if (step % 500 === 499) {
        device = rawDevice(SMALL, { image: contents(device) });
        btt = mustAttachBtt(device, 512);
        expect(readBtt(btt, 0, expected.length)).toEqual(expected);
      }
    }
  });
});
