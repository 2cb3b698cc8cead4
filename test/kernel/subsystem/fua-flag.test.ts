/**
 * QUEUE_FLAG_FUA of pmem disks. Nothing in 4.12 shows it to user space, and bio-based drivers flush for a FUA bio without it
 * (nvdimm-and-firmware.md 11.2), so no run differs by it: it is looked at here, where patch 14
 * sets it. What device-mapper makes of it is `test/kernel/drivers/md/dm-table.test.ts`.
 */
import { describe, expect, it } from 'vitest';
import type { PmemDisk } from '#kernel/tree.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { loadTree } from '../../support/project.ts';

/** Write cache and FUA of pmem0 on a tree that boots with `words`. */
async function flagsOf(tree: string, words: string): Promise<boolean[]> {
  const { boot } = parseWorkload(`boot ${words}\nflush pmem0`);
  const { places } = (await loadTree(tree))(boot).surroundings();
  const { queue } = (places.find(({ disk }) => disk === 'pmem0')!.binding as PmemDisk).disk;
  return [queue.writeCache, queue.fua];
}

describe('the flags of a pmem queue', () => {
  // The decision table of section 3; before patch 14 both are set whatever the dimms are (2.7).
  const rows: readonly (readonly [words: string, writeCache: boolean, fua: boolean])[] = [
    ['pmem0=2M,hints=8', true, true],
    ['pmem0=2M', true, false],
    ['pmem0=2M,no-dimm', true, false],
    ['pmem0=2M,volatile,hints=8', false, true],
    ['pmem0=2M,volatile', false, false],
    ['no-pmem-api pmem0=2M,hints=8', true, false],
    ['no-flushcache pmem0=2M,hints=8', true, false],
  ];
  it.each(rows)('should be by region and hints after the series: %s', async (words, writeCache, fua) => {
    expect(await flagsOf('after', words)).toEqual([writeCache, fua]);
  });

  it.each(rows.filter(([words]) => !words.includes('volatile')))(
    'should be set before patch 14: %s',
    async (words) => {
      expect(await flagsOf('step-13', words)).toEqual([true, true]);
    },
  );
});
