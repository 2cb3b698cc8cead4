/** Trees by name: steps, variants of a step, folders; a variant that does not fit is the trouble of that variant alone. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSeries, type PatchSeries } from '#engine/series/trees.ts';

let root: string;
let series: PatchSeries;

const patch = (from: string, to: string): string =>
  `Subject: change\n\n---\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-${from}\n+${to}\n`;

/** Three trees, `one`, `two`, `three`, and a variant that makes the middle one `zwei`. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trees-'));
  for (const folder of ['before', 'after', 'series/variants/german', 'series/variants/misfit'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'before/a.ts'), 'one\n');
  writeFileSync(join(root, 'after/a.ts'), 'three\n');
  writeFileSync(join(root, 'series/0001-a.patch'), patch('one', 'two'));
  writeFileSync(join(root, 'series/0002-a.patch'), patch('two', 'three'));
  for (const [name, from] of [
    ['german', 'two'],
    ['misfit', 'none'],
  ] as const) {
    const variant = join(root, 'series/variants', name);
    writeFileSync(join(variant, 'a.patch'), patch(from, 'zwei'));
    writeFileSync(join(variant, 'variant.yaml'), 'title: x\nentersAt: 1\nconvictedAt: 1\nworkload: none\n');
  }
  const source = { before: 'before', after: 'after', patches: 'series', variants: 'series/variants' };
  const absolute = Object.fromEntries(
    Object.entries(source).map(([key, folder]) => [key, join(root, folder)]),
  );
  series = openSeries(absolute as unknown as PatchSeries['source'], () => join(root, 'cache'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const textOf = (name: string): string => readFileSync(join(series.tree(name).folder, 'a.ts'), 'utf8');

describe('a tree', () => {
  it('should be found by the name of a step, and by that of a variant at a step', () => {
    expect(['before', 'step-1', 'after', 'german@1', 'german@0'].map(textOf)).toEqual(
      ['one', 'two', 'three', 'zwei', 'one'].map((text) => `${text}\n`),
    );
    expect(series.names()).toEqual(['before', 'step-1', 'after', 'german', 'misfit']);
  });

  it('should be a folder where the name has a slash', () => {
    expect(textOf(join(root, 'after'))).toBe('three\n');
    expect(() => series.tree('./nowhere')).toThrow("no tree in './nowhere': there is no such folder");
  });

  it('should have the hash of its files, whatever it is called', () => {
    expect(series.tree('german@0').hash).toBe(series.tree('before').hash);
    expect(series.tree('german@1').hash).not.toBe(series.tree('step-1').hash);
  });

  it('should be refused with the names there are', () => {
    expect(() => series.tree('step-3')).toThrow(
      "unknown tree 'step-3'\n  allowed: before, step-1, after, german, misfit",
    );
    expect(() => series.tree('german@3')).toThrow("unknown tree 'german@3'");
  });

  it('should leave others alone when its patch does not apply', () => {
    expect(() => series.tree('misfit@1')).toThrow(
      'step 1: variants/misfit/a.patch does not apply to a.ts: hunk 1, line 1\n  expected: none\n  found:    two',
    );
    expect(textOf('german@1')).toBe('zwei\n');
  });

  it('should be written whole, with nothing left beside it', () => {
    textOf('step-1');
    expect(readdirSync(join(root, 'cache', 'trees'))).toEqual([
      expect.stringMatching(/^step-1-[0-9a-f]{16}$/),
    ]);
  });
});
