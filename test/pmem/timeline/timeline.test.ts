import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Timeline } from '#base/timeline.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { timelineOf, timelineTree } from '#pmem/timeline/timeline.ts';
import { rootFolder, treeFolder } from '../../support/project.ts';
import { modelOf } from '#review/timeline/model.ts';

async function timeline(text: string, before = 'step-2', after = 'step-3'): Promise<Timeline> {
  const trees = await Promise.all(
    [before, after].map((name) => timelineTree({ name, folder: treeFolder(name) })),
  );
  return timelineOf(trees, parseWorkload(text.replaceAll(' / ', '\n')));
}

/** Instructions of a side in the order of columns, `-` where it has none. */
const texts = ({ columns, sides }: Timeline, side: number): string =>
  columns
    .map(({ instructions }) => sides[side]?.instructions[instructions[side] ?? -1]?.text ?? '-')
    .join(' ');

const schema = new Ajv().compile(
  JSON.parse(readFileSync(`${rootFolder}/docs/timeline.schema.json`, 'utf8')) as object,
);

describe('the timeline of a workload', () => {
  it('should put the instructions of both trees on one axis', async () => {
    // memory-and-dax.md 15: before step 3 the bytes of a segment of 1 stay in the cache; after it clwb follows them.
    const found = await timeline('dax write pmem0:/f @0 iov 1,63 / fsync pmem0:/f');
    expect(texts(found, 0)).toBe(
      'c0:1 S - c1:1 c2:1 c3:1 c4:1 c5:1 c6:1 c7:1 n8:8 n16:8 n24:8 n32:8 n40:8 n48:8 n56:8 S - return S S return',
    );
    expect(texts(found, 1)).toBe(
      'c0:1 S W0 c1:1 c2:1 c3:1 c4:1 c5:1 c6:1 c7:1 n8:8 n16:8 n24:8 n32:8 n40:8 n48:8 n56:8 S W0 return S S return',
    );
    expect(found.operations).toEqual([
      { text: 'dax write pmem0:/f @0 iov 1,63', isPromise: false },
      { text: 'fsync pmem0:/f', isPromise: true },
    ]);
    // Eight cached bytes of one line persist in order: 9 contents. After fsync only the tree before may still lose them.
    expect(found.sides.map(({ instants }) => instants.at(-1)?.images)).toEqual(['9', '1']);
    expect(found.sides.map(({ broken }) => broken)).toEqual([[{ instant: 21, word: 0, bytes: 0xff }], []]);
  });

  it('should tell who issued each instruction, by file, line and function of the tree', async () => {
    const found = await timeline('dax write pmem0:/f @0 iov 13 / fsync pmem0:/f');
    const [, after] = found.sides;
    const index = after?.instructions.findIndex(({ kind }) => kind === 'clwb') ?? -1;
    const stack = after?.instructions[index]?.stack.map((frame) => found.frames[frame]) ?? [];
    expect(stack.map((frame) => frame?.function)).toEqual(
      expect.arrayContaining([
        'cleanCacheRange',
        'copyUserFlushcache',
        'copyFromIter',
        'daxIomapActor',
        'writeFile',
      ]),
    );
    for (const frame of stack) {
      const folder = frame?.file.startsWith('kernel/') === true ? rootFolder : treeFolder('step-3');
      const line = readFileSync(`${folder}/${frame?.file}`, 'utf8').split('\n')[(frame?.line ?? 0) - 1];
      // Each frame but the innermost stands at a line that calls something.
      expect(line).toContain('(');
    }
    const own = stack.find((frame) => frame?.function === 'copyUserFlushcache');
    const text = readFileSync(`${treeFolder('step-3')}/${own?.file}`, 'utf8').split('\n')[
      (own?.line ?? 0) - 1
    ];
    expect(text?.trim()).toBe('cleanCacheRange(kernel, destination + sizeBytes - 1, 1);');
  });

  it('should go on after a power failure with what it left', async () => {
    const found = await timeline('dax write pmem0:/f @0 iov 1,63 / crash / dax write pmem0:/f @64 iov 8');
    const [before] = found.sides;
    const at = before?.instructions.findIndex(({ kind }) => kind === 'power failure') ?? -1;
    expect(at).toBeGreaterThan(0);
    // The worst image: of the cached bytes 0 to 7 nothing is there, and nothing is undecided any more.
    const word = before?.instants[at + 1]?.words.find((change) => change.word === 0);
    expect(word).toEqual({
      word: 0,
      uncertain: 0,
      inFlight: 0,
      smallest: '0000000000000000',
      largest: '0000000000000000',
      smallestBy: -1,
      largestBy: -1,
    });
    expect(before?.instants[at + 1]?.images).toBe('1');
    const later = before?.instants.slice(at + 2).flatMap(({ words }) => words) ?? [];
    expect(later.map(({ word: own }) => found.words[own]?.offset)).toContain(64);
    expect(
      Math.min(...later.flatMap(({ largestBy }) => (typeof largestBy === 'number' ? [largestBy] : []))),
    ).toBeGreaterThan(at);
  });

  it('should not promise where nobody does', async () => {
    // A queue declared write through gets no flushes: fsync promises nothing (docs/PROMISE.md).
    const found = await timeline(
      'sysfs write pmem0/queue/write_cache "write through" / dax write pmem0:/f @0 iov 13 / fsync pmem0:/f',
      'before',
      'after',
    );
    expect(found.operations.at(-1)?.isPromise).toBe(false);
    expect(found.sides.flatMap(({ broken }) => broken)).toEqual([]);
  });

  it('should show what was promised and never got there as lost', async () => {
    // B14 (memory-and-dax.md 9.3): the process stores to the old member, fsync finds the page on the new one and succeeds.
    const found = await timeline(
      'boot adr clwb pmem0=1M pmem1=1M / dm dm-0 linear 1M pmem0@0 / store dm-0:/f @0 8 / fsync dm-0:/f / dm dm-0 linear 1M pmem1@0 / store dm-0:/f @8 8 / fsync dm-0:/f',
      'before',
      'after',
    );
    const { history } = modelOf(found, 't').sides[1] ?? {};
    const last = (found.sides[1]?.instants.length ?? 0) - 1;
    const places = history?.brokenWords(last).map((word) => found.words[word]);
    expect(places).toContainEqual({ place: 'pmem1', offset: 8 });
    const word = found.words.findIndex(({ place, offset }) => place === 'pmem1' && offset === 8);
    expect([history?.kindsAt(word, last - 1), history?.kindsAt(word, last)]).toEqual([
      '........',
      'LLLLLLLL',
    ]);
    expect(schema(JSON.parse(JSON.stringify(found)))).toBe(true);
  });

  it('should be as its schema says, and the schema should say something', async () => {
    const workloads = [
      'dax write pmem0:/f @0 iov 1,63 / fsync pmem0:/f',
      'boot none clwb pmem0=2M,hints=1 / bio write pmem0 @0 4096 / bio write pmem0 @4096 4096 preflush',
      'boot adr clflush pmem0=2M pmem1=2M / dax write pmem1:/f @7 iov 9 / crash / dax write pmem0:/g @0 iov 3',
    ];
    for (const text of workloads) {
      const found: unknown = JSON.parse(JSON.stringify(await timeline(text)));
      expect([schema(found), schema.errors]).toEqual([true, null]);
    }
    const sample = JSON.parse(JSON.stringify(await timeline('fsync pmem0:/f'))) as Record<string, unknown>;
    for (const key of Object.keys(sample)) {
      const { [key]: _gone, ...rest } = sample;
      expect([key, schema(rest)]).toEqual([key, false]);
    }
    expect(schema({ ...sample, more: 1 })).toBe(false);
  });
});
