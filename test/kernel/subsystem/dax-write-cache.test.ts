/**
 * The file `dax/write_cache` of the merged patch 13 (nvdimm-and-firmware.md 11.5): there where a tree registers it, and
 * what it takes, shows and stops.
 */
import { describe, expect, it } from 'vitest';
import { loadTree } from '../../support/project.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { isPowerFailure } from '#pmem/language/workload.ts';
import { performRow } from '#pmem/traces/perform-row.ts';
import { formatEvent } from '#pmem/traces/events.ts';

const MERGED = ['as-merged-fixed', 'as-merged-fixed@13', 'stable-4.13.9'];

/** What the lines returned, texts for reads, on a machine with one pmem disk; and the kernel log. */
async function results(
  tree: string,
  text: string,
  boot = 'adr clwb pmem0=2M',
): Promise<{ texts: unknown[]; log: string[] }> {
  const { boot: configuration, steps } = parseWorkload(`boot ${boot}\n${text}`);
  const subsystem = (await loadTree(tree))(configuration);
  const texts = steps.map(({ operation }, index) => {
    if (isPowerFailure(operation)) return undefined;
    const { text: read, returned } = subsystem.perform(operation, index);
    return read ?? returned;
  });
  return { texts, log: subsystem.log.map((line) => line.text) };
}

const write = (text: string): string => `sysfs write pmem0/dax/write_cache "${text}"`;
const READ = 'sysfs read pmem0/dax/write_cache';

describe('dax/write_cache', () => {
  it.each(['before', 'step-12', 'after', 'as-posted', 'as-merged'])(
    'should not be there in %s',
    async (tree) => {
      expect((await results(tree, `${READ}\n${write('0')}`)).texts).toEqual([-2, -2]);
    },
  );

  it.each(MERGED)('should show 1 and take what strtobool takes in %s', async (tree) => {
    const taken = ['0', 'Y', 'n', 'on', 'OFF', '1\\n'].map((text) => `${write(text)}\n${READ}`).join('\n');
    expect((await results(tree, `${READ}\n${taken}`)).texts).toEqual([
      '1\n',
      1,
      '0\n',
      1,
      '1\n',
      1,
      '0\n',
      2,
      '1\n',
      3,
      '0\n',
      2,
      '1\n',
    ]);
    const refused = ['', '2', 'o', 'true'].map(write).join('\n');
    expect((await results(tree, refused)).texts).toEqual([-22, -22, -22, -22]);
  });

  it.each(MERGED)('should answer -ENXIO once the dax device is gone, with a warning, in %s', async (tree) => {
    const { texts, log } = await results(tree, `kill pmem0\n${READ}\n${READ}\n${write('2')}`);
    expect(texts).toEqual([0, -6, -6, -6]);
    expect(log.filter((line) => line.startsWith('write_cache_'))).toHaveLength(2);
  });

  it('should be hidden without the pmem api only where nothing is written back then', async () => {
    const boot = 'adr clwb no-pmem-api pmem0=2M';
    expect((await results('stable-4.13.9', READ, boot)).texts).toEqual([-2]);
    expect((await results('as-merged-fixed', READ, boot)).texts).toEqual(['1\n']);
  });

  it('should be 0 on a volatile region from step 14 on, and not be on other disks', async () => {
    const boot = 'adr clwb nfit=volatile ram0=1M';
    for (const tree of ['as-merged-fixed', 'stable-4.13.9']) {
      const text = 'sysfs read pmem0/dax/write_cache\nsysfs read ram0/dax/write_cache';
      expect((await results(tree, text, boot)).texts).toEqual(['0\n', -2]);
    }
  });

  it.each(MERGED)('should stop write-backs and nothing else in %s', async (tree) => {
    const boot = await loadTree(tree);
    const of = (text: string, operation: string): string => {
      const workload = {
        devices: '',
        setUp: [write(text), 'store pmem0:/f @0 8'],
        operations: [operation],
        returned: 'exact',
        isPlaced: true,
      } as const;
      return performRow(boot, 'boot adr clwb pmem0=2M', workload).events.map(formatEvent).join(' ');
    };
    expect(of('1', 'fsync pmem0:/f')).toBe('W0*64 S S');
    expect(of('0', 'fsync pmem0:/f')).toBe('S S');
    expect(of('0', 'punch pmem0:/f @100 50')).toBe('c100:50');
    expect(of('0', 'dax write pmem0:/f @60 iov 8')).toBe('c60:1*4 n64:4 S W0 W64');
  });

  it('should be taken over by a mapped device when its table is bound, and not later', async () => {
    const boot = await loadTree('stable-4.13.9');
    const of = (setUp: readonly string[]): string => {
      const workload = {
        devices: '',
        setUp: [...setUp, 'store dm-0:/f @0 8'],
        operations: ['fsync dm-0:/f'],
        returned: 'exact',
        isPlaced: true,
      } as const;
      return performRow(boot, 'boot adr clwb pmem0=2M', workload).events.map(formatEvent).join(' ');
    };
    const table = 'dm dm-0 linear 2M pmem0@0';
    expect(of([table])).toBe('W0*64 S S');
    expect(of([write('0'), table])).toBe('S S');
    expect(of([table, write('0')])).toBe('W0*64 S S');
  });
});
