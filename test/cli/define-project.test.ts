/** `pmem-conform/config` in a stranger's project: it compiles, runs without being installed, and says what the schema says. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { ProjectConfiguration } from '../../engine/define-project.mjs';
import type { projectSchema } from '../../cli/user-configuration.ts';
import { rootFolder } from '../support/project.ts';
import { newRepository, type Repository } from '../support/repository.ts';

const CONFIGURATION = `import { defineProject } from 'pmem-conform/config';

export default defineProject({
  range: 'base..HEAD',
  probe: { run: 'true', dimensions: { queries: { compare: 'number', stronger: 'lower' } } },
});
`;

let repository: Repository;
beforeEach(() => {
  repository = newRepository();
  repository.commit('base', { 'conform.config.ts': CONFIGURATION, 'package.json': '{ "type": "module" }' });
  repository.git('branch', 'base');
  repository.commit('One', { 'a.txt': 'a' });
});
afterEach(() => repository.remove());

/** Runs a program of node in the stranger's project; what it prints, also where it fails. */
function node(...words: string[]): string {
  try {
    return execFileSync('node', words, { cwd: repository.folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

const run = (): string =>
  node(join(rootFolder, 'bin/conform.mjs'), '--cache-dir', join(repository.folder, '..', 'cache'), 'run');

const compile = (): string => node(join(rootFolder, 'node_modules/typescript/bin/tsc'), '-p', '.');

describe('a configuration with defineProject', () => {
  it('should run where the package is not installed', () => {
    expect(run()).toContain('step 1 keeps its contract.');
    repository.write({ 'package.json': '{}' });
    expect(run()).toContain('step 1 keeps its contract.');
  });

  it('should end with one clear error where it imports what is not there', () => {
    repository.write({ 'conform.config.ts': "import 'no-such-package';\nexport default {};\n" });
    expect(run()).toMatch(/^\S.*conform\.config\.ts cannot be loaded: .*no-such-package.*\n$/);
  });

  it('should compile where it is, and not where a key is misspelt', () => {
    mkdirSync(join(repository.folder, 'node_modules'));
    symlinkSync(rootFolder, join(repository.folder, 'node_modules/pmem-conform'), 'dir');
    repository.write({
      'tsconfig.json':
        '{ "compilerOptions": { "module": "nodenext", "strict": true, "noEmit": true, "types": [] }, "files": ["conform.config.ts"] }',
    });
    expect(compile()).toBe('');
    repository.write({ 'conform.config.ts': CONFIGURATION.replace("stronger: 'lower'", "stronger: 'less'") });
    expect(compile()).toContain('less');
    rmSync(join(repository.folder, 'node_modules'), { recursive: true });
  });

  it('should have the type of what the tool accepts', () => {
    type Accepted = v.InferOutput<typeof projectSchema>;
    expectTypeOf<Accepted>().toExtend<ProjectConfiguration>();
    expectTypeOf<keyof ProjectConfiguration>().toEqualTypeOf<keyof Accepted>();
    expectTypeOf<keyof NonNullable<ProjectConfiguration['probe']>>().toEqualTypeOf<
      keyof NonNullable<Accepted['probe']>
    >();
  });
});
