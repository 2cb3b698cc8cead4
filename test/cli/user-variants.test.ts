/** Variants, trees by name and rules of the linter in a user's own project, whose steps are commits. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { conformIn, type Printed } from '../support/conform.ts';
import { newRepository, type Repository } from '../support/repository.ts';

const CONFIGURATION = `range: base..HEAD
probe:
  run: cat values
  dimensions: { result: , queries: { compare: number, stronger: lower } }
`;

let repository: Repository;
beforeEach(() => {
  repository = newRepository();
  repository.commit('base', {
    'conform.config.yaml': CONFIGURATION,
    values: 'result\tone\t1\nqueries\t\t5\n',
    'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "noEmit": true }, "include": ["src"] }',
    'src/low.ts': 'export const low = 1;\n',
    'src/high.ts': "import { low } from './low.js';\nexport const high = low;\n",
    'boundary.config.json': JSON.stringify({
      rules: [
        {
          kind: 'boundary',
          id: 'LOW-1',
          title: 'low imports nothing',
          because: 'it is the lowest',
          instead: 'hand it in',
          files: ['src/low.ts'],
          mustNotImport: ['src/high.ts'],
        },
      ],
    }),
  });
  repository.git('branch', 'base');
  repository.commit('Add a note', { 'a.txt': 'a\n' });
  repository.commit('Import upwards', {
    'src/low.ts': "import type { high } from './high.js';\nexport const low: typeof high = 1;\n",
  });
  repository.commit('Say more in the note', { 'a.txt': 'a\nb\n' });
});
afterEach(() => repository.remove());

const conform = (...words: string[]): Promise<Printed> =>
  conformIn({ folder: repository.folder, cacheHome: join(repository.folder, '..', 'cache') }, words);

const count = (): string => repository.git('count-objects', '-v');

/** Makes a variant of a change that is taken back. */
async function make(name: string, values: string, ...words: string[]): Promise<Printed> {
  repository.write({ values });
  const printed = await conform('variant', 'new', name, ...words);
  repository.git('checkout', '--quiet', 'values');
  return printed;
}

const entries = (name: string): Record<string, unknown> =>
  parse(readFileSync(join(repository.folder, 'variants', name, 'variant.yaml'), 'utf8')) as Record<
    string,
    unknown
  >;

describe('conform variant new', () => {
  it('should keep what is not committed as a patch, and name the step by its subject', async () => {
    const printed = await make('wrong', 'result\tone\t2\nqueries\t\t5\n', '--at', 'Add a note');
    expect(printed.code).toBe(0);
    expect(entries('wrong')).toMatchObject({ entersAt: 'Add a note', convictedAt: 'Add a note' });
    const { code, out } = await conform('run', '--variant', 'wrong');
    expect([code, out]).toEqual([0, expect.stringContaining('convicted at step 1, result')]);
    expect((await conform('run')).out).toContain('wrong is convicted as it must be');
  });

  it('should take a range of commits, of which another step is the base', async () => {
    repository.commit('Wrong', { values: 'result\tone\t3\nqueries\t\t5\n' });
    expect((await conform('variant', 'new', 'ranged', '--range', 'HEAD~1..HEAD', '--at', '3')).code).toBe(0);
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    expect((await conform('run', '--variant', 'ranged')).out).toContain('convicted at step 3, result');
  });

  it('should be told of a patch that does not fit, of nothing changed, and of a name that is taken', async () => {
    expect(await conform('variant', 'new', 'none')).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing that is not committed changes a tree'),
    });
    repository.write({ 'a.txt': 'c\n' });
    expect(await conform('variant', 'new', 'misfit', '--at', '1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not apply'),
    });
    for (const name of ['before', 'step-1', 'a/b', '-x'])
      expect((await conform('variant', 'new', '--', name)).code).toBe(2);
    expect(readdirSync(repository.folder)).not.toContain('variants');
  });

  it('should leave the repository without an object more', async () => {
    const before = count();
    await make('wrong', 'result\tone\t2\nqueries\t\t5\n');
    await conform('run', '--variant', 'wrong');
    expect(count()).toBe(before);
  });
});

describe('a variant of a user', () => {
  it('should say what convicts it, and be cleared by a contract of its own', async () => {
    await make('slower', 'result\tone\t1\nqueries\t\t6\n');
    expect((await conform('run', '--variant', 'slower')).out).toContain('convicted at step 3, queries');
    const path = join(repository.folder, 'variants/slower/variant.yaml');
    writeFileSync(
      path,
      'title: slower\nentersAt: Say more\nconvictedAt: null\ndifferences:\n  - id: D-slower\n    shows: queries weaker\n    because: one query more is allowed\n',
    );
    const { code, out } = await conform('run', '--variant', 'slower');
    expect([code, out]).toEqual([0, expect.stringContaining('cleared by its contract')]);
  });

  it('should be a tree for --before and --after, by step in either order, beside revisions and folders', async () => {
    await make('wrong', 'result\tone\t2\nqueries\t\t5\n', '--at', '2');
    for (const [after, alike] of [
      ['wrong', false],
      ['wrong@2', false],
      ['step-2@wrong', false],
      ['step-1@wrong', true],
      ['before@wrong', true],
      ['HEAD~1', true],
      [repository.folder, true],
    ] as const)
      expect([after, (await conform('run', '--before', 'step-1', '--after', after)).code]).toEqual([
        after,
        alike ? 0 : 1,
      ]);
    expect((await conform('run', '--after', 'wrong@9')).code).toBe(2);
  });
});

describe('conform lint --step', () => {
  it('should judge the files of one commit by the rules of the checkout', async () => {
    const clean = await conform('lint', '--step', '1');
    expect([clean.code, clean.err]).toEqual([0, '']);
    const found = await conform('lint', '--step', 'Import upwards', '--no-cache');
    expect([found.code, found.out]).toEqual([1, expect.stringContaining('LOW-1')]);
    expect(await conform('lint', '--step', '7')).toMatchObject({
      code: 2,
      err: expect.stringContaining("'7' is not a step"),
    });
  });
});
