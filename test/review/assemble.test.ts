/** A series of two steps in memory, joined with contracts into reviews and shown in all forms. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { painter } from '#base/paint.ts';
import { assembleReview } from '#review/assemble.ts';
import { bookHtml } from '#review/book/book.ts';
import type { StepReview } from '#review/model.ts';
import { openSurfaces, type SurfaceReader } from '#review/surface.ts';
import { reviewText } from '#review/text.ts';
import { applySeriesPatch, type SeriesPatch } from '#engine/series/patches.ts';
import type { TreeFiles } from '#base/tree-files.ts';
import { sampleBook } from './book/sample-book.ts';
import { sampleReview } from './sample-review.ts';
import { scratchTree } from './trees.ts';

const before: TreeFiles = new Map([
  ['lib.ts', 'export function old(): void {}\n'],
  ['user.ts', "import { old } from './lib.ts';\nexport function user(): void {\n  old();\n}\n"],
]);

const patch = (step: number, subject: string, text: string): SeriesPatch => ({
  step,
  fileName: `000${step}-x.patch`,
  subject,
  message: '',
  text,
});

const patches = [
  patch(
    1,
    'lib: add',
    '--- a/lib.ts\n+++ b/lib.ts\n@@ -1 +1,2 @@\n export function old(): void {}\n+export function better(): void {}\n',
  ),
  patch(
    2,
    'user: convert',
    "--- a/user.ts\n+++ b/user.ts\n@@ -1,4 +1,4 @@\n-import { old } from './lib.ts';\n+import { better } from './lib.ts';\n export function user(): void {\n-  old();\n+  better();\n }\n",
  ),
];

let reader: SurfaceReader;
beforeAll(async () => {
  reader = await openSurfaces('tsconfig.json');
});
afterAll(() => reader.close());

function reviews(callers: StepReview['contract']['callers']): StepReview[] {
  const { contract, evidence, dimensions, unused } = sampleReview();
  const none = { added: [], removed: [], moved: [], changed: [] };
  const calm = { ...evidence, differences: [], failures: [] };
  let tree = before;
  return patches.map((current) => {
    const surfaces = [tree, (tree = applySeriesPatch(tree, current))].map((files) =>
      reader.read(scratchTree(Object.fromEntries(files))),
    );
    const api = current.step === 1 ? { ...none, added: ['lib.ts#better'] } : none;
    return assembleReview({
      patch: current,
      contract: { ...contract, step: current.step, api, callers: current.step === 1 ? [] : callers },
      surfaces: { before: surfaces[0]!, after: surfaces[1]! },
      evidence: { ...calm, step: current.step },
      dimensions,
      unused,
    });
  });
}

describe('assembling', () => {
  it('should hold where contract, step and evidence agree, and show it in text and HTML', () => {
    const both = reviews([{ from: 'lib.ts#old', to: 'lib.ts#better', in: ['user.ts#user'] }]);
    expect(both.map(({ verdict, apiProblems }) => [verdict, apiProblems])).toEqual([
      ['holds', []],
      ['holds', []],
    ]);
    expect(reviewText(both[0]!, painter(false))).toContain('  + lib.ts#better  function better(): void');
    expect(reviewText(both[1]!, painter(false))).toContain('user.ts:3  lib.ts#old -> lib.ts#better');
    expect(bookHtml(sampleBook(both))).toContain('<a rel="next" href="#step-2"');
  });

  it('should fail where the contract is silent about a caller', () => {
    const [first, second] = reviews([]);
    expect(first!.verdict).toBe('holds');
    expect(second!.verdict).toBe('fails');
    expect(second!.apiProblems).toEqual([
      'user.ts#user calls lib.ts#better instead of lib.ts#old (user.ts:3), but the contract does not say so',
    ]);
  });
});
