/** A series of three patches in a scratch folder: unfold, edit with git, fold, check. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkSeries, seriesTrees } from '#engine/series/check.ts';
import { git } from '#base/git.ts';
import { applySeriesPatch, readPatches } from '#engine/series/patches.ts';
import { readTree } from '#base/tree-files.ts';
import { foldSeries, type SeriesFolders, unfoldSeries } from '#engine/series/unfold.ts';

let root: string;
let folders: SeriesFolders;

const identity = ['-c', 'user.name=Some One', '-c', 'user.email=some@one.invalid'];

/** Commits everything with a message. */
function commit(folder: string, message: string): void {
  git(folder, ['add', '--all']);
  git(folder, [...identity, 'commit', '--quiet', '-m', message]);
}

const foldersIn = (root: string): SeriesFolders => ({
  before: join(root, 'before'),
  after: join(root, 'after'),
  patches: join(root, 'series'),
});

/** Made by hand once: the repository of a series that has no patches yet. */
let template: string;
beforeAll(() => {
  template = mkdtempSync(join(tmpdir(), 'series-'));
  const own = foldersIn(template);
  for (const folder of [own.before, own.after, own.patches]) mkdirSync(folder);
  mkdirSync(join(own.before, 'lib'));
  writeFileSync(join(own.before, 'lib', 'a.ts'), 'one\ntwo\nthree\n');
  writeFileSync(join(own.before, 'gone.ts'), 'old\n');
  const made = join(template, 'made');
  unfoldSeries(own, made);
  writeFileSync(join(made, 'lib', 'a.ts'), 'one\nTWO\nthree\n');
  commit(made, 'lib: shout\n\nBecause it must be heard.');
  writeFileSync(join(made, 'new.ts'), 'new\n');
  commit(made, 'add a file');
  rmSync(join(made, 'gone.ts'));
  commit(made, 'drop a file');
  foldSeries(own, made);
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'series-'));
  folders = foldersIn(root);
  cpSync(template, root, { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('fold', () => {
  it('should write one patch a commit and the last tree, and nothing else', () => {
    expect(readdirSync(folders.patches).sort()).toEqual([
      '0001-lib-shout.patch',
      '0002-add-a-file.patch',
      '0003-drop-a-file.patch',
    ]);
    expect([...readTree(folders.after)]).toEqual([
      ['lib/a.ts', 'one\nTWO\nthree\n'],
      ['new.ts', 'new\n'],
    ]);
    expect(checkSeries(folders)).toBe(3);
  });

  it('should be needed again when a file was edited in all places by hand, though every patch applies', () => {
    // 'one' becomes 'ONE' in the tree before, in the context of the patch, and in the tree after.
    for (const path of [join(folders.before, 'lib', 'a.ts'), join(folders.after, 'lib', 'a.ts')])
      writeFileSync(path, readFileSync(path, 'utf8').replace('one', 'ONE'));
    const patch = join(folders.patches, '0001-lib-shout.patch');
    writeFileSync(patch, readFileSync(patch, 'utf8').replace('\n one\n', '\n ONE\n'));
    expect(() => checkSeries(folders)).toThrow(
      /step 1: 0001-lib-shout\.patch: lib\/a\.ts is [0-9a-f]{12} here, the patch says [0-9a-f]{12}\n  what to do: unfold the series and fold it again/,
    );
    const again = join(root, 'again');
    unfoldSeries(folders, again);
    foldSeries(folders, again);
    expect(checkSeries(folders)).toBe(3);
  });

  it('should write mails without a signature trailer, numbered, with subject and message', () => {
    const [first] = readPatches(folders.patches);
    expect(first).toMatchObject({ step: 1, subject: 'lib: shout', message: 'Because it must be heard.' });
    expect(first?.text).toContain('Subject: [PATCH v3 1/3] lib: shout');
    expect(first?.text).not.toMatch(/^-- $/m);
  });

  it('should undo unfold: patches and after stay the same, byte for byte', () => {
    const patches = readdirSync(folders.patches).map((name) =>
      readFileSync(join(folders.patches, name), 'utf8'),
    );
    const after = [...readTree(folders.after)];
    const again = join(root, 'again');
    expect(unfoldSeries(folders, again)).toBe(3);
    expect([...readTree(again)].filter(([name]) => !name.startsWith('.git/'))).toEqual(after);
    foldSeries(folders, again);
    expect(
      readdirSync(folders.patches).map((name) => readFileSync(join(folders.patches, name), 'utf8')),
    ).toEqual(patches);
    expect([...readTree(folders.after)]).toEqual(after);
  });

  it('should carry an edit of the last step back', () => {
    const again = join(root, 'again');
    unfoldSeries(folders, again);
    writeFileSync(join(again, 'new.ts'), 'newer\n');
    git(again, ['add', '--all']);
    git(again, [...identity, 'commit', '--quiet', '--amend', '--no-edit']);
    foldSeries(folders, again);
    expect(readTree(folders.after).get('new.ts')).toBe('newer\n');
    expect(checkSeries(folders)).toBe(3);
  });

  it('should refuse uncommitted changes, another number of commits, and a folder that unfold did not make', () => {
    const again = join(root, 'again');
    unfoldSeries(folders, again);
    writeFileSync(join(again, 'new.ts'), 'newer\n');
    expect(() => foldSeries(folders, again)).toThrow('not committed');
    commit(again, 'one too many');
    expect(() => foldSeries(folders, again)).toThrow('has 4 commits after the base, the series 3 patches');
    expect(() => foldSeries(folders, root)).toThrow('is not a repository');
    expect(() => unfoldSeries(folders, again)).toThrow('is not empty');
  });
});

describe('applying without git', () => {
  it('should give the same trees as git', () => {
    const { trees } = seriesTrees(folders);
    const again = join(root, 'again');
    unfoldSeries(folders, again);
    for (const [step, tree] of trees.entries()) {
      git(again, ['checkout', '--quiet', `series~${3 - step}`]);
      expect([...tree].sort()).toEqual(
        [...readTree(again)].filter(([name]) => !name.startsWith('.git/')).sort(),
      );
    }
  });

  it('should say step, file, hunk and both lines when a patch does not fit', () => {
    const [first] = readPatches(folders.patches);
    if (first === undefined) throw new Error('no patch');
    const other = new Map([['lib/a.ts', 'one\n2\nthree\n']]);
    expect(() => applySeriesPatch(other, first)).toThrow(
      'step 1: 0001-lib-shout.patch does not apply to lib/a.ts: hunk 1, line 2\n  expected: two\n  found:    2',
    );
    expect(() => applySeriesPatch(new Map(), first)).toThrow('the file is not there at this step');
  });
});

describe('check', () => {
  it('should name the files in which before + patches is not after', () => {
    writeFileSync(join(folders.after, 'new.ts'), 'edited by hand\n');
    writeFileSync(join(folders.after, 'extra.ts'), '');
    expect(() => checkSeries(folders)).toThrow('before + 3 patches is not after:\n  extra.ts\n  new.ts');
  });

  it('should name a patch that is corrupt, empty or missing', () => {
    const second = join(folders.patches, '0002-add-a-file.patch');
    const text = readFileSync(second, 'utf8');
    writeFileSync(second, text.replace('+new', ''));
    expect(() => checkSeries(folders)).toThrow(/step 2: 0002-add-a-file.patch is not a patch/);
    writeFileSync(second, 'From: nobody\nSubject: nothing\n\nhello\n');
    expect(() => checkSeries(folders)).toThrow('changes no file');
    rmSync(second);
    expect(() => checkSeries(folders)).toThrow('expected the patch of step 2 here');
  });
});
