/** Two versions of a series: which steps belong together, and what of each changed. */
import { describe, expect, it } from 'vitest';
import { painter } from '#base/paint.ts';
import type { StepReview } from '#review/model.ts';
import { versionsText } from '#review/text-versions.ts';
import { compareVersions, isChanged } from '#review/versions.ts';
import { calmReview } from './book/sample-book.ts';
import { sampleReview } from './sample-review.ts';

/** A step that changes one file by these lines. */
function step(
  number: number,
  subject: string,
  lines: readonly string[],
  changes: Partial<StepReview> = {},
): StepReview {
  const rows = lines.map((line) => ({ kind: line.charAt(0) as '+', text: line.slice(1), moved: false }));
  const hunks = [{ header: `@@ -${number},1 +${number},9 @@ function f()`, lines: rows }];
  return calmReview({
    step: number,
    subject,
    diff: [{ file: 'f.ts', status: 'changed', hunks }],
    ...changes,
  });
}

const FIRST = ['+a', '+b', '+c', '+d'];
const old = [step(1, 'one', FIRST), step(2, 'two', ['+x', '-y'])];

describe('two versions of a series', () => {
  it('should be the same where nothing but places and numbers changed', () => {
    const now = [step(1, 'two', ['+x', '-y']), step(2, 'one', FIRST)];
    const { steps, dropped } = compareVersions('v2', old, now);
    expect(steps.map((one) => [one.was, isChanged(one)])).toEqual([
      [2, false],
      [1, false],
    ]);
    expect(dropped).toEqual([]);
  });

  it('should join a step that was reworded by its lines, and tell of what is new and what was dropped', () => {
    const now = [step(1, 'one, in other words', [...FIRST, '+e']), step(2, 'three', ['+z'])];
    const { steps, dropped } = compareVersions('v2', old, now);
    expect(steps.map(({ was }) => was)).toEqual([1, undefined]);
    expect(steps[0]!.isMessageChanged).toBe(true);
    expect(steps[0]!.patch).toEqual([' +c', ' +d', '++e']);
    expect(dropped).toEqual([{ step: 2, subject: 'two' }]);
  });

  it('should say which declarations and differences went, and which came', () => {
    const was = sampleReview();
    const { contract, evidence } = was;
    const [first, second] = evidence.differences;
    const now = sampleReview({
      contract: { ...contract, differences: contract.differences.slice(1) },
      evidence: { ...evidence, differences: [{ ...first!, relation: 'weaker', declaredAs: [] }, second!] },
    });
    const [versions] = compareVersions('v2', [was], [now]).steps;
    expect(versions!.patch).toEqual([]);
    expect(versions!.gone).toEqual([
      expect.stringMatching(/^declaration D-edges: acked stronger when/),
      expect.stringMatching(/^difference: acked stronger in 'T2 segments'.*, declared$/),
    ]);
    expect(versions!.come).toEqual([
      expect.stringMatching(/^difference: acked weaker in 'T2 segments'.*, not declared$/),
    ]);
  });

  it('should be shown a line a step, then what changed', () => {
    const now = [step(1, 'one', [...FIRST, '+e']), step(2, 'three', ['+z'])];
    expect(versionsText(compareVersions('v2', old, now), painter(false))).toBe(
      [
        'Against v2: 2 of 2 steps changed',
        '',
        '   1  patch                     one',
        '   2  new                       three',
        '   -  dropped, was step 2  two',
        '',
        'step 1  one',
        '   +c',
        '   +d',
        '  ++e',
        '',
      ].join('\n'),
    );
  });
});
