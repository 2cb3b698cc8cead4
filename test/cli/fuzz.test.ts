/** The command that tries workloads by chance: its words, its output, its exit codes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conformIn, type Printed } from '../support/conform.ts';
import { isThorough } from '../support/thorough.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fuzz = (...words: string[]): Promise<Printed> =>
  conformIn({ folder, cacheHome: join(folder, 'cache') }, ['fuzz', ...words]);

describe('conform fuzz', () => {
  it.runIf(isThorough)('should find nothing on the series, and print the same bytes each time', async () => {
    const words = ['--count', '16', '--seed', '5'];
    const first = await fuzz(...words);
    expect(first.code).toBe(0);
    expect(first.out).toContain('seed 5, numbers 0 to 15');
    expect(first.out).toMatch(/Nothing found\.\n$/);
    expect((await fuzz(...words, '--workers', '2', '--fresh')).out).toBe(first.out);
  });

  it('should tell what it finds in a variant, with the smallest workload and how to try it again', async () => {
    // A seed with which it comes early.
    const chance = ['--count', '250', '--seed', '4'];
    const words = ['--before', 'step-2', '--after', 'as-posted@3', ...chance, '--format', 'json'];
    const { code, out } = await fuzz(...words);
    expect(code).toBe(1);
    const told = JSON.parse(out) as {
      ok: boolean;
      failures: { cause: string; kind: string; replay: string }[];
    };
    expect(told.ok).toBe(false);
    const found = told.failures.find(({ cause }) => cause === 'dax write iovec');
    expect(found).toMatchObject({ kind: 'broken promise', before: 'step-2', after: 'as-posted@3' });
    expect(found?.replay).toMatch(/^npx pmem-conform replay --trace --before step-2 --after as-posted@3 '/);
  });

  it('should refuse what makes no sense', async () => {
    for (const words of [
      ['--seconds', '3', '--count', '3'],
      ['--seconds', 'many'],
      ['--count', '0'],
      ['--seed', '-1'],
      ['--workers', '0'],
      ['--after', 'nowhere'],
    ]) {
      const { code, err, out } = await fuzz(...words);
      expect([words, code]).toEqual([words, 2]);
      expect(err).toContain('allowed');
      expect(out).toBe('');
    }
  });
});
