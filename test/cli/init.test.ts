/** What `conform init` finds out about a repository, and that its answer runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { conformIn, type Printed } from '../support/conform.ts';
import { newRepository, type Repository } from '../support/repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = newRepository();
});
afterEach(() => {
  vi.unstubAllEnvs();
  repository.remove();
});

const conform = (...words: string[]): Promise<Printed> =>
  conformIn({ folder: repository.folder, cacheHome: join(repository.folder, '..', 'cache') }, words);

const MAKEFILE = 'test:\n\tsh test.sh\n';

describe('conform init', () => {
  it('should take the commits since the trunk and the tests, and write what runs', async () => {
    repository.commit('base', { Makefile: MAKEFILE, 'test.sh': 'exit 0\n' });
    repository.git('checkout', '--quiet', '-b', 'work');
    repository.commit('One', { 'a.txt': 'a' });
    repository.commit('Two', { 'test.sh': 'exit 1\n' });
    expect(await conform('init')).toEqual({
      code: 0,
      err: '',
      out: `${join(repository.folder, 'conform.config.yaml')}\n`,
    });
    expect(parse(readFileSync(join(repository.folder, 'conform.config.yaml'), 'utf8'))).toEqual({
      range: 'main..HEAD',
      probe: { run: 'make test >/dev/null 2>&1', timeoutSeconds: 600 },
    });
    const { code, out } = await conform('run');
    expect([code, out]).toEqual([1, expect.stringContaining("exit other at 'exit': before 0; after 2")]);
    expect(out).toContain('step 2 of 2 fails.');
    expect(await conform('init')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is a configuration'),
    });
  });

  it('should take the last commits in one line where there is no trunk to leave, and install what a lock file says', async () => {
    repository.commit('base', { 'package.json': '{"scripts":{"test":"true"}}', 'package-lock.json': '{}' });
    repository.commit('One', { 'a.txt': 'a' });
    repository.commit('Two', { 'a.txt': 'b' });
    const { out } = await conform('init', '--dry-run');
    expect(parse(out)).toMatchObject({
      range: 'HEAD~2..HEAD',
      prepare: 'npm ci',
      probe: { run: 'npm test >/dev/null 2>&1' },
    });
    expect(existsSync(join(repository.folder, 'conform.config.yaml'))).toBe(false);
  });

  it('should say what is missing: tests, or a commit with one before it', async () => {
    repository.commit('base', { 'a.txt': 'a' });
    expect(await conform('init')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no tests found in'),
    });
    repository.write({ Makefile: MAKEFILE });
    expect(await conform('init')).toMatchObject({
      code: 2,
      err: expect.stringContaining("'HEAD~1' of HEAD~1..HEAD is no commit"),
    });
  });

  it('should pass on what git says to do with a repository of somebody else, as mounted into a container', async () => {
    repository.commit('base', { Makefile: MAKEFILE });
    // What git itself tests this with.
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    expect(await conform('init', '--dry-run')).toMatchObject({
      code: 2,
      err: expect.stringContaining('git config --global --add safe.directory'),
    });
  });
});
