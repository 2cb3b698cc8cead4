// An import is erased exactly when the compiler emits no load for it: compared with what TypeScript really emits.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ts } from 'ts-morph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { share } from '../../support/thorough.ts';
import { createContext } from '#checks/context.ts';
import { openSyntax } from '#checks/oracle/compiler-syntax.ts';
import { NeedsCompilerError } from '#checks/oracle/needs-compiler.ts';
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
  ...[
    'Pool | null',
    'Pool | undefined',
    'Pool | number',
    'Pool | Pool',
    'Pool & Pool',
    'Pool & { x: 1 }',
    '(Pool)',
    'Pool | never',
    'string extends number ? Pool : Pool',
    'string extends number ? Pool : string',
    'Promise<Pool>',
    'readonly Pool[]',
    '[Pool]',
    'typeof Pool',
    '() => Pool',
    '{ p: Pool }',
    'Row',
    'Name',
    'Row | Pool',
  ].map(
    (type) =>
      `import { type Name as Other, Name, Pool, Row } from './lib'; declare const dec: any; export class A { @dec p!: ${type}; }`,
  ),
  "import * as all from './lib'; declare const dec: any; export class A { @dec p!: all.Pool; }",
  "import * as all from './lib'; declare const dec: any; export class A { @dec p!: all.Pool | all.Pool; }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec m(...p: Pool[]): void {} }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec m(...p: Array<Pool>): void {} }",
  "import { Pool } from './lib'; declare const dec: any; export class A { m(@dec p: Pool): void {} }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec m(): Pool { return null!; } }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec get p(): Pool { return null!; } }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec set p(x: Pool) {} }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec get p(): any { return 1; } set p(x: Pool) {} }",
  "import { Pool } from './lib'; declare const dec: any; export class A { @dec static p: Pool; }",
  "import { Pool } from './lib'; declare const dec: any; export class A { constructor(@dec p: Pool, q: number) {} }",
  "import { Pool } from './lib'; declare const dec: any; @dec export class A { p!: Pool; m(p: Pool) {} }",
  "import { Pool } from './lib'; declare const dec: any; @dec export class A { constructor(private p: Pool) {} }",
  "import { Pool } from './lib'; declare const dec: any; export const A = class { @dec p!: Pool; };",
  "import { Pool } from './lib'; export const f = ({ a: One = Pool }) => One;",
  "import { value } from './lib'; export const f = ({ value }: { value: 1 }) => value;",
  "import { value } from './lib'; export const f = ({ [value]: x }: any) => x;",
  "import { value } from './lib'; export type T = { [value]: 1 };",
  "import { value } from './lib'; export class A { [value] = 1; }",
  "import { value } from './lib'; export const o = { value: 1, a: { value() {} } };",
  "import { value } from './lib'; value: for (;;) break value;",
  "import { value } from './lib'; export enum E { value = 1, b = value }",
  "import { Pool } from './lib'; export const o = { Pool } satisfies { Pool: typeof Pool };",
  "import { Pool } from './lib'; export const o = null as unknown as Pool;",
  "import { Pool } from './lib'; export const o = [] satisfies Pool[];",
  "import { Pool } from './lib'; export function f(x: unknown): x is Pool { return !!x; }",
  "import { Pool } from './lib'; export function f(x: unknown) { return x instanceof Pool; }",
  "import { Pool } from './lib'; export function f(this: Pool) {}",
  "import { Pool } from './lib'; export type T = InstanceType<typeof Pool>['q'];",
  "import { Pool } from './lib'; export declare const p: Pool;",
  "import { Pool } from './lib'; export declare class B extends Pool {}",
  "import { Pool } from './lib'; declare namespace N { const p: typeof Pool; } export type M = typeof N.p;",
  "import { Pool } from './lib'; export namespace N { export const p = Pool; }",
  "import { Pool } from './lib'; import P = Pool; export let p: P;",
  "import * as all from './lib'; import P = all.Pool; export const p = P;",
  "import * as all from './lib'; import P = all.Row; export let p: P;",
  // An alias with the name of what it stands for, the usual form: once it made graph and rules about files recurse for ever.
  "import * as all from './lib'; import Pool = all.Pool; export const p = Pool;",
  "import * as all from './lib'; import Row = all.Row; export let p: Row;",
  "import * as all from './lib'; import Pool = all.Pool;",
  "import * as all from './lib'; namespace A { import Z = all.Pool; } namespace B { import all = A.Z; }",
  "import * as all from './lib'; export class A implements all.Row { a = 1 as const; }",
  "import * as all from './lib'; export interface A extends all.Row {}",
  "import * as all from './lib'; export class A extends all.Pool {}",
  "import * as all from './lib'; export { all };",
  "import * as all from './lib'; export type { all };",
  "import { value as v } from './lib'; export type { v };",
  "import { value as v } from './lib'; export { type v };",
  "import { Row, value } from './lib'; export { Row, value };",
  "import { Inlined } from './lib'; export { Inlined };",
  "import { Inlined } from './lib'; export const a = Inlined;",
  "import { Inlined } from './lib'; export let a: Inlined.A;",
  "import { Inlined } from './lib'; export const a = Inlined['A'];",
  "import Main, { Row } from './lib'; export let m: Main | Row;",
  "import Main, * as all from './lib'; export let m: Main; export const a = all;",
  "import { default as Main } from './lib'; export const m = new Main();",
  "import './lib'; import type { Row } from './lib'; export let r: Row;",
  "export { default } from './lib';",
  "export { default as Name2, type Row } from './lib';",
  "export { Inlined } from './lib';",
  "export {} from './lib';",
  "export type * from './lib';",
  "export type * as all from './lib';",
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
  'metadata without strict nulls': { ...BASE, strict: false, emitDecoratorMetadata: true },
  isolated: { ...BASE, isolatedModules: true, emitDecoratorMetadata: true },
  preserved: { ...BASE, preserveConstEnums: true },
  verbatim: { ...BASE, module: 'esnext', verbatimModuleSyntax: true },
};

/** Bodies that are errors under some options; what is passed on in isolation others than this compiler keep. */
const NOT_WITH: Readonly<Record<string, RegExp>> = {
  verbatim: /require\(/,
  isolated: /^export \{ Row \} from/,
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

/** What only a compiler knows: a local name for a part of a module that is used as a value. */
const ASKED = /import P(?:ool)? = all\.Pool; export/;

/** What is told of an import: without a compiler some are left to one. */
function wordFor(stays: () => boolean): string {
  try {
    return stays() ? 'stays' : 'goes';
  } catch (error) {
    if (error instanceof NeedsCompilerError) return 'asks';
    throw error;
  }
}

describe.each(share(Object.keys(OPTIONS), 2))('with the options "%s"', (name) => {
  it('should call erased exactly what is not emitted', async () => {
    const isOut = NOT_WITH[name];
    const bodies = BODIES.filter((body) => isOut?.test(body) !== true);
    const stays = emitted(name, bodies);
    for (const compiler of [...COMPILERS, 'no compiler'] as const) {
      const opener = await openerFor(compiler === 'no compiler' ? 'ts-morph' : compiler);
      const source = { tsconfig: path.join(folder, name, 'tsconfig.json') };
      const [opened] = compiler === 'no compiler' ? [openSyntax(source)] : opener.open(source);
      const { graph, compiler: oracle } = createContext(opened, folder);
      const told = bodies.map((body, index) => {
        const unit = oracle.fileAt(path.join(folder, name, `m${index}.ts`));
        const edges = unit === undefined ? [] : graph.edgesFrom(unit);
        const told = wordFor(() => edges.some((edge) => !graph.isErased(edge)));
        return `${compiler}: ${body} ${told}`;
      });
      opener.close();
      expect(told).toEqual(
        bodies.map((body, index) => {
          const isAsked = compiler === 'no compiler' && name !== 'verbatim' && ASKED.test(body);
          return `${compiler}: ${body} ${isAsked ? 'asks' : stays[index] ? 'stays' : 'goes'}`;
        }),
      );
    }
  });
});
