/** Trees by name: steps, variants of a step, folders; a variant that does not fit is the trouble of that variant alone. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { git } from '#base/git.ts';
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
  for (const name of ['low', 'middle', 'high']) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'b.ts'), `${name}\n`);
  }
  const source = { before: 'before', after: 'after', patches: 'series', variants: 'series/variants' };
  const absolute = Object.fromEntries(
    Object.entries(source).map(([key, folder]) => [key, join(root, folder)]),
  );
  series = openSeries(absolute as unknown as PatchSeries['source'], {
    root,
    imports: ['low', 'middle', 'high'],
    cache: () => join(root, 'cache'),
  });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A variant of the first step that changes `file` of a shared folder. */
function sharedVariant(file: string, from: string): void {
  const folder = join(root, 'series/variants/shared');
  mkdirSync(folder);
  writeFileSync(join(folder, 'b.patch'), patch(from, 'changed').replaceAll('a.ts', file));
  writeFileSync(join(folder, 'variant.yaml'), 'title: x\nentersAt: 1\nconvictedAt: 1\nworkload: none\n');
}

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

describe('a variant that patches what trees share', () => {
  it('should have its own copy of that folder and those above it, and share those below', () => {
    sharedVariant('middle/b.ts', 'middle');
    const { folder, hash } = series.tree('shared@1');
    const fileIn = (name: string): string => readFileSync(join(folder, name, 'b.ts'), 'utf8');
    expect(['low', 'middle', 'high'].map(fileIn)).toEqual(['low\n', 'changed\n', 'high\n']);
    expect(['low', 'middle', 'high'].map((name) => lstatSync(join(folder, name)).isSymbolicLink())).toEqual([
      true,
      false,
      false,
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({
      type: 'module',
      imports: { '#low/*': './low/*', '#middle/*': './middle/*', '#high/*': './high/*' },
    });
    expect(readFileSync(join(root, 'middle/b.ts'), 'utf8')).toBe('middle\n');
    expect(hash).not.toBe(series.tree('step-1').hash);
  });

  it('should have a hash of its own for each change of what it copies', () => {
    sharedVariant('high/b.ts', 'high');
    const { hash } = series.tree('shared@1');
    writeFileSync(join(root, 'high/c.ts'), 'new\n');
    const { source } = series;
    const again = openSeries(source, { root, imports: ['high'], cache: () => join(root, 'cache') });
    expect(again.tree('shared@1').hash).not.toBe(hash);
  });

  it('should say what its code is made of with what it shares, so that a line of it has an origin', () => {
    sharedVariant('middle/b.ts', 'middle');
    const trees = ['step-1', 'shared@1'].map((name) => series.tree(name));
    expect(trees.map(({ sources }) => sources?.().get('middle/b.ts'))).toEqual(['middle\n', 'changed\n']);
  });

  it('should be refused where the patch does not apply', () => {
    sharedVariant('middle/b.ts', 'none');
    expect(() => series.tree('shared@1')).toThrow('does not apply to middle/b.ts: hunk 1, line 1');
  });
});

const write = (file: string, text: string): void => writeFileSync(join(root, file), text);

describe('a series that lies in a repository', () => {
  beforeEach(() => {
    git(root, ['init', '--quiet']);
    git(root, ['add', '--all']);
    git(root, ['-c', 'user.name=a', '-c', 'user.email=b', 'commit', '--quiet', '-m', 'all']);
  });

  it('should have the last tree of a revision, with what was shared then', () => {
    expect(series.tree('HEAD').hash).toBe(series.tree('after').hash);
    write('middle/b.ts', 'changed\n');
    write('after/a.ts', 'four\n');
    const { folder } = series.tree('HEAD~0');
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('three\n');
    expect(readFileSync(join(folder, 'middle/b.ts'), 'utf8')).toBe('middle\n');
    expect(() => series.tree('HEAD~9')).toThrow("unknown tree 'HEAD~9'");
  });

  it('should make patches of what is changed in the last tree and in what trees share', () => {
    expect(() => series.variantPatch(2)).toThrow('nothing that is not committed changes a tree');
    write('after/a.ts', 'drei\n');
    write('high/b.ts', 'hoch\n');
    write('elsewhere.ts', 'not looked at\n');
    const files = [...series.variantPatch(2).matchAll(/^\+\+\+ b\/(.*)/gm)].map(([, file]) => file);
    expect(files).toEqual(['a.ts', 'high/b.ts']);
    expect(() => series.variantPatch(1)).toThrow('step 1: its patch does not apply to a.ts: hunk 1, line 1');
  });

  it('should take a variant at a step in either order', () => {
    const hashes = ['german@1', 'step-1@german', '1@german'].map((name) => series.tree(name).hash);
    expect(new Set(hashes).size).toBe(1);
    expect(series.tree('before@german').hash).toBe(series.tree('before').hash);
  });
});
