/**
 * BTT media against those a real kernel wrote (golden/data/real-media). That kernel is 6.1, which uses log slots
 * 0 and 1; 4.12 uses 0 and 2, so both are compared, the second with the entries moved.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBttInfo, encodeBttInfo } from '#kernel/drivers/nvdimm/btt-info.ts';
import { LOG_SLOTS_4_12, LOG_SLOTS_4_15 } from '#kernel/drivers/nvdimm/btt-layout.ts';
import type { Btt } from '#kernel/drivers/nvdimm/btt.ts';
import {
  MIB,
  contents,
  eventsOf,
  mustAttachBtt,
  rawDevice,
  readBtt,
  testUuid,
  transfer,
} from './support/raw-device.ts';

const folder = new URL('../../../golden/data/real-media/', import.meta.url).pathname;
const image = (name: string): Uint8Array =>
  new Uint8Array(gunzipSync(readFileSync(join(folder, `${name}.img.gz`))));

interface WroteLine {
  readonly lba: number;
  readonly char: string;
}

/** The `WROTE` lines of one disk. */
function wroteLines(disk: string): WroteLine[] {
  const text = readFileSync(join(folder, 'operations.txt'), 'utf8');
  return [...text.matchAll(new RegExp(`^WROTE /dev/${disk} lba (\\d+) char (.)$`, 'gm'))].map(
    ([, lba = '', char = '']) => ({ lba: Number(lba), char }),
  );
}

/**
 * The two devices. `blockBytes` is the unit in which the real kernel sent the writes to the BTT: the media of the
 * 512-byte device show four sectors a write (the log's last entry is for lba 30003, sectors 2 to 6 are mapped and
 * zero), that is the 2048-byte blocks of a buffered block device of 33,130,496 bytes, so that a write of one sector
 * reads and writes the block around it.
 */
const devices = [
  { name: 'btt-512', disk: 'pmem0s', lbaSizeBytes: 512, blockBytes: 2048, uuid: 0, sizeBytes: 33130496 },
  { name: 'btt-4096', disk: 'pmem1s', lbaSizeBytes: 4096, blockBytes: 4096, uuid: 0x10, sizeBytes: 32440320 },
] as const;

type Device = (typeof devices)[number];

function applyOperations(btt: Btt, { disk, lbaSizeBytes, blockBytes }: Device): void {
  for (const { lba, char } of wroteLines(disk)) {
    const at = lba * lbaSizeBytes;
    const blockStart = at - (at % blockBytes);
    const block = readBtt(btt, blockStart, blockBytes)!;
    block.fill(char.charCodeAt(0), at - blockStart, at - blockStart + lbaSizeBytes);
    expect(transfer(btt, 'write', blockStart, block)).toBe(0);
  }
}

/** First place where two images differ, for a short message. */
function firstDifference(left: Uint8Array, right: Uint8Array): number | undefined {
  if (Buffer.compare(left, right) === 0) return undefined;
  return left.findIndex((byte, index) => byte !== right[index]);
}

/** The image as 4.12 lays it out: the second entry of each log group in the third slot. */
function withOldLogSlots(real: Uint8Array): Uint8Array {
  const moved = real.slice();
  const info = decodeBttInfo(real.subarray(4096, 8192));
  const logStart = 4096 + Number(info.logOffset);
  for (let lane = 0; lane < info.nfree; lane++) {
    const group = logStart + lane * 64;
    moved.copyWithin(group + 32, group + 16, group + 32);
    moved.fill(0, group + 16, group + 32);
  }
  return moved;
}

describe.each(devices)('$name', (device) => {
  const real = image(device.name);
  const uuid = testUuid(device.uuid);

  it('should have seven operations', () => {
    expect(wroteLines(device.disk).length).toBe(7);
  });

  for (const [title, logSlots, expected] of [
    ['as the real kernel wrote it', LOG_SLOTS_4_15, real],
    ['as 4.12 lays out the log', LOG_SLOTS_4_12, withOldLogSlots(real)],
  ] as const) {
    for (const side of ['after', 'before'] as const) {
      it(`should be byte for byte ${title}, with the raw access of ${side}/`, () => {
        const fresh = rawDevice(32 * MIB, { side });
        const btt = mustAttachBtt(fresh, device.lbaSizeBytes, { uuid, logSlots });
        applyOperations(btt, device);
        expect(firstDifference(contents(fresh), expected)).toBeUndefined();
      });
    }
  }

  it('should have the size that the real kernel shows', () => {
    const btt = mustAttachBtt(rawDevice(32 * MIB), device.lbaSizeBytes, { uuid });
    expect(btt.disk.capacitySectors * 512).toBe(device.sizeBytes);
    expect(btt.disk.queue).toMatchObject({
      writeCache: false,
      fua: false,
      dax: false,
      logicalBlockSize: device.lbaSizeBytes,
      physicalBlockSize: device.lbaSizeBytes,
    });
  });

  it('should open as it is, without a store, and read what was written', () => {
    const opened = rawDevice(32 * MIB, { image: real });
    let btt: Btt | undefined;
    const events = eventsOf(opened, () => {
      btt = mustAttachBtt(opened, device.lbaSizeBytes, { uuid, logSlots: LOG_SLOTS_4_15 });
    });
    expect(events).toEqual([]);
    const last = new Map(wroteLines(device.disk).map(({ lba, char }) => [lba, char]));
    for (const [lba, char] of last) {
      const bytes = readBtt(btt!, lba * device.lbaSizeBytes, device.lbaSizeBytes)!;
      expect(new Set(bytes)).toEqual(new Set([char.charCodeAt(0)]));
    }
    const never = readBtt(btt!, 500 * device.lbaSizeBytes, device.lbaSizeBytes)!;
    expect(never.every((byte) => byte === 0)).toBe(true);
  });

  it('should have an info block that decodes and encodes to itself, twice on media', () => {
    const block = real.subarray(4096, 8192);
    const info = decodeBttInfo(block);
    expect(encodeBttInfo(info)).toEqual(block.slice());
    const copy = 4096 + Number(info.info2Offset);
    expect(real.slice(copy, copy + 4096)).toEqual(block.slice());
  });

  it('should be written with 519 flushes when it is new: map, log, 256 entries in halves, two info blocks', () => {
    const fresh = rawDevice(32 * MIB);
    const events = eventsOf(fresh, () => mustAttachBtt(fresh, device.lbaSizeBytes, { uuid }));
    const fences = events.filter((event) => event === 'S').length;
    const writes = fresh.calls.filter(({ isWrite }) => isWrite);
    // The small map of the 4096-byte device takes one write as well as the large one.
    expect(writes.length).toBe(519);
    expect(fences).toBe(519 * 2);
    const info = decodeBttInfo(real.subarray(4096, 8192));
    expect(writes.slice(-2).map(({ offset }) => offset)).toEqual([4096 + Number(info.info2Offset), 4096]);
  });
});

describe('the slots of the log', () => {
  it('should make 4.12 misread a log that a newer kernel wrote: it reuses a block that is in use', () => {
    const opened = rawDevice(32 * MIB, { image: image('btt-512') });
    const btt = mustAttachBtt(opened, 512, { logSlots: LOG_SLOTS_4_12 });
    const free = btt.arenas[0]!.freelist[0]!.block;
    // Block 0 holds sector 30000 ('G').
    expect(free).toBe(0);
    expect(transfer(btt, 'write', 0, new Uint8Array(512).fill(0x58))).toBe(0);
    expect(readBtt(btt, 30000 * 512, 512)![0]).toBe(0x58);
  });
});
