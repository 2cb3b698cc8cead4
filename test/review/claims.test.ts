/** Claims of a step, and which difference stands for a claim. */
import { describe, expect, it } from 'vitest';
import type { ObservedDifference } from '#engine/judge.ts';
import { callersOf, callerTrends } from '#review/caller-counts.ts';
import { claimsOf, witnessOf } from '#review/claims.ts';
import { openSurfaces } from '#review/surface.ts';
import { project, stepFolder, stepCount } from '../support/project.ts';
import { sampleReview } from './sample-review.ts';
import { scratchTree } from './trees.ts';

const reader = await openSurfaces('tsconfig.json');
const tree = reader.read(
  scratchTree({
    'lib.ts': 'export function old(): void {}\nexport function other(): void {\n  old();\n}\n',
    'user.ts': "import { old } from './lib.ts';\nexport function user(): void {\n  old();\n  old();\n}\n",
  }),
);
const surfaces = Array.from({ length: stepCount + 1 }, (_, step) => reader.read(stepFolder(step)));
reader.close();

const reproduce = (workload: string): { text: string } => ({ text: workload });

const idsOf = (claims: ReturnType<typeof claimsOf>): string[] =>
  claims.map(({ id, isKept }) => `${isKept ? '' : 'not '}${id}`);

describe('claims', () => {
  const review = sampleReview();

  it('should be the promise, nothing else, exports, and what is declared', () => {
    expect(idsOf(claimsOf(review, reproduce))).toEqual([
      'promise',
      'not nothing-else',
      'not exports',
      'D3-edges-acked-stronger',
      'not D3-stale-log-other',
    ]);
  });

  it('should break with a promise', () => {
    const { evidence } = review;
    const failures = [{ kind: 'broken promise' as const, cause: 'x', message: 'lost', also: {} }];
    const broken = claimsOf({ ...review, evidence: { ...evidence, failures } }, reproduce);
    expect(idsOf(broken).slice(0, 2)).toEqual(['not promise', 'nothing-else']);
    expect(broken[0]!.seen).toContain('1 broken');
  });

  it('should say who still calls what nobody should', () => {
    const contract = { ...review.contract, noCallersFromHere: ['old', 'gone'] };
    const claims = claimsOf({ ...review, contract }, reproduce, tree);
    expect(claims.find(({ id }) => id === 'no-callers-gone')!.isKept).toBe(true);
    const old = claims.find(({ id }) => id === 'no-callers-old')!;
    expect(old.isKept).toBe(false);
    expect(old.problems).toEqual(['user.ts#user calls it in line 3', 'user.ts#user calls it in line 4']);
  });
});

const difference = (workload: string, before: string, after: string): ObservedDifference => ({
  workload,
  before,
  after,
  dimension: 'acked',
  relation: 'weaker',
  index: 0,
  at: 'x',
  cause: 'x',
  declaredAs: [],
});

describe('the witness of a claim', () => {
  it('should be of the shortest workload whose two sides read differently', () => {
    const same = difference('a', 'x', 'x');
    const long = difference('a long one', 'x', 'y');
    const short = difference('short', 'x', 'z');
    expect(witnessOf([same, long, short], reproduce).workload).toBe('short');
    expect(witnessOf([same], reproduce).workload).toBe('a');
  });
});

describe('callers of a name', () => {
  it('should be calls from other files than its own', () => {
    expect(callersOf(tree, 'old')).toEqual([
      { caller: 'user.ts#user', line: 3 },
      { caller: 'user.ts#user', line: 4 },
    ]);
  });

  it('should fall over the series until the function is gone, with the one rise that is declared at step 4', () => {
    // memory-and-dax.md 12: what each patch converts; the contracts of steps 1, 3, 4, 7, 8, 9 name the same.
    const names = project.contracts().flatMap(({ noCallersFromHere }) => noCallersFromHere);
    const trends = new Map(callerTrends(surfaces, names).map(({ name, counts }) => [name, counts]));
    for (const { step, noCallersFromHere } of project.contracts())
      for (const name of noCallersFromHere) {
        expect(trends.get(name)![step - 1], name).toBeGreaterThan(0);
        for (const count of trends.get(name)!.slice(step)) expect(count ?? 0, name).toBe(0);
      }
    const rises = [...trends].flatMap(([name, counts]) =>
      counts.flatMap((count, step) =>
        (count ?? 0) > (counts[step - 1] ?? 99) ? [`${name} at ${step}`] : [],
      ),
    );
    const declared = project
      .contracts()
      .flatMap(({ step, mayGainCallers }) => mayGainCallers.map((name) => `${name} at ${step}`));
    expect(rises).toEqual(declared);
    expect(declared).toEqual(['wbCachePmem at 4']);
  });
});
