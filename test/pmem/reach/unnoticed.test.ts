/** Which changes of lines no workload notices, on a tree with code of known kinds put into one function. */
import { describe, expect, it } from 'vitest';
import { readTree, type TreeFiles } from '#base/tree-files.ts';
import type { Unnoticed } from '#engine/subject.ts';
import { unnoticedChanges } from '#pmem/reach/unnoticed.ts';
import { seriesFolders } from '../../support/project.ts';

const FILE = 'drivers/nvdimm/pmem.ts';
const { after } = seriesFolders();
const files = readTree(after);
const WRITE = 'bio write pmem0 @0 4096';

/** The tree with lines put in behind the line that matches. */
function withLines(own: readonly string[], place: RegExp): { files: TreeFiles; lines: readonly number[] } {
  const all = files.get(FILE)!.split('\n');
  const at = all.findIndex((line) => place.test(line)) + 1;
  if (at === 0) throw new Error(`${FILE} has no line ${place}`);
  all.splice(at, 0, ...own);
  return { files: new Map([...files, [FILE, all.join('\n')]]), lines: own.map((_, index) => at + 1 + index) };
}

const FUNCTION = /^function pmemMakeRequest\(/;

async function changesOf(
  own: readonly string[],
  texts: readonly string[],
  place = FUNCTION,
): Promise<readonly Unnoticed[]> {
  const tree = withLines(own, place);
  const lines = new Map([[FILE, tree.lines]]);
  const { changes } = await unnoticedChanges({ folder: after, files: tree.files }, lines, texts);
  return changes;
}

const told = (changes: readonly Unnoticed[]): string[] =>
  changes.map(({ code, change, reached, tried }) => `${code}: ${change} ${reached} ${tried}`);

describe('changes that no workload notices', () => {
  it('should be those of code that nothing comes of, and not those of code that a run shows', async () => {
    expect(told(await changesOf(['  let idle = 1;', '  idle += 1;'], [WRITE]))).toEqual([
      '1: left out 1 1',
      'idle += 1;: left out 1 1',
    ]);
    // A flush that the tree does not make is in what comes out.
    expect(told(await changesOf(['  nvdimmFlush(pmem.namespace.region);'], [WRITE]))).toEqual([]);
  });

  it('should say where no workload gets to a part of a line', async () => {
    const lines = ['  if (pmem === undefined) throw new Error();'];
    expect(told(await changesOf(lines, [WRITE, 'bio read pmem0 @0 4096']))).toEqual([
      'pmem === undefined: false 0 0',
      'throw new Error();: left out 0 0',
    ]);
  });

  it('should be tried of what runs while the tree is loaded, too', async () => {
    const place = /^import .*nvdimmFlush.*;$/;
    expect(told(await changesOf(['const unused = 4096;'], [WRITE], place))).toEqual(['4096: left out 1 1']);
  });

  it('should not be tried in more than 64 workloads, evenly spread', async () => {
    const texts = Array.from({ length: 200 }, () => WRITE);
    const [change] = await changesOf(['  Math.max(1, 2);'], texts);
    expect(change!.reached).toBe(200);
    // The first 8, and every 4th of the other 192.
    expect(change!.tried).toBe(56);
  });
});
