/** Rules as strangers write them: features, layers, circles, types, odd syntax. */
import type { TinyProject } from './project.ts';

const DOMAIN = { kind: 'boundary', files: ['src/domain/**'], mustNotImport: ['src/db/**'] };

export const STRANGERS: readonly TinyProject[] = [
  {
    says: 'a whole path from the root of the project is an import like any other',
    source: 'softarc-consulting/sheriff#117',
    files: {
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [], "noEmit": true, "paths": { "src/*": ["./src/*"] } }, "include": ["src"] }',
      'src/app/a/a.ts':
        "import { b } from 'src/app/b/inner/b';\nimport { b2 } from '../b/inner/b';\nexport const a = [b, b2];",
      'src/app/b/inner/b.ts': 'export const b = 1, b2 = 2;',
      'src/app/b/index.ts': "export { b } from './inner/b';",
    },
    rule: { kind: 'publicApi', modules: 'src/app/<m>' },
    finds: ['src/app/a/a.ts:1', 'src/app/a/a.ts:2'],
  },
  {
    // A module inside a module is part of it: it may reach what lies beside it.
    says: 'a module inside a module may use what belongs to the outer one',
    source: 'softarc-consulting/sheriff#262',
    files: {
      'src/foo/bar/baz.ts': "import '../quux';\nimport '../../other/inner';",
      'src/foo/bar/index.ts': "export * from './baz';",
      'src/foo/quux.ts': 'export const quux = 1;',
      'src/foo/index.ts': "export * from './quux';",
      'src/other/inner.ts': 'export const inner = 1;',
      'src/other/index.ts': "export * from './inner';",
    },
    rule: { kind: 'publicApi', modules: 'src/<m>' },
    finds: ['src/foo/bar/baz.ts:2'],
  },
  {
    says: 'a circle is found whatever its files are called, with a type-only way beside it',
    source: 'oxc-project/oxc#19245',
    files: {
      'src/balance.ts':
        "import { loan } from './loan';\nimport { aaa } from './aaa';\nexport const balance = () => [loan, aaa];",
      'src/loan.ts':
        "import { report } from './report';\nexport type Loan = { x: number };\nexport const loan = () => report();",
      'src/report.ts':
        "import { balance } from './balance';\nexport const report = (): string => String(Boolean(balance));",
      'src/aaa.ts': "import type { Loan } from './loan';\nexport const aaa = (l: Loan) => l.x;",
    },
    rule: { kind: 'noCycles', files: ['src/**'] },
    finds: ['src/balance.ts:1'],
  },
  {
    says: 'import() closes a circle as an import does',
    source: 'oxc-project/oxc#25555',
    files: {
      'src/a.ts': "export const load = () => import('./b');\nexport const a = 1;",
      'src/b.ts': "import { a } from './a';\nexport const b = a;",
    },
    rule: { kind: 'noCycles', files: ['src/**'] },
    finds: ['src/a.ts:1'],
  },
  {
    says: 'a lazily loaded route is an import of what it loads',
    source: 'nrwl/nx#3857',
    files: {
      'src/domain/routes.ts':
        "export const routes = [\n  { path: 'x', loadChildren: () => import('../db/module').then((m) => m.Module) },\n  { path: 'y', loadComponent: async () => (await import(/* webpackChunkName: \"y\" */ '../db/y')).Y },\n];",
      'src/db/module.ts': 'export class Module {}',
      'src/db/y.ts': 'export class Y {}',
    },
    rule: DOMAIN,
    finds: ['src/domain/routes.ts:2', 'src/domain/routes.ts:3'],
  },
  {
    // Two entries of one library: one is loaded lazily, the other is not; only what is named counts.
    says: 'a rule about one entry says nothing of another of the same library',
    source: 'nrwl/nx#15514, #4463',
    files: {
      'package.json': '{ "workspaces": ["apps/*", "libs/*"] }',
      'apps/demo/package.json': '{ "name": "demo" }',
      'apps/demo/src/a.ts':
        "import dep from '@o/dep';\nexport const load = async () => (await import('@o/dep/dynamic')).default;\nexport default dep;",
      'libs/dep/package.json':
        '{ "name": "@o/dep", "exports": { ".": "./src/index.ts", "./dynamic": "./src/dynamic.ts" } }',
      'libs/dep/src/index.ts': 'export default 1;',
      'libs/dep/src/dynamic.ts': 'export default 2;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], packages: ['@o/dep/dynamic'] },
    finds: ['apps/demo/src/a.ts:2'],
  },
  {
    says: 'siblings may be packages that import each other by name',
    source: 'javierbrea/eslint-plugin-boundaries#294',
    files: {
      'package.json': '{ "workspaces": ["libs/*"] }',
      'libs/one/package.json': '{ "name": "one", "main": "src/index.ts" }',
      'libs/one/src/index.ts': "import { two } from 'two';\nexport const one = two;",
      'libs/two/package.json': '{ "name": "two", "main": "src/index.ts" }',
      'libs/two/src/index.ts': 'export const two = 1;',
    },
    rule: { kind: 'siblings', modules: 'libs/<p>' },
    finds: ['libs/one/src/index.ts:1'],
  },
  {
    says: 'what is written as type goes, in every form, and what is not stays',
    source: 'typescriptlang.org, modules, type-only imports and exports',
    files: {
      'src/domain/a.ts': [
        "import { type Row } from '../db/a';",
        "export type * from '../db/b';",
        "export type * as b from '../db/b';",
        "export { type Row as C } from '../db/c';",
        "import type D = require('../db/d');",
        "import type * as e from '../db/e';",
        "import type F from '../db/f';",
        "import type, { g } from '../db/g';",
        'export const x = [type, g] as unknown as [Row, D, e.Row, F];',
        "export let y: typeof import('../db/h');",
      ].join('\n'),
      ...Object.fromEntries(
        ['a', 'b', 'c', 'e', 'h'].map((name) => [
          `src/db/${name}.ts`,
          'export interface Row { n: number }\nexport const v = 1;',
        ]),
      ),
      'src/db/d.ts': 'interface D { n: number }\nexport = D;',
      'src/db/f.ts': 'export default class F {}',
      'src/db/g.ts': 'export default 1;\nexport const g = 1;',
    },
    rule: { ...DOMAIN, types: 'allow' },
    finds: ['src/domain/a.ts:8'],
  },
  {
    // TypeScript 5.0: with verbatimModuleSyntax `import {} from` is left of `import { type R }`.
    says: 'under verbatimModuleSyntax only import type and export type vanish',
    source: 'typescriptlang.org, verbatimModuleSyntax',
    files: {
      'src/domain/a.ts': [
        "import { type Row } from '../db/a';",
        "import type { Row as B } from '../db/b';",
        "export { type Row as C } from '../db/c';",
        "export type { Row as D } from '../db/d';",
        "export type * from '../db/e';",
        'export type All = [Row, B];',
      ].join('\n'),
      ...Object.fromEntries(
        ['a', 'b', 'c', 'd', 'e'].map((name) => [`src/db/${name}.ts`, 'export interface Row { n: number }']),
      ),
    },
    rule: { ...DOMAIN, types: 'allow' },
    options: { verbatimModuleSyntax: true },
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:3'],
  },
  {
    says: 'attributes, deferred loads and comments inside an import change nothing',
    source: 'tc39, import attributes and deferred evaluation',
    files: {
      'src/domain/a.ts': [
        "import data from '../db/data.json' with { type: 'json' };",
        "import /* why */ { pg } /* not */ from /* here */ '../db/pg';",
        "import * as all from\n  '../db/all';",
        "export * as ns from '../db/all';",
        "export { default } from '../db/all';",
        "// import { gone } from '../db/gone';",
        "const text = `import { gone } from '../db/gone'`;",
        'export const a = [data, pg, all, text];',
      ].join('\n'),
      'src/db/data.json': '{}',
      'src/db/pg.ts': 'export const pg = 1;',
      'src/db/all.ts': 'export default 1;',
      'src/db/gone.ts': 'export const gone = 1;',
    },
    rule: DOMAIN,
    options: { resolveJsonModule: true },
    finds: [
      'src/domain/a.ts:1',
      'src/domain/a.ts:2',
      'src/domain/a.ts:4',
      'src/domain/a.ts:5',
      'src/domain/a.ts:6',
    ],
  },
  {
    // Without isolatedModules a constant enum is put in place of its use, wherever it is declared (tsc 7 emits no import).
    says: 'a constant enum of a declared module is put in place of its use',
    source: 'typescriptlang.org, enums, ambient const enums',
    files: {
      'src/legacy.d.ts':
        "declare module 'legacy' { export const enum K { A = 1 } export const k: number; }\ndeclare module 'plain' { export const p: number; }",
      'src/domain/a.ts': "import { K } from 'legacy';\nexport const a = K.A;",
      'src/domain/b.ts': "import { k } from 'legacy';\nimport { p } from 'plain';\nexport const b = [k, p];",
    },
    rule: { kind: 'boundary', files: ['src/domain/**'], packages: ['legacy', 'plain'], types: 'allow' },
    finds: ['src/domain/b.ts:1', 'src/domain/b.ts:2'],
  },
  {
    says: 'JSX, decorators and namespaces use what they name',
    source: 'typescriptlang.org, JSX, decorators, namespaces',
    files: {
      'src/domain/a.tsx': [
        "import { Button } from '../db/button';",
        "import { logged } from '../db/logged';",
        "import * as db from '../db/all';",
        "import { Row } from '../db/row';",
        'namespace Inner { export import Table = db.Table; }',
        '@logged class A { @logged m() {} }',
        'export const view = (row: Row) => <Button><db.Table /></Button>;',
        'export { A, Inner };',
      ].join('\n'),
      'src/db/button.tsx': 'export const Button = (p: { children?: unknown }) => null;',
      'src/db/logged.ts': 'export const logged = (...a: unknown[]): void => undefined;',
      'src/db/all.tsx': 'export const Table = () => null;',
      'src/db/row.ts': 'export interface Row { n: number }',
    },
    rule: { ...DOMAIN, types: 'allow' },
    options: { jsx: 'preserve' },
    finds: ['src/domain/a.tsx:1', 'src/domain/a.tsx:2', 'src/domain/a.tsx:3'],
  },
  {
    says: 'globs, workers and mocks are found in every way of writing them',
    source: 'vite.dev, features; vitest.dev, mocking',
    files: {
      'src/domain/a.ts': [
        "export const all = import.meta.glob(['../db/*.ts', '!../db/skip.ts'], { eager: true });",
        "export const typed = import.meta.glob<string>('../db/deep/**/*.sql', { query: '?raw' });",
        "export const worker = new Worker(new URL('../db/worker.ts', import.meta.url), { type: 'module' });",
        "export const url = new URL(`../db/${'pg'}.ts`, import.meta.url).href;",
        "vi.mock('../db/pg', async (original) => ({ ...(await original()) }));",
        "vi.mock(import('../db/pg'), () => ({}));",
        "const real = await vi.importActual<typeof import('../db/pg')>('../db/pg');",
        'export default real;',
      ].join('\n'),
      'src/db/pg.ts': 'export const pg = 1;',
      'src/db/skip.ts': 'export const skip = 1;',
      'src/db/worker.ts': 'export {};',
      'src/db/deep/x/a.sql': 'select 1',
    },
    rule: { ...DOMAIN, mocks: 'ban' },
    options: { skipLibCheck: true },
    finds: [
      'src/domain/a.ts:1',
      'src/domain/a.ts:1',
      'src/domain/a.ts:2',
      'src/domain/a.ts:3',
      'src/domain/a.ts:4',
      'src/domain/a.ts:5',
      'src/domain/a.ts:6',
      'src/domain/a.ts:7',
      'src/domain/a.ts:7',
    ],
  },
];
