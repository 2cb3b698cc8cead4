/** A range of commits as a series: which trees its steps have, what is refused and why, and that the user's checkout stays as it is. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { git } from '#base/git.ts';
import { type GitRangeOptions, type GitSeries, gitRange } from '#engine/series/git-range.ts';
import { newRepository, type Repository } from '../../support/repository.ts';

let repository: Repository;
let warnings: string[];
beforeEach(() => {
  repository = newRepository();
  warnings = [];
  repository.commit('base', { 'a.txt': 'one\n' });
  repository.git('branch', 'base');
});
afterEach(() => repository.remove());

const cache = (): string => join(repository.folder, '..', 'cache');
const open = (range = 'base..HEAD', options: GitRangeOptions = {}, root = repository.folder): GitSeries =>
  gitRange(range, options)({ root, imports: [], cache, warn: (message) => warnings.push(message) });

const hashOf = (revision: string): string => repository.git('rev-parse', `${revision}^{tree}`).trim();

/** Three commits on the base: a change, an empty one, a new file in a folder with a space. */
function threeCommits(): string[] {
  return [
    repository.commit('Change a', { 'a.txt': 'two\n' }),
    repository.commit('Change nothing', {}),
    repository.commit('Add b', { 'a folder/b.txt': 'new\r\n' }),
  ];
}

describe('a range of commits', () => {
  it('should have a step a commit, with subject, hash and diff', () => {
    const hashes = threeCommits();
    const steps = open().patches();
    expect(steps.map(({ step, subject, commit }) => [step, subject, commit])).toEqual([
      [1, 'Change a', hashes[0]],
      [2, 'Change nothing', hashes[1]],
      [3, 'Add b', hashes[2]],
    ]);
    expect(steps[0]?.text).toContain('-one\n+two\n');
    expect(steps[1]?.text).toBe('');
  });

  it('should give trees by the hash that git has for them, an empty commit that of the one before', () => {
    threeCommits();
    const { tree } = open();
    expect(tree('before').hash).toBe(hashOf('base'));
    expect(tree('step-2').hash).toBe(tree('step-1').hash);
    expect(tree('after').hash).toBe(hashOf('HEAD'));
    expect(tree('HEAD~2').hash).toBe(tree('step-1').hash);
  });

  it('should write a tree as it was committed, line ends of Windows too, and nothing into the checkout', () => {
    threeCommits();
    const before = repository.git('status', '--porcelain', '--ignored');
    const index = readFileSync(join(repository.folder, '.git/index'));
    const { folder } = open().tree('after');
    expect(readdirSync(folder).sort()).toEqual(['a folder', 'a.txt']);
    expect(readFileSync(join(folder, 'a folder/b.txt'), 'utf8')).toBe('new\r\n');
    expect(repository.git('status', '--porcelain', '--ignored')).toBe(before);
    expect(readFileSync(join(repository.folder, '.git/index'))).toEqual(index);
    expect(readdirSync(join(folder, '..'))).toEqual([open().tree('after').hash]);
  });

  it('should write no tree before somebody asks for its folder', () => {
    threeCommits();
    expect(open().tree('after').hash).toHaveLength(40);
    expect(existsSync(cache())).toBe(false);
  });

  it('should begin where the range leaves the base, when the base has gone on', () => {
    repository.git('checkout', '--quiet', '-b', 'work');
    repository.commit('Change a', { 'a.txt': 'two\n' });
    repository.git('checkout', '--quiet', 'main');
    repository.commit('Go on', { 'c.txt': 'c\n' });
    const { tree } = open('main..work');
    expect(readdirSync(tree('before').folder)).toEqual(['a.txt']);
  });

  it('should find a step by number, hash, subject or part of it', () => {
    const [first = ''] = threeCommits();
    const { stepNamed } = open();
    expect([stepNamed('3'), stepNamed(first.slice(0, 8)), stepNamed('Change a'), stepNamed('Add')]).toEqual([
      3, 1, 1, 3,
    ]);
    expect(() => stepNamed('Change')).toThrow("'Change' may be step 1 or 2\n  allowed: 1 to 3");
    expect(() => stepNamed('4')).toThrow("'4' is not a step");
  });

  it('should say so when something is not committed', () => {
    threeCommits();
    open();
    expect(warnings).toEqual([]);
    repository.write({ 'a.txt': 'three\n' });
    open();
    expect(warnings).toEqual([
      '1 changed file is not committed and so in no step; conform variant new makes a variant of it',
    ]);
  });
});

describe('what is no range of steps', () => {
  it('should be refused: a merge', () => {
    repository.git('checkout', '--quiet', '-b', 'side');
    repository.commit('Aside', { 'side.txt': 's\n' });
    repository.git('checkout', '--quiet', 'main');
    repository.commit('Ahead', { 'main.txt': 'm\n' });
    repository.git('merge', '--quiet', '--no-ff', '-m', 'Join side', 'side');
    expect(() => open()).toThrow(/'Join side' of base\.\.HEAD is a merge: .*\n {2}what to do: rebase/);
  });

  it('should be refused: nothing, no range, no revision, no repository', () => {
    expect(() => open()).toThrow('no commits in base..HEAD');
    expect(() => open('base')).toThrow("'base' is no range of commits\n  allowed: BASE..TIP");
    expect(() => open('base...HEAD')).toThrow('is no range of commits');
    expect(() => open('bass..HEAD')).toThrow("'bass' of bass..HEAD is no commit of");
    expect(() => open('base..HEAD', {}, '/')).toThrow('/ is in no git repository');
  });

  it('should be refused: a history that is cut off', () => {
    threeCommits();
    const shallow = join(repository.folder, '..', 'shallow');
    git(repository.folder, ['clone', '--quiet', '--depth=2', `file://${repository.folder}`, shallow]);
    expect(() => open('base..HEAD', {}, shallow)).toThrow('this is a shallow clone: git fetch --unshallow');
    expect(open('HEAD~1..HEAD', {}, shallow).stepCount).toBe(1);
  });

  it('should be refused: a history from its first commit on', () => {
    repository.git('checkout', '--quiet', '--orphan', 'fresh');
    repository.commit('Begin', { 'a.txt': 'x\n' });
    expect(() => open('base..fresh')).toThrow(/'Begin' stands on nothing/);
  });
});

describe('preparing trees', () => {
  const prepare = 'mkdir made && cat lock > made/lock && echo run >> "$COUNT"';
  const options = (): GitRangeOptions => ({
    prepare: prepare.replace('$COUNT', join(repository.folder, '..', 'count')),
    lockFiles: ['lock'],
  });

  it('should be done once for each content of the lock files', () => {
    repository.commit('Lock', { lock: '1' });
    repository.commit('Change a', { 'a.txt': 'two\n' });
    repository.commit('Lock anew', { lock: '2' });
    const { tree, stepName } = open('base..HEAD', options());
    const locks = [1, 2, 3].map((step) =>
      readFileSync(join(tree(stepName(step)).folder, 'made/lock'), 'utf8'),
    );
    expect(locks).toEqual(['1', '1', '2']);
    expect(readFileSync(join(repository.folder, '..', 'count'), 'utf8')).toBe('run\nrun\n');
  });

  it('should end with what the command said when it fails', () => {
    repository.commit('Change a', { 'a.txt': 'two\n' });
    const { tree } = open('base..HEAD', { prepare: 'echo no such package >&2; exit 3' });
    expect(() => tree('after').folder).toThrow(/ended with 3 in .*\n {2}no such package/);
  });
});

describe('another version of a range', () => {
  it('should be a branch on the same base, or another range', () => {
    threeCommits();
    repository.git('checkout', '--quiet', '-b', 'v1', 'base');
    repository.commit('Change a', { 'a.txt': 'zwei\n' });
    repository.git('checkout', '--quiet', 'main');
    for (const text of ['v1', 'base..v1']) {
      const was = open().version(text);
      expect(was.stepCount).toBe(1);
      expect(was.tree('after').hash).toBe(hashOf('v1'));
    }
    expect(() => open().version('nowhere')).toThrow("'nowhere' of base..nowhere is no commit");
  });

  it('should be a folder of patches on the same base, without anything new in the repository', () => {
    threeCommits();
    const folder = join(repository.folder, '..', 'patches');
    repository.git('format-patch', '--quiet', '--output-directory', folder, 'base..HEAD');
    const objects = repository.git('count-objects');
    const was = open().version(folder);
    // Of a commit that changes nothing git makes an empty file.
    expect(was.patches().map(({ subject }) => subject)).toEqual(['Change a', '', 'Add b']);
    expect([0, 1, 2, 3].map((step) => was.tree(was.stepName(step)).hash)).toEqual(
      ['base', 'HEAD~2', 'HEAD~2', 'HEAD'].map(hashOf),
    );
    expect(readFileSync(join(was.tree('after').folder, 'a folder/b.txt'), 'utf8')).toBe('new\r\n');
    expect(was.contracts({ dimensions: [], vocabulary: {} })).toHaveLength(3);
    expect(repository.git('count-objects')).toBe(objects);
  });

  it('should be refused where a folder has no patches, or one does not apply', () => {
    threeCommits();
    const folder = join(repository.folder, '..', 'patches');
    mkdirSync(folder);
    expect(() => open().version(folder)).toThrow('a folder of patches 0001');
    const text = 'Subject: x\n\n---\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-nothing\n+two\n';
    writeFileSync(join(folder, '0001-x.patch'), text);
    expect(() => open().version(folder).tree('after')).toThrow(/patches\/0001-x\.patch does not apply/);
  });
});
