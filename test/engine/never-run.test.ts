/** New lines that no workload runs: asked for once, likely workloads first, and true of real trees. */
import { describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesUnnoticed, linesNeverRun } from '#engine/never-run.ts';
import { EvidenceStore } from '#engine/store.ts';
import type { LineChanger, Subject } from '#engine/subject.ts';
import { emptyStore, project, rootFolder } from '../support/project.ts';
import { isThorough } from '../support/thorough.ts';

const { series } = project;
const FILE = 'arch/x86/lib/usercopy_64.ts';

/** The lines of a function in a file of a step: from its first to the brace that ends it. */
function linesOfFunction(step: number, name: string): number[] {
  const lines = series.tree(series.stepName(step)).sources!().get(FILE)!.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`export function ${name}(`));
  const last = lines.indexOf('}', first);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index + 1);
}

/** Copies of user memory by write(2): aligned, with both edges, and below 8 bytes. */
const WORKLOADS = [
  'dax write pmem0:/f @0 iov 64\nfsync pmem0:/f',
  'dax write pmem0:/f @3 iov 78\ndax write pmem0:/f @0 iov 5',
];

/** In a process of its own: the test runner changes code on its way, so that nothing can be counted there. */
function neverRunAt(step: number, name: string): number[] {
  const lines = JSON.stringify([[FILE, linesOfFunction(step, name)]]);
  const code = `import { project } from './test/support/project.ts';
    const tree = project.series.tree(project.series.stepName(${step}));
    const never = await project.subject.linesNeverRun(tree, new Map(${lines}), ${JSON.stringify(WORKLOADS)});
    console.log(JSON.stringify([...never].flatMap(([, own]) => own)));`;
  const words = ['--import', 'tsx', '--input-type=module', '--eval', code];
  return JSON.parse(execFileSync(process.execPath, words, { cwd: rootFolder, encoding: 'utf8' })) as number[];
}

describe('lines that no workload runs', () => {
  it.runIf(isThorough)(
    'should be all of a routine that a step adds before anybody calls it, and none once write(2) does',
    () => {
      // memory-and-dax.md 12: patch 1 adds copy_user_flushcache, patch 3 leads write(2) to it.
      const latent = neverRunAt(1, 'copyUserFlushcache');
      expect(latent).toEqual(linesOfFunction(1, 'copyUserFlushcache'));
      expect(neverRunAt(3, 'copyUserFlushcache')).toEqual([]);
    },
  );

  it('should be asked for once, with likely workloads first, and not at all where there are no new lines', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'conform-never-'));
    const asked: (readonly string[])[] = [];
    const fake: Subject = {
      ...project.subject,
      workloads: ['a', 'b', 'c'].map((text) => ({ name: `name ${text}`, text })),
      linesNeverRun: (_tree, lines, texts) => {
        asked.push(texts);
        return Promise.resolve(lines);
      },
    };
    try {
      const ask = (lines: readonly number[]): Promise<unknown> => {
        const store = new EvidenceStore(folder, (message) => expect.fail(message));
        const wanted = lines.length === 0 ? [] : [{ file: 'a.ts', lines }];
        const answer = linesNeverRun(fake, store, series.tree('before'), wanted, new Set(['name c']));
        return answer.finally(() => store.save());
      };
      expect(await ask([1, 2])).toEqual([{ file: 'a.ts', lines: [1, 2] }]);
      expect(await ask([1, 2])).toEqual([{ file: 'a.ts', lines: [1, 2] }]);
      expect(await ask([])).toEqual([]);
      expect(asked).toEqual([['c', 'a', 'b']]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('should not be known of trees whose subject cannot count', async () => {
    const { linesNeverRun: _cannot, ...other } = project.subject;
    const blind: Subject = { ...other, linesNeverRun: () => Promise.resolve(undefined) };
    const wanted = [{ file: 'a.ts', lines: [1] }];
    expect(
      await linesNeverRun(blind, emptyStore(), series.tree('before'), wanted, new Set()),
    ).toBeUndefined();
    expect(await linesNeverRun(other, emptyStore(), series.tree('before'), [], new Set())).toBeUndefined();
  });
});

describe('changes that no workload notices', () => {
  const tree = series.tree('before');
  const workloads = ['a', 'b'].map((text) => ({ name: `name ${text}`, text }));

  it('should be asked for once, with likely workloads first, and again when what tries them is another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'conform-unnoticed-'));
    const asked: (readonly string[])[] = [];
    const found = { changes: [], untried: [{ file: 'a.ts', lines: [2] }] };
    const unnoticed: LineChanger['unnoticed'] = (_tree, _lines, texts) => {
      asked.push(texts);
      return Promise.resolve(found);
    };
    const ask = async (hash: string, lines: readonly number[]): Promise<unknown> => {
      const subject: Subject = { ...project.subject, workloads, lineChanger: { hash, unnoticed } };
      const store = new EvidenceStore(folder, (message) => expect.fail(message));
      const wanted = lines.length === 0 ? [] : [{ file: 'a.ts', lines }];
      const answer = await changesUnnoticed(subject, store, tree, wanted, new Set(['name b']));
      store.save();
      return answer;
    };
    try {
      expect(await ask('one', [1, 2])).toEqual(found);
      expect(await ask('one', [1, 2])).toEqual(found);
      expect(asked).toEqual([['b', 'a']]);
      await ask('another', [1, 2]);
      expect(asked).toHaveLength(2);
      expect(await ask('one', [])).toEqual({ changes: [], untried: [] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('should not be known where nobody can change lines', async () => {
    const { lineChanger: _cannot, ...other } = project.subject;
    const wanted = [{ file: 'a.ts', lines: [1] }];
    expect(await changesUnnoticed(other, emptyStore(), tree, wanted, new Set())).toBeUndefined();
  });
});
