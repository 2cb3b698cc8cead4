import { describe, expect, it } from 'vitest';
import type { Step } from '#pmem/language/workload.ts';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { fullPlan, leftOut, type PlannedRow, quickPlan } from '#pmem/sweep/plan.ts';
import { workloadOf } from '#pmem/sweep/row.ts';
import { dimensionsOf, VALUES } from '#pmem/sweep/settings.ts';

const rowsWith = (plan: readonly PlannedRow[], text: string) => plan.filter(({ id }) => id.startsWith(text));

/** Offset in the line and size of the data of a write. */
function offsetAndSize(step: Step | undefined): string {
  if (step?.kind !== 'dax write') throw new Error(`not a write: ${step?.kind}`);
  return `${step.offset % 64} ${step.vector.lengths.reduce((sum, length) => sum + length, 0)}`;
}

describe('the full plan', () => {
  const plan = fullPlan();

  it.each([
    'plain',
    'machine brd',
    'machine linear',
    'machine stripe',
    'machine stacked',
    'machine pfn',
    'machine huge',
  ])('should have every offset with every size once: dax write iov, %s', (machine) => {
    const cases = rowsWith(plan, `dax write iov, ${machine}, in full`).flatMap(({ make }) => make().cases);
    const seen = new Set(cases.map(({ steps }) => offsetAndSize(steps[0])));
    // 64 offsets by sizes 0 to 256.
    expect([cases.length, seen.size]).toEqual([64 * 257, 64 * 257]);
  });

  it('should have every pair of values of two other dimensions', () => {
    const cases = rowsWith(plan, 'dax write iov').flatMap(({ id, make }) =>
      id.includes('pairs') ? make().cases : [],
    );
    // 23 more ways to cut by 9 places of the source: at one offset and size each of them that cuts it at all is there.
    const at = cases.filter(({ steps }) => offsetAndSize(steps[0]) === '7 200');
    const pairs = new Set(
      at.flatMap(({ steps: [step] }) =>
        step?.kind === 'dax write' && step.vector.accessibleBytes === undefined
          ? [`${step.vector.lengths.join()} from ${step.vector.startInPage}`]
          : [],
      ),
    );
    const splits = new Set(
      VALUES.split.map(({ cut }) => cut(7, 200)?.join()).filter((cut) => cut !== undefined),
    );
    for (const split of splits)
      for (const start of VALUES.start) expect(pairs).toContain(`${split} from ${start}`);
  });

  it('should name each row once', () => {
    expect(new Set(plan.map(({ id }) => id)).size).toBe(plan.length);
  });
});

describe('the quick plan', () => {
  it('should try every value of each dimension of an operation', () => {
    const ids = quickPlan().map(({ id }) => id);
    for (const machine of VALUES.machine)
      expect(
        ids.some(
          (id) =>
            id.startsWith('dax write bvec') &&
            (machine.name === 'pmem' || id.includes(`machine ${machine.name}`)),
        ),
      ).toBe(true);
    expect(dimensionsOf('dax write iov')).toContain('readable');
  });

  it('should have only workloads that can be run', () => {
    for (const { make } of quickPlan()) {
      const row = make();
      if (row.cases.length > 0) expect(() => checkWorkload(workloadOf(row)), row.id).not.toThrow();
    }
  });

  it('should give every case lines of its own', () => {
    const [row] = rowsWith(quickPlan(), 'dax write iov, plain');
    const ranges = (row?.make().cases ?? []).map(({ steps: [step] }) => {
      if (step?.kind !== 'dax write') throw new Error('not a write');
      const size = step.vector.lengths.reduce((sum, length) => sum + length, 0);
      return {
        first: Math.floor(step.offset / 64),
        last: Math.floor((step.offset + Math.max(1, size) - 1) / 64),
      };
    });
    for (const [index, { first }] of ranges.entries())
      expect(first).toBeGreaterThan(ranges[index - 1]?.last ?? -1);
  });

  it('should say what it leaves out', () => {
    expect(leftOut(true).join()).toContain('two of the other dimensions');
    expect(leftOut(false).join()).not.toContain('two of the other dimensions');
    expect(leftOut(false).join()).toContain('poison');
  });
});
