import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Compiler } from '#checks/oracle/compiler.ts';
import { compilerOpener } from '#checks/oracle/open.ts';
import type { Opener } from '#checks/oracle/opener.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'projects-'));
  for (const name of ['a', 'b']) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'tsconfig.json'), '{ "compilerOptions": { "types": [] } }');
    writeFileSync(path.join(folder, name, 'file.ts'), `export const ${name} = 1;`);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened(opener: Opener, name: string): Compiler {
  const [compiler] = opener.open({ tsconfig: path.join(folder, name, 'tsconfig.json') });
  if (compiler === undefined) throw new Error('no project');
  return compiler;
}

function exportsOf(compiler: Compiler): readonly string[] {
  const [unit] = compiler.files;
  const module = unit === undefined ? undefined : compiler.moduleOf(unit);
  return module === undefined ? [] : compiler.exportsOf(module).map(({ name }) => name);
}

describe('projects opened one after another with TypeScript 7', () => {
  it('should be let go once they are closed, and may be opened again', async () => {
    const opener = await compilerOpener('typescript-7');
    try {
      const first = opened(opener, 'a');
      first.close();
      const second = opened(opener, 'b');
      expect(exportsOf(second)).toEqual(['b']);
      expect(() => exportsOf(first)).toThrow();
      second.close();
      expect(exportsOf(opened(opener, 'a'))).toEqual(['a']);
    } finally {
      opener.close();
    }
  });

  it('should answer side by side as long as they are not closed', async () => {
    const opener = await compilerOpener('typescript-7');
    try {
      const [first, second] = [opened(opener, 'a'), opened(opener, 'b')];
      expect([exportsOf(first), exportsOf(second)]).toEqual([['a'], ['b']]);
    } finally {
      opener.close();
    }
  });
});
