// The surface of modules as text, and the rule that holds it to a committed report.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiText, diffApi, parseApi } from '#checks/api-surface.ts';
import { apiReport } from '#checks/define-rules.ts';
import { lintProject } from '#checks/lint.ts';
import { COMPILERS, openerFor } from '#checks/oracle/open.ts';
import type { CompilerName } from '#checks/oracle/compiler.ts';
import { runRules, updateAndRun, type Runner } from '#checks/run.ts';

const SOURCE = `/** Comments are no surface. */
export function flush(
  address: number, // where
  sizeBytes = 8,
): void { void [address, sizeBytes]; }
export const LIMIT: number = 3;
export class Cpu {
  readonly lines = 4;
  private hidden = 1;
  #secret = 2;
  get size(): number { return this.hidden + this.#secret; }
  store(address: number): void { void address; }
}
export interface Operations { flush?(address: number): void }
export { flush as drain };
`;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'api-'));
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    '{ "compilerOptions": { "module": "nodenext", "types": [], "lib": ["es2022"] }, "include": ["src"] }',
  );
  writeFileSync(path.join(folder, 'src/api.ts'), SOURCE);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function messages(runner: Runner, name: CompilerName = 'ts-morph'): Promise<readonly string[]> {
  const header = { id: 'A-1', title: 't', because: 'b', instead: 'i' };
  const rules = [apiReport({ ...header, files: ['src/**'], report: 'api.txt' })];
  const opener = await openerFor(name);
  const project = { tsconfig: path.join(folder, 'tsconfig.json'), base: folder, rules, rulesName: 'rules' };
  const { findings } = lintProject(project, opener, runner);
  opener.close();
  return findings.map(({ message }) => message);
}

const report = (): string => readFileSync(path.join(folder, 'api.txt'), 'utf8');

describe('an API report', () => {
  it.each(COMPILERS)(
    'should hold signatures without bodies, comments and private members (%s)',
    async (name) => {
      expect(await messages(updateAndRun, name)).toEqual([]);
      expect(report()).toBe(
        [
          '# src/api.ts',
          'Cpu\tclass Cpu { readonly lines: 4; get size(): number; store(address: number): void; }',
          'LIMIT\tconst LIMIT: number',
          'Operations\tinterface Operations { flush?(address: number): void }',
          'drain\tfunction flush(address: number, sizeBytes = 8): void',
          'flush\tfunction flush(address: number, sizeBytes = 8): void',
          '',
        ].join('\n'),
      );
    },
  );

  it('should fail when there is none, and when it no longer fits', async () => {
    expect(await messages(runRules)).toEqual(['the rule matches nothing: it does not find api.txt']);
    await messages(updateAndRun);
    writeFileSync(
      path.join(folder, 'src/api.ts'),
      SOURCE.replace('LIMIT: number', 'LIMIT: bigint | number').replace(
        'export { flush as drain };',
        'export const more = 1;',
      ),
    );
    expect(await messages(runRules)).toEqual([
      'no longer exports drain, which api.txt lists',
      'exports const LIMIT: bigint | number; api.txt has const LIMIT: number',
      'exports const more: 1, which api.txt does not list',
    ]);
  });

  it('should be read back as it was written', async () => {
    await messages(updateAndRun);
    const entries = parseApi(report());
    expect(apiText(entries)).toBe(report());
    const [first, ...others] = entries;
    expect(diffApi(entries, others).removed).toEqual([first]);
    expect(diffApi(others, entries).added).toEqual([first]);
  });
});
