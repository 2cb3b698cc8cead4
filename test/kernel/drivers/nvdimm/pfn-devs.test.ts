/** Info blocks of pfn and dax devices: against one that Linux 6.1 wrote, and by the rules of 7.4. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type PfnSettings,
  type PfnTarget,
  ndPfnInit,
  ndPfnValidate,
  nvdimmSetupPfn,
  trimPfnDevice,
} from '#kernel/drivers/nvdimm/pfn-devs.ts';
import { type PfnInfo, PfnMode, decodePfnInfo, encodePfnInfo } from '#kernel/drivers/nvdimm/pfn-info.ts';
import { MIB, type RawDevice, contents, eventsOf, rawDevice, testUuid } from './support/raw-device.ts';

const folder = new URL('../../../golden/data/real-media/', import.meta.url);
const real = new Uint8Array(gunzipSync(readFileSync(new URL('fsdax-ram.img.gz', folder))));
const operations = readFileSync(new URL('operations.txt', folder), 'utf8');

/** Where the namespace of the real image lay: its data is at 0x102200000, 2 MiB into it. */
const REAL_START = 0x1_0200_0000;
const NO_UUID = new Uint8Array(16);

const settings: PfnSettings = { uuid: testUuid(0x20), alignBytes: 2 * MIB, mode: PfnMode.ram };

function targetOn(device: RawDevice, more: Partial<PfnTarget> = {}): PfnTarget {
  return {
    kernel: device.kernel,
    device: 'pfn0.0',
    kind: 'pfn',
    raw: device.raw,
    namespace: { name: 'namespace0.0', start: REAL_START, sizeBytes: device.namespace.sizeBytes },
    parentUuid: NO_UUID,
    region: { name: 'region0', readOnly: false, mayHavePfn: true },
    ...more,
  };
}

function mustInit(target: PfnTarget, wanted = settings): PfnInfo {
  const info = ndPfnInit(target, wanted);
  if (typeof info === 'number') throw new Error(`init: ${info}`);
  return info;
}

describe('the info block of a real kernel', () => {
  it('should decode and encode to itself', () => {
    const block = real.slice(4096, 8192);
    expect(encodePfnInfo(decodePfnInfo(block))).toEqual(block);
  });

  it('should be what a new device gets, but for the version and the two fields after it', () => {
    const device = rawDevice(32 * MIB);
    mustInit(targetOn(device));
    const info = decodePfnInfo(real.subarray(4096, 8192));
    expect([info.versionMajor, info.versionMinor]).toEqual([1, 4]);
    const expected = real.slice();
    // Version 1.2 instead of 1.4, no page size (4096) and no size of struct page (64) behind the alignment.
    expect(Array.from(info.padding!.subarray(0, 8))).toEqual([0, 16, 0, 0, 64, 0, 0, 0]);
    const { padding, ...old } = info;
    expected.set(encodePfnInfo({ ...old, versionMinor: 2 }), 4096);
    expect(padding!.subarray(8).every((byte) => byte === 0)).toBe(true);
    expect(Buffer.compare(contents(device), expected)).toBe(0);
  });

  it('should be accepted, and give the resource and size that the real kernel shows', () => {
    const device = rawDevice(32 * MIB, { image: real });
    const target = targetOn(device);
    const events = eventsOf(device, () => {
      const info = mustInit(target);
      const layout = nvdimmSetupPfn(target.namespace, info);
      if (typeof layout === 'number') throw new Error(`setup: ${layout}`);
      const { data } = layout;
      expect(operations).toContain(`ATTR pfn size ${data.sizeBytes} resource 0x${data.start.toString(16)}`);
    });
    expect(events).toEqual([]);
  });

  it('should be written by one raw access of 4096 bytes, flushed', () => {
    const device = rawDevice(32 * MIB);
    const events = eventsOf(device, () => mustInit(targetOn(device)));
    expect(events).toEqual(['n4096:8*512', 'S', 'S']);
    expect(device.calls.filter(({ isWrite }) => isWrite)).toEqual([
      { offset: 4096, sizeBytes: 4096, isWrite: true, atomic: false },
    ]);
  });
});

describe('geometry of a new device', () => {
  // 32 MiB are less than a section, whose 32768 struct pages of 64 bytes take 2 MiB.
  it.each([
    ['pfn', PfnMode.ram, 4096, 8192],
    ['pfn', PfnMode.ram, 2 * MIB, 2 * MIB],
    ['pfn', PfnMode.pmem, 4096, 4 * MIB],
    ['pfn', PfnMode.pmem, 2 * MIB, 4 * MIB],
    ['dax', PfnMode.ram, 4096, 8192 + 128 * 1024],
    ['dax', PfnMode.pmem, 4096, 4 * MIB],
  ] as const)(
    'should put the data of %s in mode %i with alignment %i at %i',
    (kind, mode, alignBytes, dataOffset) => {
      const target = targetOn(rawDevice(32 * MIB), { kind });
      const info = mustInit(target, { uuid: testUuid(1), alignBytes, mode });
      expect(info.dataOffset).toBe(BigInt(dataOffset));
      expect(info.pageCount).toBe(BigInt((32 * MIB - dataOffset) / 4096));
      const layout = nvdimmSetupPfn(target.namespace, info);
      expect(layout).toMatchObject({ memmapBytes: mode === PfnMode.pmem ? dataOffset - 8192 : 0, pfnPad: 0 });
    },
  );

  it('should round what a namespace off a boundary needs', () => {
    const device = rawDevice(32 * MIB);
    const start = REAL_START + 0x3000;
    const info = mustInit(targetOn(device, { namespace: { name: 'n', start, sizeBytes: 32 * MIB } }));
    expect((start + Number(info.dataOffset)) % (2 * MIB)).toBe(0);
  });

  it('should fail where nothing is left for data, nobody chose a mode, or the region is read-only', () => {
    const device = rawDevice(4 * MIB);
    const target = targetOn(device);
    expect(ndPfnInit(target, { ...settings, mode: PfnMode.pmem })).toBe(-6);
    expect(device.kernel.log.at(-1)?.text).toBe('namespace0.0 unable to satisfy requested alignment');
    expect(ndPfnInit(target, { ...settings, mode: 0 })).toBe(-6);
    const region = { name: 'region0', readOnly: true, mayHavePfn: true };
    expect(ndPfnInit({ ...target, region }, settings)).toBe(-6);
    expect(device.kernel.log.at(-1)?.text).toBe('region0 is read-only, unable to init metadata');
    expect(device.calls.some(({ isWrite }) => isWrite)).toBe(false);
    device.fail = ({ isWrite }) => (isWrite ? -5 : 0);
    expect(ndPfnInit(target, settings)).toBe(-5);
  });

  it('should leave out ends whose sections hold System RAM', () => {
    const section = 128 * MIB;
    const namespace = { start: 10 * section + 16 * MIB, sizeBytes: 2 * section };
    expect(trimPfnDevice(namespace, [])).toEqual({ startPadBytes: 0, endTruncateBytes: 0 });
    const before = [{ start: 10 * section, sizeBytes: 16 * MIB }];
    expect(trimPfnDevice(namespace, before)).toEqual({
      startPadBytes: section - 16 * MIB,
      endTruncateBytes: 0,
    });
    const after = [{ start: 12 * section + 16 * MIB, sizeBytes: MIB }];
    expect(trimPfnDevice(namespace, after)).toEqual({ startPadBytes: 0, endTruncateBytes: 16 * MIB });
    const far = [{ start: 13 * section, sizeBytes: MIB }];
    expect(trimPfnDevice(namespace, far)).toEqual({ startPadBytes: 0, endTruncateBytes: 0 });
  });
});

/** A device on which `changes` of a good info block have been written. */
function deviceWith(changes: Partial<PfnInfo>): RawDevice {
  const device = rawDevice(32 * MIB);
  const info = mustInit(targetOn(device));
  device.raw(4096, encodePfnInfo({ ...info, ...changes }), true);
  return device;
}

/** What validation answers for a good info block with `changes`. */
function resultOf(changes: Partial<PfnInfo>, wanted?: PfnSettings): PfnInfo | number {
  return ndPfnValidate(targetOn(deviceWith(changes)), wanted);
}

describe('validation', () => {
  it('should find none: -ENODEV', () => {
    expect(ndPfnValidate(targetOn(rawDevice(32 * MIB)))).toBe(-19);
    expect(resultOf({ signature: 'NVDIMM_PFN_INFX\0' })).toBe(-19);
    expect(resultOf({ parentUuid: testUuid(7) })).toBe(-19);
    expect(resultOf({ uuid: testUuid(7) }, settings)).toBe(-19);
    const device = deviceWith({});
    expect(ndPfnValidate(targetOn(device, { kind: 'dax' }))).toBe(-19);
    const region = { name: 'region0', readOnly: false, mayHavePfn: false };
    expect(ndPfnValidate(targetOn(device, { region }))).toBe(-19);
    device.raw(4096 + 3000, Uint8Array.of(1), true);
    expect(ndPfnValidate(targetOn(device))).toBe(-19);
  });

  it('should say -ENXIO for what can not be read, a bad mode and misaligned data', () => {
    const device = deviceWith({});
    device.fail = () => -5;
    expect(ndPfnValidate(targetOn(device))).toBe(-6);
    expect(resultOf({ mode: 3 })).toBe(-6);
    expect(resultOf({ dataOffset: BigInt(MIB) })).toBe(-6);
    expect(resultOf({ dataOffset: 8192n + 512n, alignBytes: 512 })).toBe(-6);
  });

  it('should say -EINVAL for other settings under the same uuid and for an alignment beyond the capacity', () => {
    expect(resultOf({}, { ...settings, mode: PfnMode.pmem })).toBe(-22);
    expect(resultOf({}, { ...settings, alignBytes: 4096 })).toBe(-22);
    expect(resultOf({ alignBytes: 64 * MIB })).toBe(-22);
  });

  it('should say -EBUSY when the data would start beyond the end', () => {
    expect(resultOf({ dataOffset: BigInt(32 * MIB) })).toBe(-16);
    expect(resultOf({ dataOffset: 2n ** 63n })).toBe(-16);
  });

  it('should fill in what old versions lack', () => {
    const pads = { startPadBytes: 4096, endTruncateBytes: 8192 };
    expect(resultOf({ versionMinor: 0, ...pads, alignBytes: 1 })).toMatchObject({
      startPadBytes: 0,
      endTruncateBytes: 0,
      alignBytes: 2 * MIB,
    });
    // The largest power of two that is not above the offset of the data: 0x300000 gives 2 MiB, which it is not on.
    expect(resultOf({ versionMinor: 1, dataOffset: 0x30_0000n })).toBe(-6);
    expect(resultOf({ versionMinor: 2, alignBytes: 0 })).toMatchObject({ alignBytes: 2 * MIB });
    expect(resultOf({}, settings)).toMatchObject({ alignBytes: 2 * MIB, mode: PfnMode.ram });
  });

  it('should refuse a layout without mode or with data in the info block', () => {
    const info = mustInit(targetOn(rawDevice(32 * MIB)));
    const namespace = { start: REAL_START, sizeBytes: 32 * MIB };
    expect(nvdimmSetupPfn(namespace, { ...info, dataOffset: 4096n })).toBe(-22);
    expect(nvdimmSetupPfn(namespace, { ...info, mode: 9 })).toBe(-6);
    const padded = nvdimmSetupPfn(namespace, { ...info, startPadBytes: 4096, endTruncateBytes: 8192 });
    expect(padded).toMatchObject({ pfnPad: 12288, resource: { start: REAL_START + 4096 } });
  });
});
