// A variable is not the banned function before it is given it, as far as anyone can tell.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noReference } from '#checks/define-rules.ts';
import { lintProject } from '#checks/lint.ts';
import { COMPILERS, openerFor } from '#checks/oracle/open.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'assigned-'));
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    '{ "compilerOptions": { "types": [], "lib": ["es2022"] }, "include": ["src"] }',
  );
  writeFileSync(
    path.join(folder, 'src/api.ts'),
    'export const old = () => 1;\nexport const good = () => 2;\n',
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lines of calls that are found, with either compiler. */
async function calls(...lines: readonly string[]): Promise<readonly number[]> {
  const text = ["import { good, old } from './api';", ...lines].join('\n');
  writeFileSync(path.join(folder, 'src/use.ts'), text);
  const header = { id: 'R-1', title: 't', because: 'b', instead: 'i' };
  const rules = [noReference({ ...header, symbols: ['src/api.ts#old'], uses: ['call'] })];
  const found: (readonly number[])[] = [];
  for (const compiler of COMPILERS) {
    const opener = await openerFor(compiler);
    const tsconfig = path.join(folder, 'tsconfig.json');
    const { findings } = lintProject({ tsconfig, base: folder, rules, rulesName: 'rules' }, opener);
    opener.close();
    found.push(findings.map(({ place }) => place.line));
  }
  expect(found[0]).toEqual(found[1]);
  return found[0] ?? [];
}

describe('a variable that is given a banned function', () => {
  it('should be it after the assignment and not before', async () => {
    expect(await calls('let f = good;', 'f();', 'f = old;', 'f();')).toEqual([5]);
  });

  it('should be it everywhere in a loop', async () => {
    expect(await calls('let f = good;', 'for (;;) {', '  f();', '  f = old;', '}')).toEqual([4]);
  });

  it('should be it before the assignment when it outlives the function', async () => {
    expect(await calls('let f = good;', 'export function g() {', '  f();', '  f = old;', '}')).toEqual([4]);
  });

  it('should be it in a function that may run later', async () => {
    expect(await calls('let f = good;', 'export const g = () => f();', 'f = old;')).toEqual([3]);
  });
});
