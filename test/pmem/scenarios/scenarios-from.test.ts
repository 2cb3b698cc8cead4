/** Files of scenarios that somebody brings along. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTree, rootFolder } from '../../support/project.ts';
import { runScenario } from '#pmem/scenarios/run-scenario.ts';
import { scenariosFrom } from '#pmem/scenarios/scenarios-from.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const example = join(rootFolder, 'examples', 'log.scenarios');

async function mismatches(file: string, before: string, after: string): Promise<string[]> {
  const trees = {
    before: { name: before, boot: await loadTree(before) },
    after: { name: after, boot: await loadTree(after) },
  };
  return scenariosFrom(file).flatMap((scenario) => runScenario(trees, scenario).mismatches);
}

describe('the example', () => {
  for (const [before, after] of [
    ['before', 'after'],
    ['before', 'as-posted'],
    ['step-2', 'step-3'],
    ['before', 'before'],
  ] as const) {
    it(`should hold for ${before} and ${after}`, async () => {
      expect(scenariosFrom(example).length).toBe(5);
      expect(await mismatches(example, before, after)).toEqual([]);
    });
  }

  it('should not hold when it says something else', async () => {
    const wrong = join(folder, 'wrong.scenarios');
    writeFileSync(wrong, readFileSync(example, 'utf8').replace('lost after: none', 'lost after: pmem0:0'));
    expect(await mismatches(wrong, 'before', 'after')).toEqual([
      'after: bytes that may be lost: expected pmem0:0, found none',
    ]);
  });

  it('should be what docs/SCENARIOS.md shows', () => {
    const page = readFileSync(join(rootFolder, 'docs', 'SCENARIOS.md'), 'utf8');
    const shown = [...page.matchAll(/```scenarios\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    expect(shown.length).toBe(2);
    for (const block of shown) expect(readFileSync(example, 'utf8')).toContain(block);
  });
});

describe('a file', () => {
  it('should be named in complaints as it was given', () => {
    const wrong = join(folder, 'own.scenarios');
    writeFileSync(wrong, 'scenario: s\nflush pmem7 => 0\n');
    expect(() => scenariosFrom(wrong)).toThrow(`${wrong}:2: no device 'pmem7'`);
  });

  it('should be refused when it can not be read', () => {
    expect(() => scenariosFrom('/no/such/file')).toThrow(/^cannot read \/no\/such\/file: /);
    expect(() => scenariosFrom(folder)).toThrow(/^cannot read /);
  });
});
