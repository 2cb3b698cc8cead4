/** Other versions of a series of patches: where they may be kept, what their trees and contracts are, what is refused. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSeries, type PatchSeries } from '#engine/series/trees.ts';
import { unfoldSeries } from '#engine/series/unfold.ts';
import { newRepository, type Repository } from '../../support/repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = newRepository();
});
afterEach(() => repository.remove());

const patch = (subject: string, from: string, to: string): string =>
  `From: A <a@example.org>\nSubject: [PATCH] ${subject}\n\n---\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-${from}\n+${to}\n`;

const contract = (step: number, title: string): string =>
  `step: ${step}\nclass: pure\nupstream:\n  commits: []\n  differs: ''\nsummary: ${title}\n`;

/** `one` becomes `zwei` and then `three` in a first commit, `two` in between in a second one, which is as it is now. */
function twoVersions(): PatchSeries {
  repository.commit('v1', {
    'before/a.ts': 'one\n',
    'after/a.ts': 'three\n',
    'series/0001-first.patch': patch('First', 'one', 'zwei'),
    'series/0002-second.patch': patch('Second', 'zwei', 'three'),
  });
  repository.git('tag', 'v1');
  repository.commit('v2', {
    'series/0001-first.patch': patch('First', 'one', 'two'),
    'series/0002-second.patch': patch('Second', 'two', 'three'),
  });
  return open();
}

function open(): PatchSeries {
  const root = repository.folder;
  const at = (name: string): string => join(root, name);
  return openSeries(
    { before: at('before'), after: at('after'), patches: at('series'), variants: at('series/variants') },
    { root, imports: [], cache: () => join(root, '..', 'cache') },
  );
}

const LANGUAGE = { dimensions: [], vocabulary: {} };
type Named = ReturnType<PatchSeries['version']>;

const textOf = (series: Named, name: string): string =>
  readFileSync(join(series.tree(name).folder, 'a.ts'), 'utf8');

const textsOf = (series: Named): string[] =>
  Array.from({ length: series.stepCount + 1 }, (_, step) => textOf(series, series.stepName(step)));

const subjectsOf = (series: Named): string[] => series.patches().map(({ subject }) => subject);

describe('another version of a series of patches', () => {
  it('should be the patches as they were at a revision', () => {
    const now = twoVersions();
    expect(textsOf(now)).toEqual(['one\n', 'two\n', 'three\n']);
    const was = now.version('v1');
    expect(subjectsOf(was)).toEqual(['First', 'Second']);
    expect(textsOf(was)).toEqual(['one\n', 'zwei\n', 'three\n']);
    expect(textsOf(now.version('HEAD~1'))).toEqual(textsOf(was));
  });

  it('should be on the first tree of that revision, where another one stands there now', () => {
    const now = twoVersions();
    repository.commit('v3', {
      'before/a.ts': 'null\n',
      'series/0001-first.patch': patch('First', 'null', 'two'),
    });
    expect(textsOf(now.version('v1'))[0]).toBe('one\n');
    expect(textsOf(now.version('HEAD'))[0]).toBe('null\n');
  });

  it('should be a folder of patches, on the first tree of now', () => {
    const now = twoVersions();
    const folder = join(repository.folder, '../mine');
    mkdirSync(folder);
    writeFileSync(join(folder, '0001-whole.patch'), patch('Whole', 'one', 'drei'));
    expect(textsOf(now.version(folder))).toEqual(['one\n', 'drei\n']);
  });

  it('should be a range of commits that change the last tree, others of the range being no steps', () => {
    const now = twoVersions();
    repository.commit('Back to one', { 'after/a.ts': 'one\n' });
    repository.git('tag', 'start');
    repository.commit('First', { 'after/a.ts': 'eins\n', 'notes.txt': 'not of the tree\n' });
    repository.commit('Notes', { 'notes.txt': 'again\n' });
    repository.commit('Another', { 'after/b.ts': 'new\n' });
    const was = now.version('start..HEAD');
    expect(subjectsOf(was)).toEqual(['First', 'Another']);
    expect(textsOf(was)).toEqual(['one\n', 'eins\n', 'eins\n']);
    expect(was.patches()[0]!.mail!.author).toContain('A Tester');
    expect(was.patches()[0]!.text).not.toContain('notes.txt');
  });

  it('should be a repository that unfold made, and somebody worked in', () => {
    const now = twoVersions();
    const folder = join(repository.folder, '../unfolded');
    unfoldSeries(now.source, folder);
    expect(textsOf(now.version(folder))).toEqual(textsOf(now));
  });

  it('should be held to contracts beside its patches, else to that of the step of its subject, else to none', () => {
    twoVersions();
    repository.write({
      'series/0001-first.contract.yaml': contract(1, 'what the first one does'),
      'series/0002-second.contract.yaml': contract(2, 'what the second one does'),
    });
    const folder = join(repository.folder, '../mine');
    mkdirSync(folder);
    writeFileSync(join(folder, '0001-b.patch'), patch('Second', 'one', 'b'));
    writeFileSync(join(folder, '0002-c.patch'), patch('New', 'b', 'c'));
    writeFileSync(join(folder, '0003-d.patch'), patch('First', 'c', 'd'));
    writeFileSync(join(folder, '0003-d.contract.yaml'), contract(3, 'what it did'));
    const contracts = open().version(folder).contracts(LANGUAGE);
    expect(contracts.map(({ step, summary }) => [step, summary])).toEqual([
      [1, 'what the second one does'],
      [2, ''],
      [3, 'what it did'],
    ]);
  });

  it('should be refused where there is none, with what is allowed', () => {
    const now = twoVersions();
    repository.commit('Only notes', { 'notes.txt': 'x\n' });
    const folder = join(repository.folder, '../empty');
    mkdirSync(folder);
    const allowed = 'a revision of git that has series/; a range BASE..TIP of commits that change after/';
    expect(() => now.version('nowhere')).toThrow(allowed);
    expect(() => now.version('--help')).toThrow(allowed);
    expect(() => now.version('HEAD~1..HEAD')).toThrow(allowed);
    expect(() => now.version('v1..nowhere')).toThrow("'nowhere' of v1..nowhere is no commit");
    expect(() => now.version(folder)).toThrow('no version of the series in');
    expect(() => now.version(join(repository.folder, 'after/a.ts'))).toThrow('no version of the series in');
    rmSync(join(repository.folder, '.git'), { recursive: true });
    expect(() => now.version('v1')).toThrow(allowed);
  });
});
