/** Which sides of conditions matter, on the tree with conditions of a known kind put into one function. */
import { describe, expect, it } from 'vitest';
import { readTree } from '#base/tree-files.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { loadForced } from '#pmem/reach/forced-tree.ts';
import { nameOfSide, unreachedSides } from '#pmem/reach/reach.ts';
import { seriesFolders } from '../../support/project.ts';

const LINEAR = 'drivers/md/dm-linear.ts';

const parsed = (texts: readonly string[]) => texts.map((text) => parseWorkload(text));

/** Unreached sides of `LINEAR`, by name and kind. */
async function sidesOf(first: readonly string[], more: readonly string[] = []): Promise<Map<string, string>> {
  const { after } = seriesFolders();
  const tree = await loadForced(after, readTree(after), LINEAR);
  const sides = unreachedSides(tree, parsed(first), () => parsed(more));
  return new Map(sides.map((side) => [nameOfSide(side), side.kind]));
}

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
});
