/**
 * Namespaces from labels on both sides (nvdimm-and-firmware.md 10.5, 16.1 label-compat.sh). How: the mock topology boots
 * with label areas on its dimms; SPA 2, the range of four dimms, becomes region 6.
 */
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../../../after/index.ts';
import { boot as bootBefore } from '../../../../before/index.ts';
import { parseBoot } from '#pmem/language/boot/boot-line.ts';
import { linesOf } from '#pmem/language/lines.ts';
import { WordReader } from '#pmem/language/words.ts';
import { interleaveSetAltCookie } from '#kernel/drivers/nvdimm/interleave-cookie.ts';
import { encodeLabel, labelAt } from '#kernel/drivers/nvdimm/label.ts';
import { compareStarts } from '#kernel/drivers/nvdimm/namespace-labels.ts';
import type { CarriedOver } from '#kernel/subsystem/operation.ts';
import { labelAreaKey } from '#kernel/subsystem/system.ts';
import { UUID, legacyLabelArea } from './support/label-areas.ts';

const HANDLES = [0, 1, 0x100, 0x101];

/** Boots with the four label areas, after `change` of one of them. */
function system(boot: typeof bootBefore, change: (area: Uint8Array, position: number) => void = () => {}) {
  const labelAreas = new Map(
    HANDLES.map((handle, position) => {
      const area = legacyLabelArea(position);
      change(area, position);
      return [labelAreaKey('ndbus0', handle), area] as const;
    }),
  );
  const carriedOver: CarriedOver = {
    files: [],
    nextPages: new Map(),
    tables: [],
    poisonedCells: [],
    labelAreas,
    knownPoison: [],
  };
  const configuration = parseBoot(new WordReader(linesOf('adr clwb nfit=mock0')[0]!));
  const subsystem = boot({ ...configuration, carriedOver });
  const read = (path: string): string | number => {
    const result = subsystem.perform({ kind: 'sysfs read', path: `/sys/bus/nd/devices/${path}` }, 0);
    return result.text ?? result.returned;
  };
  return { read, log: subsystem.log.map(({ level, text }) => `${level} ${text}`) };
}

describe('the cookie of the wrong sort', () => {
  it('should be the one that the kernel of the images wrote', () => {
    // 17.3, 17.4: serial numbers ~0, ~1, ~0x100, ~0x101; region offsets 1 << 16, 24, 32, 40.
    const records = HANDLES.map((handle, position) => ({
      regionOffset: 1n << BigInt(16 + 8 * position),
      serialNumber: ~handle >>> 0,
    }));
    expect(interleaveSetAltCookie(records)).toBe(0x0803f6d70100fefbn);
  });
});

describe.each([
  ['before', bootBefore],
  ['after', bootAfter],
] as const)('namespaces from labels in %s/', (_side, boot) => {
  it('ndctl label-compat.sh: should come from labels with the cookie of the wrong sort', () => {
    const { read } = system(boot);
    expect(read('namespace6.0/uuid')).toBe(`${UUID}\n`);
    expect(read('namespace6.0/size')).toBe(`${64 * 2 ** 20}\n`);
    expect(read('region6/available_size')).toBe('0\n');
  });

  it('should not come from labels of another set', () => {
    const { read, log } = system(boot, (area) => {
      area.set(encodeLabel({ ...labelAt(area, 0), isetCookie: 1n }), 512);
    });
    expect(read('namespace6.0/size')).toBe('0\n');
    expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('should not come when the label of a dimm is missing, and the log should name the dimm', () => {
    const { read, log } = system(boot, (area, position) => {
      if (position === 2) area.fill(0);
    });
    expect(log).toContain(`error nmem2 missing label for ${UUID}`);
    expect(read('init_namespaces')).toBe(-2);
    expect(read('region6/init_namespaces')).toBe(-6);
  });

  it('should not come when two dimms have the same position', () => {
    const { log } = system(boot, (area, position) => {
      if (position === 3) area.set(encodeLabel({ ...labelAt(area, 0), position: 0 }), 512);
    });
    expect(log).toContain(`error nmem3 missing label for ${UUID}`);
  });

  it('should not be enabled when labels of one dimm overlap', () => {
    const { read } = system(boot, (area, position) => {
      if (position !== 0) return;
      const second = { ...labelAt(area, 0), uuid: UUID.replaceAll('6', '7'), slot: 1, dpa: 0x1800000 };
      area.set(encodeLabel(second), 512 + 128);
      // Slot 1 of the second index block is taken too: its bitmap and its checksum, whose low word sums all words.
      area[256 + 72] = 0xfc;
      fixChecksum(area);
    });
    expect(read('nmem0/available_slots')).toBe(-6);
    expect(read('region6/init_namespaces')).toBe(-6);
  });
});

/** The checksum of the second index block anew: Fletcher-64 over its 64 words, its own two of them 0. */
function fixChecksum(area: Uint8Array): void {
  const view = new DataView(area.buffer, 256, 256);
  view.setBigUint64(64, 0n, true);
  let low = 0n;
  let high = 0n;
  for (let offset = 0; offset < 256; offset += 4) {
    low = (low + BigInt(view.getUint32(offset, true))) & 0xffffffffn;
    high += low;
  }
  view.setBigUint64(64, ((high << 32n) | low) & 0xffffffffffffffffn, true);
}

describe('the order of namespaces', () => {
  it('should compare the lowest byte first, as memcmp of little-endian numbers does', () => {
    expect(compareStarts(0x0100, 0x0001)).toBeLessThan(0);
    expect(compareStarts(0x900000, 0x1900000)).toBeLessThan(0);
    expect(compareStarts(0x1000000, 0x900000)).toBeLessThan(0);
    expect(compareStarts(5, 5)).toBe(0);
  });
});
