// Compilers list the members of a union in orders of their own; of several banned ones all must name the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyedAccesses } from '#checks/oracle/computed-keys.ts';
import { COMPILERS, compilerOpener } from '#checks/oracle/open.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each(COMPILERS)('should tell what a key may be in the order of the alphabet, by %s', async (name) => {
  const tsconfig = path.join(folder, 'tsconfig.json');
  writeFileSync(
    tsconfig,
    JSON.stringify({ compilerOptions: { types: [], lib: ['es2022'] }, files: ['a.ts'] }),
  );
  const text = 'class Env { b = 1; c = 2; a = 3; }\nexport const f = (e: Env, key: keyof Env) => e[key];';
  writeFileSync(path.join(folder, 'a.ts'), text);
  const opener = await compilerOpener(name);
  const [compiler] = opener.open({ tsconfig });
  expect(keyedAccesses(compiler).map(({ texts }) => texts)).toEqual([['a', 'b', 'c']]);
  opener.close();
});
