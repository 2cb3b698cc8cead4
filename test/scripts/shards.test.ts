// The GNU parallel form of shards, where GNU parallel is installed; two hosts over ssh were tried by hand (docs/SHARDS.md).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../support/project.ts';

const SCRIPT = join(rootFolder, 'scripts/shards.sh');
const version = spawnSync('parallel', ['--version'], { encoding: 'utf8' }).stdout;
const hasParallel = version?.startsWith('GNU parallel') === true;

const test = (name: string): string => `test: ${name}\nprogram: x=1\ncrash: x=0\nexpect: ADR A (2)\n\n`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parallel-'));
  // A name with a blank and a quote has to come through two shells.
  writeFileSync(join(folder, "it's two.litmus"), test('ONE') + test('TWO'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shards(...words: string[]): { code: number | null; out: string; err: string } {
  const conform = `${process.execPath} ${join(rootFolder, 'bin/conform.mjs')}`;
  const { status, stdout, stderr } = spawnSync(SCRIPT, words, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CONFORM: conform },
  });
  return { code: status, out: stdout, err: stderr };
}

describe.skipIf(!hasParallel)('shards by GNU parallel', () => {
  it('should be merged, and not made again', () => {
    const first = shards('2', 'litmus', "it's two.litmus");
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('2 tests, 2 answers: 2 agree') });
    const log = readFileSync(join(folder, 'shards/log'), 'utf8');
    expect(shards('2', 'litmus', "it's two.litmus").out).toBe(first.out);
    expect(readFileSync(join(folder, 'shards/log'), 'utf8')).toBe(log);
  });

  it('should not be taken for those of another command', () => {
    expect(shards('3', 'litmus', "it's two.litmus")).toMatchObject({
      code: 2,
      err: expect.stringContaining('shards has shards of another command'),
    });
  });
});

describe('the script', () => {
  it('should say how it is called', () => {
    for (const words of [[], ['2'], ['no', 'litmus'], ['0', 'litmus']])
      expect(shards(...words)).toMatchObject({
        code: 2,
        err: expect.stringContaining('scripts/shards.sh [-j'),
      });
  });
});
