// A remembered result is used while nothing has changed, and never after.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheKey, configurationFiles, createResultCache } from '#checks/cache.ts';
import { noReference, type Rule } from '#checks/define-rules.ts';
import { lintProject } from '#checks/lint.ts';
import { openerFor } from '#checks/oracle/open.ts';
import type { LintResult } from '#checks/result.ts';

let folder = '';
const rule = noReference({ id: 'C-1', title: 't', because: 'b', instead: 'i', symbols: ['src/api.ts#go'] });
const rules: readonly Rule[] = [rule];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cache-'));
  mkdirSync(path.join(folder, 'project/src'), { recursive: true });
  write('tsconfig.json', '{ "extends": "./base.json", "include": ["src"] }');
  write('base.json', '{ "compilerOptions": { "module": "nodenext", "types": [], "lib": ["es2022"] } }');
  write('src/api.ts', 'export function go(): void {}\n');
  write('src/user.ts', "import { go } from './api.js';\ngo();\n");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, 'project', name), text);
}

async function judgeAndStore(): Promise<LintResult> {
  const base = path.join(folder, 'project');
  const tsconfig = path.join(base, 'tsconfig.json');
  const opener = await openerFor('ts-morph');
  const result = lintProject({ tsconfig, base, rules, rulesName: 'rules' }, opener);
  opener.close();
  const inputs = [...configurationFiles(tsconfig), ...result.projects.flatMap((project) => project.inputs)];
  createResultCache(path.join(folder, 'store')).set('key', inputs, result);
  return result;
}

const stored = (): LintResult | undefined => createResultCache(path.join(folder, 'store')).get('key', rules);

describe('the result cache', () => {
  it('should give back an equal result while nothing has changed', async () => {
    const result = await judgeAndStore();
    expect(result.findings).toHaveLength(1);
    expect(stored()?.findings).toEqual(JSON.parse(JSON.stringify(result.findings)));
  });

  const changes: readonly (readonly [string, () => void])[] = [
    ['a file is edited', () => write('src/user.ts', "import { go } from './api.js';\n\ngo();\n")],
    ['a file is added', () => write('src/other.ts', 'export {};\n')],
    ['a file is taken away', () => rmSync(path.join(folder, 'project/src/user.ts'))],
    ['a folder is added', () => mkdirSync(path.join(folder, 'project/src/deep'))],
    ['the configuration changes', () => write('tsconfig.json', '{ "include": ["src"] }')],
    [
      'what it extends changes',
      () => write('base.json', '{ "compilerOptions": { "types": [], "lib": ["es2022"] } }'),
    ],
    ['a package.json appears', () => write('package.json', '{ "type": "module" }')],
    [
      'a package is installed',
      () => mkdirSync(path.join(folder, 'project/node_modules/lodash'), { recursive: true }),
    ],
  ];

  it.each(changes)('should forget it when %s', async (_name, change) => {
    await judgeAndStore();
    change();
    expect(stored()).toBeUndefined();
  });

  it('should ask anew for other options of a rule', () => {
    const other = noReference({
      id: 'C-1',
      title: 't',
      because: 'b',
      instead: 'i',
      symbols: ['src/api.ts#stop'],
    });
    expect(cacheKey([other], [])).not.toBe(cacheKey(rules, []));
    expect(cacheKey(rules, ['a'])).not.toBe(cacheKey(rules, ['b']));
  });
});
