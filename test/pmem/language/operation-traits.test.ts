import { describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { traitsOf } from '#pmem/language/operation-traits.ts';

/** What lies behind the disk of the last operation. */
function kindsAtEnd(...lines: string[]): readonly string[] | undefined {
  return traitsOf(parseWorkload(lines.join('\n'))).at(-1)?.device;
}

const BOOT = 'boot pmem0=1M ram0=1M axonram0=1M dcssblk0=1M';

describe('the kinds of devices behind a disk', () => {
  it('should be the kind of a booted device', () => {
    expect(kindsAtEnd(BOOT, 'flush axonram0')).toEqual(['axonram']);
    expect(kindsAtEnd(BOOT, 'flush dcssblk0')).toEqual(['dcssblk']);
  });

  it('should be those of all members of a mapped device', () => {
    const table = 'dm dm-0 stripe 8K 4K pmem0@0,ram0@0 error 4K snapshot-origin 1M dcssblk0@0';
    expect(kindsAtEnd(BOOT, table, 'flush dm-0')).toEqual(['pmem', 'ram', 'dcssblk']);
    expect(kindsAtEnd(BOOT, 'dm dm-0 error 4K', 'flush dm-0')).toEqual([]);
  });

  it('should follow a new table of a device below, and remember the one before', () => {
    const lines = ['dm dm-0 linear 1M pmem0@0', 'dm dm-1 linear 1M dm-0@0', 'dm dm-0 linear 1M ram0@0'];
    expect(kindsAtEnd(BOOT, ...lines, 'flush dm-1')).toEqual(['pmem', 'ram']);
  });
});

const caches = (text: string) => traitsOf(parseWorkload(text)).map((traits) => traits?.writeCache.join());

describe('a mapped device over a member whose cache was switched', () => {
  const SWITCH = 'sysfs write pmem0/queue/write_cache "write through"';

  it('should count as switched from when it is made until it is made again over others', () => {
    expect(
      caches(
        `boot adr pmem0=2M pmem1=2M / ${SWITCH} / dm dm-0 linear 1M pmem0@0 / flush dm-0 / dm dm-0 linear 1M pmem1@0 / flush dm-0`,
      ).filter((_, index) => index === 2 || index === 4),
    ).toEqual(['write through', 'default']);
  });

  it('should not, when the switch came later', () => {
    expect(caches(`boot adr pmem0=2M / dm dm-0 linear 1M pmem0@0 / ${SWITCH} / flush dm-0`).at(-1)).toBe(
      'default',
    );
  });
});
