/** The worked examples of users' own series: the history is made on the spot, and every command of the README run in it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { git } from '#base/git.ts';
import { rootFolder } from '../../support/project.ts';
import { conformIn, type Printed } from '../../support/conform.ts';
import { consoleExamples, wordsOf } from '../../support/console-examples.ts';

interface Example {
  /** The folder of its checkout. */
  readonly folder: string;
  /** Runs a command in it. */
  readonly conform: (...words: string[]) => Promise<Printed>;
}

/** The history of the example in `examples/NAME`, made once for the tests around it; each command of its README is a test. */
function exampleOf(name: string, commandCount: number): Example {
  const example = join(rootFolder, 'examples', name);
  const outer = mkdtempSync(join(tmpdir(), 'an example '));
  const folder = join(outer, name);
  beforeAll(() => void execFileSync('sh', [join(example, 'make-history.sh'), folder]));
  afterAll(() => rmSync(outer, { recursive: true, force: true }));
  const conform = (...words: string[]): Promise<Printed> =>
    conformIn({ folder, cacheHome: join(outer, 'cache') }, words);
  const examples = consoleExamples(readFileSync(join(example, 'README.md'), 'utf8'), 'conform ');
  it('should have examples', () => {
    expect(examples.length).toBe(commandCount);
  });
  for (const { command, output } of examples)
    it(`should print what its README says: ${command}`, async () => {
      const { words, head } = wordsOf(command.replace(/^conform /, ''));
      const { out } = await conform(...words);
      expect(out.split('\n').slice(0, head).join('\n').trimEnd()).toBe(output.trimEnd());
    });
  return { folder, conform };
}

describe('the example in TypeScript', () => {
  const { folder, conform } = exampleOf('typescript-driver', 3);

  it('should name the third commit alone, by probe and by linter, and leave the checkout as it was', async () => {
    expect((await conform('run')).out).toMatch(/step 3 of 5 fails\.\n$/);
    const codes = [];
    for (const step of ['0', '1', '2', '3']) codes.push((await conform('lint', '--step', step)).code);
    expect(codes).toEqual([0, 0, 0, 1]);
    expect(git(folder, ['status', '--porcelain'])).toBe('');
  });
});

describe('the example in shell', () => {
  const { folder, conform } = exampleOf('shell-bill', 3);

  it('should leave the checkout as it was, and end with 1 as long as a commit does more than it says', async () => {
    expect((await conform('run')).code).toBe(1);
    expect((await conform('run', '--step', '2')).code).toBe(0);
    expect(git(folder, ['status', '--porcelain', '--ignored'])).toBe('');
  });

  it('should hold once the difference is declared, and not before the draft has been confirmed', async () => {
    const { out } = await conform('contract', '3');
    const drafted = await conform('run', '--step', '3');
    expect([drafted.code, drafted.out]).toEqual([1, expect.stringContaining('unconfirmed contract')]);
    const path = out.trim();
    const text = readFileSync(path, 'utf8');
    expect((parse(text) as { commit: string }).commit).toBe(
      'Sort customers whatever the case of their names',
    );
    rmSync(path);
    execFileSync('sh', ['-c', 'cat > "$1"', 'sh', path], { input: text.split('\n').slice(1).join('\n') });
    expect(await conform('run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('5 steps keep their contracts, 3 of them change nothing.'),
    });
    rmSync(path);
  });
});
