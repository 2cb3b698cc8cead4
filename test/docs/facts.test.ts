// Facts that a reader can try: the table of bytes that the first patch of the series may lose, by running its tree, and examples of
// image sets by the library.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { judgePromise } from '#pmem/promise/promise.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { images, order, type Program, record } from '../../library/index.ts';
import { loadTree, rootFolder } from '../support/project.ts';

const page = (name: string): string => readFileSync(`${rootFolder}/docs/facts/${name}`, 'utf8');

/** Pairs of offset and size with the bytes that may be lost, as the page has them. */
function lostBytes(): Map<string, number> {
  const rows = [...page('memory-and-dax.md').matchAll(/^\| (\d+) \| ([\d:, ]+) \|$/gm)];
  return new Map(
    rows.flatMap(([, offset = '', cells = '']) =>
      cells.split(',').map((cell) => {
        const [size = '', count = ''] = cell.split(':').map((word) => word.trim());
        return [`${offset} ${size}`, Number(count)] as const;
      }),
    ),
  );
}

describe('the table of B3', () => {
  it('should be what breaks in the tree of that patch, for all offsets and sizes near the end of a line', async () => {
    const table = lostBytes();
    expect(table.size).toBe(21);
    const boot = await loadTree('as-posted');
    const broken: string[] = [];
    for (let offset = 50; offset < 64; offset++)
      for (let size = 1; size < 8; size++) {
        const workload = parseWorkload(`dax write pmem0:/f @${offset} iov ${size}\nfsync pmem0:/f`);
        const { findings } = judgePromise(workload, runWorkload(boot, workload));
        if (findings.length > 0) broken.push(`${offset} ${size}`);
      }
    expect(broken.sort()).toEqual([...table.keys()].sort());
    // What is lost is what lies in the second line.
    for (const [pair, count] of table) {
      const [offset = 0, size = 0] = pair.split(' ').map(Number);
      expect([pair, count]).toEqual([pair, offset + size - 64]);
    }
  });
});

const words =
  (store: (cpu: Parameters<Program>[0], index: number) => void): Program =>
  (cpu, acknowledge) => {
    for (let index = 0; index < 8; index++) store(cpu, index);
    acknowledge();
  };
const count = (program: Program): bigint => images(order(record(program)), { acknowledged: 0 }).count();
const word = (index: number): Uint8Array => new Uint8Array(8).fill(index + 1);

describe('the worked examples of persistency.md', () => {
  it('should be counted so by the machine', () => {
    expect(page('persistency.md')).toContain('9 images');
    expect(count(words((cpu, index) => cpu.store(8 * index, word(index))))).toBe(9n);
    expect(count(words((cpu, index) => cpu.storeNonTemporal(8 * index, word(index))))).toBe(256n);
  });
});
