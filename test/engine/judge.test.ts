/** Verdicts over a subject that one can see through: what is wrong, in which order, grouped how. */
import { describe, expect, it } from 'vitest';
import { type Contract, type Declaration, PURE_CONTRACT } from '#engine/contract.ts';
import { gather } from '#engine/evidence.ts';
import { explain } from '#engine/explain.ts';
import { judgeStep, type StepEvidence } from '#engine/judge.ts';
import type { Workload } from '#engine/subject.ts';
import { emptyStore } from '../support/project.ts';
import { PLAIN, toy } from './support.ts';

const contract = (...differences: Declaration[]): Contract => ({
  ...PURE_CONTRACT,
  step: 1,
  class: 'convert',
  differences,
});

const declared = (id: string, dimension: string, operation: string[]): Declaration => ({
  id,
  shows: [{ dimension, relation: 'other' }],
  when: { operation },
  because: 'it is meant so',
});

const WORKLOADS: readonly Workload[] = [
  { name: 'sums', text: 'add 1\nmul 1\nadd 2' },
  { name: 'both', text: 'mul 5\npromise 1\nadd 3' },
  { name: 'promises', text: 'promise 4' },
];

/** The evidence of a step that changes some functions, with everything that is wrong explained. */
async function judged(
  changes: typeof PLAIN,
  declarations: Declaration[] = [],
  workloads = WORKLOADS,
  base = PLAIN,
): Promise<StepEvidence> {
  const subject = toy(workloads);
  const before = subject.tree('before', base);
  const after = subject.tree('after', { ...base, ...changes });
  const step = {
    step: 1,
    before,
    after,
    first: before,
    contract: contract(...declarations),
    lineage: () => [before],
  };
  const evidence = await gather({ subject, store: emptyStore() }, [], [step]);
  const { evidence: plain, groups } = judgeStep(subject, step, evidence);
  return { ...plain, failures: [...(await explain(subject, step, groups)), ...plain.failures] };
}

const DOUBLED = { mul: (value: number) => value * 3 };
const ODD = { promise: () => 1 };
const WRONG = { add: (value: number) => value + 2 };

describe('a step', () => {
  it('should hold when nothing differs', async () => {
    expect(await judged({})).toMatchObject({ differences: [], failures: [], standing: [], places: 7 });
  });

  it('should hold when what differs is declared', async () => {
    const { failures, differences } = await judged(DOUBLED, [declared('D1-more', 'cost', ['mul'])]);
    expect(failures).toEqual([]);
    expect(differences.map(({ declaredAs }) => declaredAs)).toEqual([['D1-more'], ['D1-more']]);
  });

  it('should fail with one failure for each cause, the gravest first', async () => {
    const { failures } = await judged({ ...DOUBLED, ...ODD, ...WRONG }, [
      declared('D1-stale', 'cost', ['promise']),
    ]);
    expect(failures.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['broken promise', 'promise'],
      ['wrong result', 'add'],
      ['undeclared difference', 'mul'],
      ['stale declaration', ''],
    ]);
  });

  it('should tell of a cause by the smallest workload, and count the rest', async () => {
    const { failures } = await judged(DOUBLED);
    expect(failures).toEqual([
      {
        kind: 'undeclared difference',
        cause: 'mul',
        scenario: 'sums',
        message: "sums: cost other at 'mul 1': before 2; after 3",
        also: { 'undeclared difference: cost other': 1 },
        workload: 'mul 1',
        witness: ['look here'],
        traces: [{ at: 'mul 1', before: ['2'], after: ['3'] }],
        replay: "try before after 'mul 1'",
      },
    ]);
  });

  it('should fail for a broken promise even where every difference is declared', async () => {
    const { failures } = await judged(ODD, [declared('D1-all', 'result', ['promise'])]);
    expect(failures.map(({ kind }) => kind)).toEqual(['broken promise']);
  });

  it('should let a promise stand that was broken before', async () => {
    expect(await judged({}, [], WORKLOADS, { ...PLAIN, ...ODD })).toMatchObject({
      failures: [],
      standing: ['both', 'promises'],
    });
  });

  it('should fail where a workload no longer runs', async () => {
    const { mul: _mul, ...less } = PLAIN;
    const subject = toy(WORKLOADS);
    const [before, after] = [subject.tree('before', PLAIN), subject.tree('after', less)];
    const step = { step: 1, before, after, first: before, contract: contract(), lineage: () => [before] };
    const evidence = await gather({ subject, store: emptyStore() }, [], [step]);
    const { groups } = judgeStep(subject, step, evidence);
    expect((await explain(subject, step, groups))[0]).toMatchObject({
      kind: 'does not run',
      cause: 'no mul',
    });
  });
});

describe('a declaration', () => {
  it('should be stale when nothing shows it', async () => {
    const { failures } = await judged({}, [declared('D1-more', 'cost', ['mul'])]);
    expect(failures.map(({ message }) => message)).toEqual([
      'D1-more: nothing shows cost other where it is declared',
    ]);
  });

  it('should be stale in a value that nothing shows', async () => {
    const { failures } = await judged(DOUBLED, [declared('D1-more', 'cost', ['mul', 'add'])]);
    expect(failures.map(({ message }) => message)).toEqual([
      "D1-more: nothing shows it with operation 'add'",
    ]);
  });
});
