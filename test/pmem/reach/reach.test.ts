/** Which sides of conditions matter, on the tree with conditions of a known kind put into one function. */
import { describe, expect, it } from 'vitest';
import { readTree } from '#base/tree-files.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { loadForced } from '#pmem/reach/forced-tree.ts';
import { nameOfSide, type Round, unreachedSides } from '#pmem/reach/reach.ts';
import { seriesFolders } from '../../support/project.ts';

const LINEAR = 'drivers/md/dm-linear.ts';

const parsed = (texts: readonly string[]) => texts.map((text) => parseWorkload(text));

/** Unreached sides of `LINEAR`, by name and kind. */
const sidesOf = (first: readonly string[], more: readonly string[] = []): Promise<Map<string, string>> =>
  sidesIn(LINEAR, [{ workloads: () => parsed(first) }, { workloads: () => parsed(more) }]);

/** Unreached sides of one file. */
async function sidesIn(file: string, rounds: readonly Round[]): Promise<Map<string, string>> {
  const { after } = seriesFolders();
  const tree = await loadForced(after, readTree(after), file);
  return new Map(unreachedSides(tree, rounds).map((side) => [nameOfSide(side), side.kind]));
}

const syncs = () =>
  parsed(['store pmem0:/f @0 8\nstore pmem0:/f @4K 8\nwhile fsync pmem0:/f: msync pmem0:/f @4K 4K']);

const FLUSH = `${LINEAR}#linearDaxFlush: mapped.error !== 0`;
const MAPPED = 'dm dm-0 linear 1M pmem0@0\nstore dm-0:/f @0 8\nfsync dm-0:/f';

describe('the sides of a condition', () => {
  it('should be reached where forcing them the other way changes what comes out', async () => {
    // A flush that takes its member for unmapped flushes nothing.
    const sides = await sidesOf([MAPPED]);
    expect([sides.get(`${FLUSH} is false`), sides.get(`${FLUSH} is true`)]).toEqual([undefined, 'never']);
  });

  it('should be unreached where no workload goes there', async () => {
    const sides = await sidesOf(['flush pmem0']);
    expect([sides.get(`${FLUSH} is false`), sides.get(`${FLUSH} is true`)]).toEqual(['never', 'never']);
  });

  it('should be reached by further workloads where the first ones leave them open', async () => {
    const sides = await sidesOf(['flush pmem0'], [MAPPED]);
    expect(sides.get(`${FLUSH} is false`)).toBeUndefined();
  });

  it('should be looked for on every way where a round says so', async () => {
    // The page that msync has written back meanwhile is passed over, at points of fsync only (memory-and-dax.md 9.4).
    const side = 'fs/dax.ts#daxWritebackOne: !entry.toWrite is true';
    expect((await sidesIn('fs/dax.ts', [{ workloads: syncs }])).get(side)).toBe('never');
    expect((await sidesIn('fs/dax.ts', [{ workloads: syncs, goesEveryWay: true }])).has(side)).toBe(false);
  });

  it('should be told apart where a workload goes there and nothing depends on it', async () => {
    // Behind the last byte nobody looks at the iterator again; the offset of a segment that is left matters.
    const sides = await sidesIn('lib/iov_iter.ts', [
      { workloads: () => parsed(['dax write pmem0:/f @0 iov 10,54']) },
    ]);
    expect(sides.get('lib/iov_iter.ts#advance: iter.count > 0 is false')).toBe('no difference');
    expect(sides.has('lib/iov_iter.ts#advance: iter.count > 0 is true')).toBe(false);
  });

  it('should be forced in one direction only where they end a loop', async () => {
    const loop = 'fs/dax.ts#daxIomapRw: iovIterCount(iter) > 0';
    const sidesAfter = async (text: string): Promise<(string | undefined)[]> => {
      const sides = await sidesIn('fs/dax.ts', [{ workloads: () => parsed([text]) }]);
      return [sides.get(`${loop} is true`), sides.get(`${loop} is false`)];
    };
    expect(await sidesAfter('flush pmem0')).toEqual(['never', 'never']);
    // Left at once, nothing is written; that it is left at all is not forced otherwise, for it would not end.
    expect(await sidesAfter('dax write pmem0:/f @0 iov 64')).toEqual([undefined, undefined]);
  });
});
