/** Which step is named: the one that brought the faulty lines in, not the first that leads to them. */
import { describe, expect, it } from 'vitest';
import { originOf } from '#engine/origin.ts';
import { lineOrigins, linesBefore } from '#engine/series/line-origins.ts';
import type { LinesRun } from '#engine/subject.ts';

const tree = (step: number, files: Record<string, string>) => ({
  step,
  files: new Map(Object.entries(files)),
});

// Step 1 adds a copy that nobody calls, step 2 makes the writer call it.
const CHAIN = [
  tree(0, { 'fs.ts': 'write\nold copy\nend' }),
  tree(1, { 'fs.ts': 'write\nold copy\nend', 'copy.ts': 'copy\ntail\nend' }),
  tree(2, { 'fs.ts': 'write\nnew copy\nend', 'copy.ts': 'copy\ntail\nend' }),
];
const run = (lines: Record<string, number[]>): LinesRun => new Map(Object.entries(lines));
const BEFORE = run({ 'fs.ts': [1, 2, 3] });

describe('lines', () => {
  it('should come from the step that brought them in or changed them last', () => {
    expect(lineOrigins(CHAIN, 'fs.ts')).toEqual([null, 2, null]);
    expect(lineOrigins(CHAIN, 'copy.ts')).toEqual([1, 1, 1]);
    expect(lineOrigins(CHAIN, 'none.ts')).toEqual([]);
  });

  it('should be found again where others were put in before them', () => {
    expect(linesBefore('a\nb', 'x\na\nb')).toEqual([undefined, 1, 2]);
  });
});

describe('the origin', () => {
  it('should be an earlier step when only some of what the later one leads to goes wrong', () => {
    // Writes with a tail fail; others take the new call as well, and pass.
    const failed = { before: BEFORE, after: run({ 'fs.ts': [1, 2, 3], 'copy.ts': [1, 2, 3] }) };
    const passed = run({ 'fs.ts': [1, 2, 3], 'copy.ts': [1, 3] });
    expect(originOf(CHAIN, 2, [failed], [passed])).toMatchObject({
      cameInAt: 1,
      reachableAt: 2,
      suspects: [{ place: 'copy.ts:2', text: 'tail', step: 1 }, {}, {}],
    });
  });

  it('should be the step itself when all that it leads to goes wrong, whatever lies behind', () => {
    const pmem = { before: BEFORE, after: run({ 'fs.ts': [1, 2, 3], 'copy.ts': [1, 2, 3] }) };
    const other = { before: BEFORE, after: run({ 'fs.ts': [1, 2, 3] }) };
    expect(originOf(CHAIN, 2, [pmem, other], [])).toMatchObject({
      cameInAt: 2,
      suspects: [{ place: 'fs.ts:2' }, {}, {}, {}].slice(0, 3),
    });
  });

  it('should not be lines that ran as they did before', () => {
    const failed = { before: run({ 'copy.ts': [1, 2] }), after: run({ 'copy.ts': [1, 2] }) };
    expect(originOf(CHAIN, 2, [failed], [])).toEqual({ cameInAt: 2, reachableAt: 2, suspects: [] });
  });
});
