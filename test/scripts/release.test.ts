// The release script, on a repository of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rootFolder } from '../support/project.ts';
import { newRepository, type Repository } from '../support/repository.ts';

const CHANGELOG = '# Changes\n\n## Unreleased\n\n* Something new.\n\n## 0.1.0\n\n* The first.\n';

let repository: Repository;
beforeEach(() => {
  repository = newRepository();
  repository.commit('One', {
    'package.json': '{\n  "name": "x",\n  "version": "0.1.0"\n}\n',
    'package-lock.json': JSON.stringify({
      version: '0.1.0',
      packages: { '': { version: '0.1.0' }, a: { version: '9' } },
    }),
    'CHANGELOG.md': CHANGELOG,
  });
});
afterEach(() => repository.remove());

const text = (file: string): string => readFileSync(join(repository.folder, file), 'utf8');

function release(...words: string[]): { code: number | null; out: string; err: string } {
  const script = join(rootFolder, 'scripts/release.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], {
    encoding: 'utf8',
    env: {
      ...process.env,
      RELEASE_FOLDER: repository.folder,
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    },
  });
  return { code: status, out: stdout, err: stderr };
}

describe('a release', () => {
  it('should only be said with --dry-run', () => {
    const before = repository.git('rev-parse', 'HEAD');
    const { code, out } = release('0.2.0', '--dry-run');
    expect([code, out]).toEqual([
      0,
      'would write package.json\nwould write package-lock.json\nwould write CHANGELOG.md\nwould commit and tag v0.2.0\nto publish it: npm publish\n',
    ]);
    expect(text('CHANGELOG.md')).toBe(CHANGELOG);
    expect(repository.git('rev-parse', 'HEAD')).toBe(before);
    expect(repository.git('tag')).toBe('');
  });

  it('should have its version everywhere, its changes, a commit and a tag', () => {
    expect(release('0.2.0')).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(text('package.json'))).toMatchObject({ version: '0.2.0' });
    expect(JSON.parse(text('package-lock.json'))).toEqual({
      version: '0.2.0',
      packages: { '': { version: '0.2.0' }, a: { version: '9' } },
    });
    expect(text('CHANGELOG.md')).toMatch(
      /^# Changes\n\n## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n\* Something new\.\n\n## 0\.1\.0\n/,
    );
    expect(repository.git('tag').trim()).toBe('v0.2.0');
    expect(repository.git('status', '--porcelain').trim()).toBe('');
    expect(release('0.3.0').err).toBe('CHANGELOG.md says nothing under "## Unreleased"\n');
  });

  it('should be refused where it is none', () => {
    expect(release('0.1.0').err).toBe('0.1.0 does not come after 0.1.0\n');
    expect(release('0.0.9').code).toBe(2);
    expect(release('two').err).toContain('usage:');
    repository.write({ 'more.txt': 'x' });
    expect(release('0.2.0').err).toBe('there are changes that are not committed\n');
  });
});
