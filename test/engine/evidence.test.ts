/** What is tried when: everything that is not known yet, once, and nothing else. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gather } from '#engine/evidence.ts';
import { EvidenceStore } from '#engine/store.ts';
import type { Tree } from '#engine/subject.ts';
import { PLAIN, toy } from './support.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const warnings: string[] = [];
const store = (isFresh = false): EvidenceStore =>
  new EvidenceStore(folder, (message) => warnings.push(message), isFresh);

const ONE = { name: 'one', text: 'add 1\nmul 2' };
const TWO = { name: 'two', text: 'mul 7' };

/** Gathers evidence of workloads on a chain of three trees, of which the last multiplies otherwise; says what ran. */
async function runs(workloads = [ONE], hash?: string, last = 'c', keep = store()): Promise<string[]> {
  const subject = toy(workloads, hash);
  const [a, b] = [subject.tree('a', PLAIN), subject.tree('b', PLAIN)];
  const c = subject.tree('c', { ...PLAIN, mul: (value) => value * 3 }, last);
  await gather(
    { subject, store: keep },
    [],
    [
      { before: a, after: b },
      { before: b, after: c },
      { before: a, after: c },
    ],
  );
  return subject.runs.map((run) => run.replaceAll('\n', ' / '));
}

describe('evidence', () => {
  it('should be made by trying each workload once on each tree', async () => {
    expect(await runs()).toEqual(['a: add 1 / mul 2', 'b: add 1 / mul 2', 'c: add 1 / mul 2']);
  });

  it('should be known the next time', async () => {
    await runs();
    expect(await runs()).toEqual([]);
  });

  it('should want only a new workload to be tried', async () => {
    await runs();
    expect(await runs([ONE, TWO])).toEqual(['a: mul 7', 'b: mul 7', 'c: mul 7']);
  });

  it('should not depend on the name of a workload', async () => {
    await runs();
    expect(await runs([{ ...ONE, name: 'another' }])).toEqual([]);
  });

  it('should want only an edited tree to be tried, when it behaves as before', async () => {
    await runs();
    expect(await runs([ONE], undefined, 'c edited')).toEqual(['c: add 1 / mul 2']);
  });

  it('should want an edited tree and what it is compared with to be tried, when it behaves otherwise', async () => {
    const subject = toy([ONE]);
    const a = subject.tree('a', PLAIN);
    const gatherWith = async (hash: string, factor: number): Promise<void> => {
      const b = subject.tree('b', { ...PLAIN, mul: (value) => value * factor }, hash);
      await gather({ subject, store: store() }, [], [{ before: a, after: b }]);
    };
    await gatherWith('b', 2);
    subject.runs.length = 0;
    await gatherWith('b edited', 5);
    expect(subject.runs.map((run) => run[0])).toEqual(['b', 'a']);
    subject.runs.length = 0;
    await gatherWith('b edited again', 5);
    expect(subject.runs.map((run) => run[0])).toEqual(['b']);
  });

  it('should be made again for another subject, and when it is asked for', async () => {
    await runs();
    expect(await runs([ONE], 'another suite')).toHaveLength(3);
    expect(await runs([ONE], undefined, 'c', store(true))).toHaveLength(3);
  });

  it('should survive files that a crash has cut off', async () => {
    await runs();
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), '{"half":');
    expect(await runs()).toHaveLength(3);
  });

  it('should leave no temporary files', async () => {
    await runs();
    expect(readdirSync(folder).filter((file) => !file.endsWith('.rows'))).toEqual([]);
  });

  it('should cost a warning and nothing else where it cannot be written', async () => {
    warnings.length = 0;
    const nowhere = new EvidenceStore('/dev/null/evidence', (message) => warnings.push(message));
    expect(await runs([ONE, TWO], undefined, 'c', nowhere)).toHaveLength(6);
    expect(warnings).toEqual([expect.stringContaining('evidence is not kept: ')]);
  });
});

/** Gathers what `tables` do, one tree each, of a subject that knows which functions a try entered; says what ran. */
async function runsOn(tables: Readonly<Record<string, typeof PLAIN>>, workload = ONE): Promise<string[]> {
  const plain = toy([workload]);
  const trees = Object.entries(tables).map(([name, table]) => plain.tree(name, table));
  const partOf = ({ name }: Tree, line: string): string => {
    const operation = line.split(' ')[0] ?? '';
    return `${operation}:${tables[name]?.[operation]}`;
  };
  const subject: typeof plain = {
    ...plain,
    open: async (tree) => {
      const run = await plain.open(tree);
      return async (text) => Object.assign(await run(text), { tree });
    },
    parts: async (tree) => new Set(Object.keys(tables[tree.name] ?? {}).map((name) => partOf(tree, name))),
    entered: (tried) => tried.map(({ line }) => partOf((tried as unknown as { tree: Tree }).tree, line)),
  };
  const evidence = await gather({ subject, store: store() }, trees, []);
  for (const tree of trees) expect(evidence.tried(tree, workload)).toHaveProperty('digest');
  return plain.runs.map((run) => run.slice(0, run.indexOf(':')));
}

describe('a try', () => {
  it('should stand for trees that differ in nothing that it entered', async () => {
    const other = { ...PLAIN, promise: () => 2 };
    expect(await runsOn({ a: PLAIN, b: other })).toEqual(['a']);
    // The next time too, and for a tree that was not there then.
    expect(await runsOn({ c: { ...PLAIN, promise: () => 4 } })).toEqual([]);
  });

  it('should not stand for a tree in which something that it entered is another', async () => {
    expect(await runsOn({ a: PLAIN, b: { ...PLAIN, mul: (value) => value * 3 } })).toEqual(['a', 'b']);
  });

  it('should stand for no tree where the subject cannot tell parts apart', async () => {
    expect(await runs()).toHaveLength(3);
  });
});

describe('a comparison', () => {
  it('should be made once for pairs with the same digests, and never for equal ones', async () => {
    const subject = toy([ONE]);
    let comparisons = 0;
    const counting = {
      ...subject,
      compare: (...sides: Parameters<typeof subject.compare>) => {
        comparisons++;
        return subject.compare(...sides);
      },
    };
    const [a, b] = [subject.tree('a', PLAIN), subject.tree('b', PLAIN)];
    const c = subject.tree('c', { ...PLAIN, mul: (value) => value * 3 });
    const evidence = await gather(
      { subject: counting, store: store() },
      [],
      [
        { before: a, after: b },
        { before: b, after: c },
        { before: a, after: c },
      ],
    );
    expect(comparisons).toBe(1);
    expect(evidence.compared({ before: a, after: b }, ONE).differences).toEqual([]);
    expect(evidence.compared({ before: a, after: c }, ONE).differences).toMatchObject([
      { dimension: 'cost', at: 'mul 2', before: '4', after: '6' },
    ]);
  });

  it('should be of nothing where a tree ends in an error, which is kept', async () => {
    const subject = toy([ONE]);
    const [a, b] = [subject.tree('a', PLAIN), subject.tree('b', { add: PLAIN['add']! })];
    const evidence = await gather({ subject, store: store() }, [], [{ before: a, after: b }]);
    expect(evidence.tried(b, ONE)).toEqual({ error: 'no mul' });
    expect(evidence.compared({ before: a, after: b }, ONE).differences).toEqual([]);
  });
});
