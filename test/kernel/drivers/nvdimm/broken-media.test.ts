/**
 * Info blocks with right checksums and wrong contents: whatever they say, attaching ends with a device or with the
 * error of the C code, and using the device ends too. Numbers come from a seeded generator.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BttInfo, decodeBttInfo, encodeBttInfo } from '#kernel/drivers/nvdimm/btt-info.ts';
import { ndPfnInit, ndPfnValidate, nvdimmSetupPfn } from '#kernel/drivers/nvdimm/pfn-devs.ts';
import { type PfnInfo, PfnMode, decodePfnInfo, encodePfnInfo } from '#kernel/drivers/nvdimm/pfn-info.ts';
import {
  DEVICE_START,
  MIB,
  attachBtt,
  contents,
  mediaOf,
  mustAttachBtt,
  rawDevice,
  readBtt,
  testUuid,
  transfer,
} from './support/raw-device.ts';

const SIZE = 17 * MIB;

const word = fc.oneof(
  fc.constantFrom(0, 1, 2, 255, 256, 4096, 65536, 0x7fff_ffff, 0xffff_ffff),
  fc.nat(1 << 26),
);
const long = fc.oneof(
  fc.constantFrom(0n, 1n, 4096n, 2n ** 63n, 2n ** 64n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 25n }),
);

const bttFields = {
  flags: fc.nat(3),
  externalLbaSizeBytes: word,
  externalLbaCount: word,
  internalLbaSizeBytes: word,
  internalLbaCount: word,
  nfree: word,
  nextOffset: long,
  dataOffset: long,
  mapOffset: long,
  logOffset: long,
  info2Offset: long,
};

/** One to three fields and values for them. */
const bttChanges: fc.Arbitrary<Partial<BttInfo>> = fc
  .tuple(
    fc.record(bttFields),
    fc.uniqueArray(fc.constantFrom(...Object.keys(bttFields)), { minLength: 1, maxLength: 3 }),
  )
  .map(([values, names]) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name))),
  );

describe('broken media', () => {
  it('should give a BTT or -ENOMEM, and a BTT that answers', () => {
    const made = rawDevice(SIZE);
    mustAttachBtt(made, 512);
    const good = contents(made);
    const info = decodeBttInfo(good.slice(4096, 8192));
    const media = mediaOf(good);
    const seen = { attached: 0, refused: 0 };
    fc.assert(
      fc.property(bttChanges, (changes) => {
        const device = rawDevice(SIZE, { media });
        device.raw(4096, encodeBttInfo({ ...info, ...changes }), true);
        const btt = attachBtt(device, 512);
        if (typeof btt === 'number') {
          expect(btt).toBe(-12);
          expect(device.kernel.log.length).toBeGreaterThan(0);
          seen.refused++;
          return;
        }
        seen.attached++;
        expect([0, -5, -14]).toContain(transfer(btt, 'write', 4096, new Uint8Array(512).fill(1)));
        readBtt(btt, 4096, 4096);
      }),
      { numRuns: 400, seed: 412 },
    );
    expect(Math.min(seen.attached, seen.refused)).toBeGreaterThan(40);
  });

  it('should refuse as many lanes as no array can hold, without looking at them', () => {
    const device = rawDevice(SIZE);
    mustAttachBtt(device, 512);
    const info = decodeBttInfo(contents(device).slice(4096, 8192));
    device.raw(4096, encodeBttInfo({ ...info, nfree: 0xffff_ffff }), true);
    device.calls.length = 0;
    expect(attachBtt(device, 512)).toBe(-12);
    expect(device.calls.length).toBe(1);
    expect(device.kernel.log.at(-1)?.text).toBe('init: error in arena_discover: -12');
  });

  it('should refuse an arena that is larger than the namespace and says that another one follows', () => {
    const device = rawDevice(SIZE);
    mustAttachBtt(device, 512);
    const info = decodeBttInfo(contents(device).slice(4096, 8192));
    device.raw(4096, encodeBttInfo({ ...info, nextOffset: BigInt(SIZE) * 4n }), true);
    expect(attachBtt(device, 512)).toBe(-12);
    expect(device.kernel.log.at(-1)?.text).toBe('init: error in arena_discover: -14');
  });

  it('should give a pfn device or an error of 7.4', () => {
    const device = rawDevice(SIZE);
    const target = {
      kernel: device.kernel,
      device: 'pfn0.0',
      kind: 'pfn',
      raw: device.raw,
      namespace: { name: 'namespace0.0', start: DEVICE_START, sizeBytes: SIZE },
      parentUuid: new Uint8Array(16),
      region: { name: 'region0', readOnly: false, mayHavePfn: true },
    } as const;
    ndPfnInit(target, { uuid: testUuid(1), alignBytes: 2 * MIB, mode: PfnMode.ram });
    const info = decodePfnInfo(contents(device).slice(4096, 8192));
    const changes: fc.Arbitrary<Partial<PfnInfo>> = fc.record(
      {
        versionMinor: fc.nat(4),
        dataOffset: long,
        pageCount: long,
        mode: fc.nat(3),
        startPadBytes: word,
        endTruncateBytes: word,
        alignBytes: word,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(changes, (changed) => {
        device.raw(4096, encodePfnInfo({ ...info, ...changed }), true);
        const found = ndPfnValidate(target);
        if (typeof found === 'number') expect([-6, -16, -19, -22]).toContain(found);
        else expect([-6, -22, undefined]).toContain(errorOf(nvdimmSetupPfn(target.namespace, found)));
      }),
      { numRuns: 1000, seed: 413 },
    );
  });
});

function errorOf(result: unknown): number | undefined {
  return typeof result === 'number' ? result : undefined;
}
