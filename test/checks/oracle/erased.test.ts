// An import is erased exactly when the compiler emits no load for it: compared with what TypeScript really emits.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ts } from 'ts-morph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '#checks/context.ts';
import { openSyntax } from '#checks/oracle/compiler-syntax.ts';
import { COMPILERS, openerFor } from '#checks/oracle/open.ts';

const LIBRARY = `
export interface Row { a: 1 }
export type Name = string;
export class Pool { q(): void {} }
export const value = 1;
export const enum Inlined { A = 'a' }
export default class Main {}
`;

/** Bodies of modules; \`./lib\` is what they name. */
const BODIES = [
  "import './lib';",
  "import {} from './lib';",
  "import { Row } from './lib'; export const r: Row = { a: 1 };",
  "import type { Row } from './lib'; export const r: Row = { a: 1 };",
  "import { type Row } from './lib'; export const r: Row = { a: 1 };",
  "import { value } from './lib'; export const v = value;",
  "import { value } from './lib'; export type V = typeof value;",
  "import { value, Row } from './lib'; export const v = (r: Row) => r;",
  "import { value } from './lib'; export const f = (value: number) => value;",
  "import { value } from './lib'; export { value };",
  "import { Row } from './lib'; export { Row };",
  "import { value } from './lib'; export const o = { value };",
  "import Main from './lib'; export let m: Main;",
  "import Main from './lib'; export default Main;",
  "import * as all from './lib'; export let r: all.Row;",
  "import * as all from './lib'; export const v = all.value;",
  "import { Pool } from './lib'; export class A extends Pool {}",
  "import { Pool } from './lib'; export class A implements Pool { q(): void {} }",
  "import { Pool } from './lib'; export interface A extends Pool {}",
  "import { Inlined } from './lib'; export const a = Inlined.A;",
  "export { Row } from './lib';",
  "export { type Row } from './lib';",
  "export { Row, value } from './lib';",
  "export * from './lib';",
  "export * as all from './lib';",
  "export type { Pool } from './lib';",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec p!: Pool; }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec m(p: Pool): void {} }",
  "import { Pool } from './lib'; declare const dec: any; @dec export class A { constructor(p: Pool) {} }",
  "import { Pool } from './lib'; export class A { constructor(p: Pool) {} }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec p!: Pool[]; }",
  "import lib = require('./lib'); export let r: lib.Row;",
  "import lib = require('./lib'); export const v = lib.value;",
];

const BASE = {
  target: 'es2022',
  module: 'commonjs',
  moduleResolution: 'bundler',
  types: [],
  experimentalDecorators: true,
};
const OPTIONS: Readonly<Record<string, object>> = {
  plain: BASE,
  metadata: { ...BASE, emitDecoratorMetadata: true },
  preserved: { ...BASE, preserveConstEnums: true },
  verbatim: { ...BASE, module: 'esnext', verbatimModuleSyntax: true },
};

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'erased-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the project; gives for each module whether the emitted code still names the library. */
function emitted(name: string, bodies: readonly string[]): readonly boolean[] {
  const at = path.join(folder, name);
  mkdirSync(at);
  const config = { compilerOptions: OPTIONS[name], include: ['*.ts'] };
  writeFileSync(path.join(at, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(path.join(at, 'lib.ts'), LIBRARY);
  for (const [index, body] of bodies.entries()) writeFileSync(path.join(at, `m${index}.ts`), `${body}\n`);
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, at);
  const program = ts.createProgram(parsed.fileNames, parsed.options);
  return bodies.map((_body, index) => {
    let text = '';
    program.emit(program.getSourceFile(path.join(at, `m${index}.ts`)), (_file, output) => (text += output));
    return /["']\.\/lib["']/.test(text);
  });
}

describe.each(Object.keys(OPTIONS))('with the options "%s"', (name) => {
  it('should call erased exactly what is not emitted', async () => {
    const bodies = BODIES.filter((body) => name !== 'verbatim' || !body.includes('require('));
    const stays = emitted(name, bodies);
    for (const compiler of [...COMPILERS, 'no compiler'] as const) {
      const opener = await openerFor(compiler === 'no compiler' ? 'ts-morph' : compiler);
      const source = { tsconfig: path.join(folder, name, 'tsconfig.json') };
      const [opened] = compiler === 'no compiler' ? [openSyntax(source)] : opener.open(source);
      const { graph, compiler: oracle } = createContext(opened, folder);
      const told = bodies.map((body, index) => {
        const unit = oracle.fileAt(path.join(folder, name, `m${index}.ts`));
        const edges = unit === undefined ? [] : graph.edgesFrom(unit);
        return `${compiler}: ${body} ${edges.some((edge) => !graph.isErased(edge)) ? 'stays' : 'goes'}`;
      });
      opener.close();
      expect(told).toEqual(
        bodies.map((body, index) => `${compiler}: ${body} ${stays[index] ? 'stays' : 'goes'}`),
      );
    }
  });
});
