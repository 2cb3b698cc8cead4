/** Geometry of a BTT, finding it on media and writing a new one, its log (nvdimm-and-firmware.md 9.1). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nextSequence, olderLogEntry } from '#kernel/drivers/nvdimm/btt-arena.ts';
import { bttInfoIsValid, bttInfoOf, encodeBttInfo } from '#kernel/drivers/nvdimm/btt-info.ts';
import { arenaGeometry, arenasFor } from '#kernel/drivers/nvdimm/btt-layout.ts';
import { BTT_LBA_SIZES, nvdimmNamespaceAttachBtt } from '#kernel/drivers/nvdimm/btt.ts';
import {
  MIB,
  type RawDevice,
  attachBtt,
  contents,
  mustAttachBtt,
  rawDevice,
  readBtt,
  testUuid,
  transfer,
} from './support/raw-device.ts';

const EIO = -5;
const SMALL = 17 * MIB;

const filled = (lengthBytes: number, byte: number): Uint8Array => new Uint8Array(lengthBytes).fill(byte);
const texts = (device: RawDevice): string[] =>
  device.kernel.log.map(({ level, text }) => `${level}: ${text}`);

describe('geometry', () => {
  it.each([
    [18, 0x11b4400],
    [20, 0x13b0400],
    [27, 0x1aa2600],
  ])('should be the one ndctl expects of %i MiB', (mebibytes, sizeBytes) => {
    const [arena] = arenasFor(mebibytes * MIB - 4096, 512);
    expect(arena!.externalLbaCount * 512).toBe(sizeBytes);
  });

  it.each([
    [18, 0x8da2000],
    [20, 0x9d82000],
    [27, 0xd513000],
  ])(
    'should keep the blocks on media when %i MiB are enabled again with 4096-byte sectors',
    (mebibytes, sizeBytes) => {
      const device = rawDevice(mebibytes * MIB);
      mustAttachBtt(device, 512);
      const again = mustAttachBtt(device, 4096);
      expect(again.disk.capacitySectors * 512).toBe(sizeBytes);
      expect(again.arenas[0]!.geometry.internalLbaSizeBytes).toBe(512);
    },
  );

  it('should round block sizes up to 256 bytes', () => {
    for (const [lba, internal] of [
      [512, 512],
      [520, 768],
      [528, 768],
      [4096, 4096],
      [4104, 4352],
      [4160, 4352],
      [4224, 4352],
    ] as const) {
      expect(arenaGeometry(64 * MIB, 0, 0, lba, false).internalLbaSizeBytes).toBe(internal);
    }
  });

  it('should have arenas of 512 GiB and leave out a rest below 16 MiB', () => {
    const whole = 512 * 1024 * MIB;
    expect(arenasFor(whole + 16 * MIB - 4096, 4096).length).toBe(1);
    const two = arenasFor(whole + 16 * MIB, 4096);
    expect(two.map(({ infoOffset, nextOffset }) => [infoOffset, nextOffset])).toEqual([
      [0, whole],
      [whole, 0],
    ]);
    expect(two[1]!.externalLbaStart).toBe(two[0]!.externalLbaCount);
    for (const arena of two) {
      expect(arena.info2Offset + 4096).toBe(arena.infoOffset + arena.sizeBytes);
      const mapBytes = arena.logOffset - arena.mapOffset;
      expect(mapBytes).toBeGreaterThanOrEqual(arena.externalLbaCount * 4);
      expect(arena.dataOffset + arena.internalLbaCount * 4096).toBeLessThanOrEqual(arena.mapOffset);
    }
  });
});

describe('sector sizes', () => {
  it('should be those that Linux 6.1 offers', () => {
    const folder = new URL('../../../golden/data/real-media/operations.txt', import.meta.url);
    const [, , ...sizes] =
      /^ATTR btt0 size (\d+) (.*)$/m.exec(readFileSync(folder, 'utf8'))?.[0].split(' ').slice(1) ?? [];
    const offered = sizes.map((size) => Number(size.replaceAll(/[[\]]/g, ''))).filter((size) => size > 0);
    expect(offered.slice(1)).toEqual(BTT_LBA_SIZES);
  });

  it('should leave room for integrity data behind each block and make sectors of 512 or 4096 bytes', () => {
    for (const size of BTT_LBA_SIZES) {
      const device = rawDevice(SMALL);
      const btt = mustAttachBtt(device, size);
      const sector = size >= 4096 ? 4096 : 512;
      expect(btt.disk.queue.logicalBlockSize).toBe(sector);
      const data = new Uint8Array(4096).map((_, index) => index % 253);
      expect(transfer(btt, 'write', 3 * 4096, data)).toBe(0);
      expect(readBtt(btt, 3 * 4096, 4096)).toEqual(data);
      expect(btt.arenas[0]!.geometry.internalLbaSizeBytes % 256).toBe(0);
    }
  });
});

describe('attaching', () => {
  it('should need a uuid, a sector size and 16 MiB', () => {
    const device = rawDevice(16 * MIB);
    expect(attachBtt(device, 512)).toBe(-6);
    const { kernel, region, raw } = device;
    const common = {
      kernel,
      device: 'btt0.0',
      diskName: 'pmem0s',
      region,
      raw,
      namespaceSizeBytes: 32 * MIB,
    };
    expect(nvdimmNamespaceAttachBtt({ ...common, uuid: testUuid(0) })).toBe(-19);
    expect(nvdimmNamespaceAttachBtt({ ...common, lbaSizeBytes: 512 })).toBe(-19);
    expect(typeof attachBtt(rawDevice(16 * MIB + 4096), 512)).toBe('object');
  });

  it('should not write a BTT on a read-only region, but open one that is there', () => {
    const device = rawDevice(SMALL);
    device.region.readOnly = true;
    expect(attachBtt(device, 512)).toBe(-12);
    expect(texts(device)).toEqual([
      'info: No existing arenas',
      'info: region0 is read-only, unable to init btt metadata',
    ]);
    device.region.readOnly = false;
    mustAttachBtt(device, 512);
    device.region.readOnly = true;
    expect(mustAttachBtt(device, 512).disk.readOnly).toBe(true);
  });

  it('should fail with -ENOMEM, whatever failed, and say what', () => {
    const unreadable = rawDevice(SMALL);
    unreadable.fail = ({ isWrite }) => (isWrite ? 0 : EIO);
    expect(attachBtt(unreadable, 512)).toBe(-12);
    expect(texts(unreadable)).toEqual(['error: init: error in arena_discover: -5']);
    const unwritable = rawDevice(SMALL);
    unwritable.fail = ({ isWrite }) => (isWrite ? EIO : 0);
    expect(attachBtt(unwritable, 512)).toBe(-12);
    expect(texts(unwritable)).toContain('error: init: error in meta_init: -5');
    expect(unwritable.calls.filter(({ isWrite }) => isWrite).length).toBe(1);
  });

  it('should fail at every raw access of a creation that fails, and leave no BTT behind before the last', () => {
    for (const failing of [0, 1, 4, 5, 6, 260, 517, 518]) {
      const device = rawDevice(SMALL);
      let writes = 0;
      device.fail = ({ isWrite }) => (isWrite && writes++ === failing ? EIO : 0);
      expect(attachBtt(device, 512)).toBe(-12);
      expect(bttInfoIsValid(contents(device).slice(4096, 8192), new Uint8Array(16))).toBe(false);
    }
  });

  it('should look at signature, checksum and parent uuid, not at its own uuid or version', () => {
    const [arena] = arenasFor(SMALL - 4096, 512);
    const info = bttInfoOf(arena!, testUuid(1), testUuid(2));
    const none = new Uint8Array(16);
    expect(bttInfoIsValid(encodeBttInfo(info), testUuid(2))).toBe(true);
    expect(bttInfoIsValid(encodeBttInfo(info), none)).toBe(false);
    expect(bttInfoIsValid(encodeBttInfo({ ...info, parentUuid: none }), testUuid(9))).toBe(true);
    expect(bttInfoIsValid(encodeBttInfo({ ...info, versionMajor: 2, versionMinor: 0 }), testUuid(2))).toBe(
      true,
    );
    expect(bttInfoIsValid(encodeBttInfo({ ...info, signature: 'BTT_ARENA_INFX' }), testUuid(2))).toBe(false);
    for (const place of [0, 20, 48, 100, 2000, 4087, 4088, 4095]) {
      const broken = encodeBttInfo(info);
      broken[place] = (broken[place] ?? 0) ^ 1;
      expect(bttInfoIsValid(broken, testUuid(2))).toBe(false);
    }
  });
});

describe('two arenas', () => {
  const parts = [
    arenaGeometry(16 * MIB, 0, 0, 4096, true),
    arenaGeometry(16 * MIB, 16 * MIB, 0, 4096, false),
  ];

  function twoArenas(): RawDevice {
    const device = rawDevice(32 * MIB + 4096);
    for (const arena of parts) {
      const info = encodeBttInfo(bttInfoOf(arena, testUuid(0), new Uint8Array(16)));
      device.raw(4096 + arena.infoOffset, info, true);
      for (let lane = 0; lane < 256; lane++) {
        const block = arena.externalLbaCount + lane;
        const entry = new Uint8Array(Uint32Array.from([lane, block, block, 1]).buffer);
        device.raw(4096 + arena.logOffset + lane * 64, entry, true);
      }
    }
    return device;
  }

  it('should be found and make one disk', () => {
    const device = twoArenas();
    const btt = mustAttachBtt(device, 4096);
    const first = parts[0]!.externalLbaCount;
    expect(btt.arenas.map(({ geometry }) => geometry.externalLbaStart)).toEqual([0, first]);
    expect(btt.lbaCount).toBe(2 * first);
    const across = new Uint8Array(8192).map((_, index) => (index < 4096 ? 1 : 2));
    expect(transfer(btt, 'write', (first - 1) * 4096, across)).toBe(0);
    expect(readBtt(btt, (first - 1) * 4096, 8192)).toEqual(across);
    const data = 4096 + parts[1]!.dataOffset + first * 4096;
    expect(contents(device).slice(data, data + 4096)).toEqual(filled(4096, 2));
  });

  it('should be refused when the second is broken', () => {
    const device = twoArenas();
    device.raw(4096 + parts[1]!.infoOffset, new Uint8Array(4096), true);
    expect(attachBtt(device, 4096)).toBe(-12);
    expect(texts(device)).toEqual([
      'info: Found corrupted metadata!',
      'error: init: error in arena_discover: -19',
    ]);
  });
});

describe('the log', () => {
  it('should count 1, 2, 3, 1', () => {
    expect([0, 1, 2, 3].map(nextSequence)).toEqual([0, 2, 3, 1]);
  });

  it.each([
    [0, 0, 0],
    [1, 0, 1],
    [1, 2, 0],
    [2, 1, 1],
    [2, 3, 0],
    [3, 2, 1],
    [3, 1, 0],
    [1, 3, 1],
    [1, 1, undefined],
    [2, 2, undefined],
    [3, 3, undefined],
    [4, 2, undefined],
  ] as const)('should find the older of entries %i and %i', (first, second, older) => {
    expect(olderLogEntry(first, second)).toBe(older);
  });

  it('should refuse sequence numbers that make no sense', () => {
    const device = rawDevice(SMALL);
    const btt = mustAttachBtt(device, 512);
    const group = 4096 + btt.arenas[0]!.geometry.logOffset + 7 * 64;
    device.raw(group + 32 + 12, Uint8Array.of(1, 0, 0, 0), true);
    expect(attachBtt(device, 512)).toBe(-12);
    expect(texts(device)).toContain('error: log corruption (-22): lane 7 seq [1, 1]');
  });

  it('should keep a lane to each CPU', () => {
    const device = rawDevice(SMALL);
    let cpu = 0;
    const btt = mustAttachBtt(device, 512, { currentCpu: () => cpu });
    const { logOffset, externalLbaCount } = btt.arenas[0]!.geometry;
    for (cpu = 3; cpu < 6; cpu++) expect(transfer(btt, 'write', 0, filled(512, cpu))).toBe(0);
    const last = device.calls.filter(({ isWrite }) => isWrite).slice(-12);
    expect([1, 5, 9].map((index) => last[index]!.offset)).toEqual(
      [3, 4, 5].map((lane) => 4096 + logOffset + lane * 64 + 32),
    );
    expect(btt.arenas[0]!.freelist[4]!.block).toBe(externalLbaCount + 3);
    expect(readBtt(btt, 0, 512)).toEqual(filled(512, 5));
  });
});
