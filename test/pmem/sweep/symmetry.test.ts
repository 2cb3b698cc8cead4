/** The symmetries that a sweep saves work by, each held to what it saves. */
import { beforeAll, describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { judgePromise } from '#pmem/promise/promise.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';
import { compareTries } from '#pmem/subject.ts';
import { patternsOf } from '#pmem/sweep/pattern.ts';
import { quickPlan } from '#pmem/sweep/plan.ts';
import { caseText, casesOfSteps, workloadOf } from '#pmem/sweep/row.ts';
import { runRow } from '#pmem/sweep/row-run.ts';
import { triedOf } from '#pmem/tried.ts';
import { loadTree } from '../../support/project.ts';
import { share } from '../../support/thorough.ts';

let [before, after]: Boot[] = [];
beforeAll(async () => {
  [before, after] = [await loadTree('before'), await loadTree('after')];
});

const boots = (): [Boot, Boot] => {
  if (before === undefined || after === undefined) throw new Error('not loaded');
  return [before, after];
};

function rowNamed(start: string) {
  const found = quickPlan().find(({ id }) => id.startsWith(start));
  if (found === undefined) throw new Error(`no row ${start}`);
  return found.make();
}

/** The patterns of one workload of one operation on both trees. */
function patternsOfText(text: string): string[] {
  const workload = parseWorkload(text);
  const row = {
    id: '',
    boot: workload.boot,
    setup: [],
    cases: [{ needs: [], steps: workload.steps.map(({ operation }) => operation) }],
  };
  return patternsOf(
    boots().map((boot) => {
      const { subsystem, starts, ends } = runRow(boot, row);
      return { record: subsystem.machine.record, from: starts[0] ?? 0, to: ends[0] ?? 0 };
    }),
  );
}

/** Dimensions and relations of all that differs between before/ and after/. */
function verdictOf(text: string): string[] {
  const workload = parseWorkload(text);
  const [left, right] = boots().map((boot) => triedOf(workload, runWorkload(boot, workload)));
  if (left === undefined || right === undefined) throw new Error('not tried');
  const found = compareTries(left, right, true).differences.map(
    ({ dimension, relation }) => `${dimension} ${relation}`,
  );
  return [
    ...found,
    ...left.judgement.findings.map(({ rule }) => `before ${rule}`),
    ...right.judgement.findings.map(({ rule }) => `after ${rule}`),
  ];
}

describe('cases that share a machine', () => {
  it.each([
    'dax write iov, plain',
    'dax write kvec, machine stripe',
    'zero, machine pfn',
    'store, plain',
    'raw write, plain',
  ])('should break the promises that they break alone: %s', (name) => {
    const row = rowNamed(name);
    const cases = casesOfSteps(row);
    for (const boot of boots()) {
      const together = judgePromise(workloadOf(row), runWorkload(boot, workloadOf(row))).findings;
      for (let index = 0; index < row.cases.length; index += 29) {
        const workload = parseWorkload(caseText(row, index));
        const alone = judgePromise(workload, runWorkload(boot, workload)).findings;
        const own = together.filter((finding) => cases[finding.index] === index);
        expect(own.map(({ rule, disk, first, last }) => [rule, disk, first, last])).toEqual(
          alone.map(({ rule, disk, first, last }) => [rule, disk, first, last]),
        );
      }
    }
  });
});

describe('cases of one pattern', () => {
  it('should not depend on which line it is, which word of it, or which bytes of a word', () => {
    expect(patternsOfText('dax write pmem0:/f @1 kvec 3 sync')).toEqual(
      patternsOfText('dax write pmem0:/f @4169 kvec 2 sync'),
    );
    expect(patternsOfText('dax write pmem0:/f @8 kvec 40 sync')).toEqual(
      patternsOfText('dax write pmem0:/f @64 kvec 16 sync'),
    );
  });

  it('should be told apart by one piece or two, one line or two, and what is missing', () => {
    expect(patternsOfText('dax write pmem0:/f @0 kvec 8 sync')).not.toEqual(
      patternsOfText('dax write pmem0:/f @0 kvec 16 sync'),
    );
    expect(patternsOfText('dax write pmem0:/f @0 kvec 64 sync')).not.toEqual(
      patternsOfText('dax write pmem0:/f @0 kvec 128 sync'),
    );
    expect(patternsOfText('dax write pmem0:/f @0 iov 9 sync')[1]).not.toEqual(
      patternsOfText('dax write pmem0:/f @0 iov 9')[1],
    );
  });

  it('should have one verdict: as many of every pattern as there are, tried one by one', () => {
    const byPattern = new Map<string, string[]>();
    for (const kind of ['iov', 'kvec'])
      for (let offset = 0; offset < 64; offset += 5)
        for (const size of [1, 2, 3, 5, 8, 11, 16, 40, 64, 72, 130, 200]) {
          const text = `dax write pmem0:/f @${offset} ${kind} ${size} sync`;
          const key = [kind, size < 8, ...patternsOfText(text)].join('\n');
          byPattern.set(key, [...(byPattern.get(key) ?? []), text]);
        }
    const shared = [...byPattern.values()].filter((texts) => texts.length > 1);
    expect(shared.length).toBeGreaterThan(30);
    for (const texts of share(shared, 4)) {
      const [first, ...others] = texts.slice(0, 4);
      for (const other of others)
        expect(verdictOf(other), `${other} as ${first}`).toEqual(verdictOf(first ?? ''));
    }
  });

  it('would not, if one word counted as two: a copy of one word can not be torn', () => {
    expect(verdictOf('dax write pmem0:/f @0 kvec 8 sync')).not.toEqual(
      verdictOf('dax write pmem0:/f @0 kvec 16 sync'),
    );
  });
});
