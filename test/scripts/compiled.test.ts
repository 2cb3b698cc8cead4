// What a clone runs from: its sources compiled into `.cache/compiled/`, made anew where they changed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error -- a script without types
import { compiledFolder as untyped } from '../../scripts/compiled.mjs';

const compiledFolder = untyped as (root: string) => Promise<URL | undefined>;

let root: string;
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'compiled-'));
  write('package.json', JSON.stringify({ type: 'module', imports: { '#base/*': './base/*' } }));
  write('base/one.ts', `export const one: number = 1;\n`);
  write('cli/main.ts', `import { one } from '#base/one.ts';\nconsole.log(one, import.meta.dirname);\n`);
  mkdirSync(join(root, 'library'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What the compiled `cli/main.ts` prints. */
async function printed(): Promise<string> {
  const folder = await compiledFolder(root);
  if (folder === undefined) return 'nothing to run';
  return spawnSync(process.execPath, [fileURLToPath(new URL('cli/main.js', folder))], { encoding: 'utf8' })
    .stdout;
}

describe('the sources of a clone, compiled', () => {
  it('should run, and know where their sources lie', async () => {
    expect(await printed()).toBe(`1 ${join(root, 'cli')}\n`);
  });

  it('should be compiled again where a source changed, and nowhere else', async () => {
    await compiledFolder(root);
    const main = join(root, '.cache/compiled/cli/main.js');
    const { ino } = statSync(main);
    write('base/one.ts', `export { two as one } from './two.ts';\n`);
    write('base/two.ts', `export const two = 'two';\n`);
    expect(await printed()).toBe(`two ${join(root, 'cli')}\n`);
    expect(statSync(main).ino).toBe(ino);
  });

  it('should not keep what has no source any more', async () => {
    await compiledFolder(root);
    rmSync(join(root, 'base/one.ts'));
    expect(await printed()).toBe('');
  });

  it('should lead from their lines to those of the sources', async () => {
    await compiledFolder(root);
    const map = JSON.parse(readFileSync(join(root, '.cache/compiled/base/one.js.map'), 'utf8')) as {
      sources: readonly string[];
    };
    expect(map.sources.map((source) => join(root, '.cache/compiled/base', source))).toEqual([
      join(root, 'base/one.ts'),
    ]);
  });

  it('should be nothing while a source has an error, or where nothing can be kept', async () => {
    write('base/one.ts', 'export const one = ;\n');
    expect(await compiledFolder(root)).toBeUndefined();
    write('base/one.ts', 'export const one = 1;\n');
    write('.cache', 'no folder');
    expect(await compiledFolder(root)).toBeUndefined();
  });
});
