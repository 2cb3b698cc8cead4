// What is told without a compiler: opening one for a whole project because of one name is dear.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSyntax } from '#checks/oracle/compiler-syntax.ts';
import { buildModuleGraph } from '#checks/oracle/module-graph.ts';
import { NeedsCompilerError } from '#checks/oracle/needs-compiler.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'syntax-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function specifiersOf(text: string): readonly (string | undefined)[] {
  const options = {
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
    lib: ['es2022'],
  };
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['a.ts'] }),
  );
  writeFileSync(path.join(folder, 'a.ts'), text);
  return buildModuleGraph(openSyntax({ tsconfig: path.join(folder, 'tsconfig.json') })).edges.map(
    ({ specifier }) => specifier,
  );
}

describe('a project read without a compiler', () => {
  it.each([
    ['an element of a loop', 'for (const one of list) import(one.path);'],
    ['what a call returned', 'const one = make(); import(one.path);'],
    ['what was waited for', 'const one = await make(); import(one.path);'],
    ['a new object', 'const one = new Thing(); import(one.path);'],
    ['a parameter', 'export const load = (one: { path: string }) => import(one.path);'],
  ])('should leave a field of %s open', (_name, text) => {
    expect(specifiersOf(`declare const list: any, make: any, Thing: any;\n${text}\nexport {};`)).toEqual([
      undefined,
    ]);
  });

  it.each([
    ['an object that is written out', "const one = { path: './x' } as const;"],
    ['a frozen one', "const one = Object.freeze({ path: './x' });"],
    ['a constant whose type is written', "declare const one: { path: './x' };"],
    ['an enum', "enum one { path = './x' }"],
  ])('should ask a compiler about a field of %s', (_name, text) => {
    expect(() => specifiersOf(`${text}\nimport(one.path);\nexport {};`)).toThrow(NeedsCompilerError);
  });
});
