/** Names and members in more ways than earlier lists have: options that move files, roads through keys and patterns. */
import type { TinyProject } from './project.ts';

const lines = (...all: readonly string[]): string => all.join('\n');
const banned = (...symbols: readonly string[]) => ({ kind: 'noReference', symbols });
const BOUNDARY = { kind: 'boundary', files: ['src/a.ts', 'src/main/**'], mustNotImport: ['src/b/**'] };

export const FOURTH_LOOK: readonly TinyProject[] = [
  {
    says: 'what may stand in front of an ending counts in its order, for whole names and endings alike',
    source: 'www.typescriptlang.org/tsconfig, moduleSuffixes',
    files: {
      'src/b/button.ios.ts': 'export const x = 1;',
      'src/button.ts': 'export const x = 1;',
      'src/b/button.ts': 'export const x = 1;',
      'src/b/plain.ts': 'export const x = 1;',
      'src/a.ts': lines(
        "import { x } from './b/button';",
        "import { x as y } from './b/plain.js';",
        "import { x as z } from './b/button.js';",
        "import { x as w } from './button';",
        'export const a = [x, y, z, w];',
      ),
    },
    rule: { ...BOUNDARY, mustNotImport: ['src/**/*.ios.ts', 'src/b/plain.ts'] },
    options: { moduleSuffixes: ['.ios', ''] },
    finds: ['src/a.ts:1', 'src/a.ts:2', 'src/a.ts:3'],
  },
  {
    says: 'folders of rootDirs are one folder to relative names, the one a file lies in first',
    source: 'www.typescriptlang.org/tsconfig, rootDirs',
    files: {
      'src/b/deep/t.ts': 'export const x = 1;',
      'src/b/deep/own.ts': 'export const x = 1;',
      'src/main/deep/own.ts': 'export const x = 1;',
      'src/main/deep/a.ts':
        "import { x } from './t';\nimport { x as y } from './own';\nexport const a = [x, y];",
    },
    rule: BOUNDARY,
    options: { rootDirs: ['src/main', 'src/b'] },
    finds: ['src/main/deep/a.ts:1'],
  },
  {
    says: 'a comment that refers to types names their package, and is gone when the code runs',
    source: 'sverweij/dependency-cruiser, option detectTripleSlashDirectives',
    files: {
      'src/a.ts':
        '/// <reference types="node" />\n/// <reference types="vite/client" />\nexport const a = 1;\n/// <reference types="vite" />',
    },
    rule: { kind: 'boundary', files: ['src/**'], packages: ['vite', 'node:*'] },
    finds: ['src/a.ts:2'],
  },
  {
    says: 'a comment that refers to types leads into packages of the repository, and none is unresolved',
    source: 'sverweij/dependency-cruiser, option detectTripleSlashDirectives',
    files: {
      'package.json': '{ "workspaces": ["libs/*"] }',
      'libs/t/package.json': '{ "name": "@o/t", "types": "./dist/index.d.ts" }',
      'libs/t/src/index.ts': 'export interface T { n: number }',
      'src/a.ts': '/// <reference types="@o/t" />\n/// <reference types="jest" />\nexport const a = 1;',
    },
    rule: { ...BOUNDARY, mustNotImport: ['libs/t/**'] },
    finds: ['src/a.ts:1'],
  },
  {
    says: 'members of an object literal may be banned, and are found in copies of it',
    source: 'webpro-nl/knip#890',
    files: {
      'src/api.ts': 'export const table = { old: () => 1, fine: () => 2, inner: { old: 1 } } as const;',
      'src/a.ts': lines(
        "import { table } from './api';",
        'const copy = { ...table };',
        'copy.old();',
        'copy.fine();',
        'Object.assign({}, table).old();',
        'export const { inner: { old } } = table;',
        "export const deep = table['inner'].old;",
      ),
    },
    rule: banned('src/api.ts#table.old', 'src/api.ts#table.inner.old'),
    finds: ['src/a.ts:3', 'src/a.ts:5', 'src/a.ts:6', 'src/a.ts:7'],
  },
  {
    says: 'the members of a type are not those of a constant that has it',
    source: 'by hand',
    files: {
      'src/api.ts': lines(
        'export interface Shape { old: number }',
        'export const one: Shape = JSON.parse("{}");',
        'export const two: Shape = { old: 1 };',
      ),
      'src/a.ts': "import { one, two } from './api';\nexport const a = [one.old, two.old];",
    },
    // `two.old` is read as a member of its type: nobody can tell it from that of another Shape.
    rule: banned('src/api.ts#one.old'),
    finds: ['rules:1 empty-rule'],
  },
  {
    says: 'what a module declares for all is found by its name in that file, and through globalThis',
    source: 'www.typescriptlang.org, handbook, global augmentation',
    files: {
      'src/g.ts':
        'declare global { function legacy(): void; interface Legacy { n: number } }\nexport const legacyOf = 1;',
      'src/a.ts': lines(
        'legacy();',
        'globalThis.legacy();',
        "globalThis['legacy']();",
        'export type T = Legacy;',
      ),
    },
    rule: banned('src/g.ts#legacy', 'src/g.ts#Legacy'),
    finds: ['src/a.ts:1', 'src/a.ts:2', 'src/a.ts:3', 'src/a.ts:4'],
  },
  {
    says: 'a key whose own type extends the keys of a type may be any of them',
    source: 'biomejs/biome#3240, its kind',
    files: {
      'src/api.ts': 'export interface Api { old(): void; fine(): void }',
      'src/a.ts': lines(
        "import type { Api } from './api';",
        'export function call<K extends keyof Api>(api: Api, k: K) { api[k](); }',
        "export function safe<K extends 'fine'>(api: Api, k: K) { api[k](); }",
        "export function sure<K extends 'old'>(api: Api, k: K) { api[k](); }",
      ),
    },
    rule: banned('src/api.ts#Api.old'),
    finds: ['src/a.ts:2 unprovable', 'src/a.ts:4'],
  },
  {
    says: 'a member taken by a pattern that is assigned to is used',
    source: 'by hand, patterns',
    files: {
      'src/api.ts': 'export class C { old = 1; fine = 2; inner = { deep: 1 }; }',
      'src/a.ts': lines(
        "import { C } from './api';",
        'const c = new C();',
        'let z = 0; let old = 0; let deep = 0;',
        '({ old: z } = c);',
        '({ old } = c);',
        '({ old = 3 } = c);',
        '({ fine: z } = c);',
        '({ inner: { deep } } = c);',
        '({ inner: { deep: z } = { deep: 2 } } = c);',
        'const o = { old: 1, inner: { deep: 1 } };',
        'export { z, old, deep, o };',
      ),
    },
    rule: banned('src/api.ts#C.old', 'src/api.ts#C.inner.deep'),
    finds: ['src/a.ts:4', 'src/a.ts:5', 'src/a.ts:6', 'src/a.ts:8', 'src/a.ts:9'],
  },
  {
    says: 'a deprecated property is seen in a pattern with a default inside another pattern',
    source: 'by hand, patterns',
    files: {
      'src/api.ts': 'export interface O { a?: { /** @deprecated */ old?: number } }',
      'src/a.ts': lines(
        "import type { O } from './api';",
        'export function f(x: O) { let old; ({ a: { old } = {} } = x); return old; }',
      ),
    },
    rule: { kind: 'noReference', deprecated: true },
    finds: ['src/a.ts:2'],
  },
  {
    says: 'modules are taken apart behind Promise.all, then and typeof import',
    source: 'by hand, import()',
    files: {
      'src/api.ts': 'export const old = () => 1;\nexport const fine = () => 2;\nexport default old;',
      'src/a.ts': lines(
        "export const a = () => import('./api').then((m) => m.old());",
        "export const b = () => import('./api').then(({ fine }) => fine());",
        "export const c = () => import('./api').then((m) => m.default());",
        "export type T = typeof import('./api').old;",
        "export const d = async () => { const [m] = await Promise.all([import('./api')]); return m.old(); };",
      ),
    },
    rule: { ...banned('src/api.ts#old'), uses: ['call', 'type'] },
    finds: ['src/a.ts:1', 'src/a.ts:3', 'src/a.ts:4', 'src/a.ts:5'],
  },
  {
    says: 'a package of a list may list packages of its own',
    source: 'yarnpkg.com, workspaces, nested worktrees',
    files: {
      'package.json': '{ "workspaces": ["apps/*", "libs/*"] }',
      'libs/z/package.json': '{ "name": "@o/z", "main": "./dist/index.js" }',
      'libs/z/src/index.ts': 'export const z = 1;',
      'apps/web/package.json': '{ "name": "web", "workspaces": ["pkgs/*"] }',
      'apps/web/pkgs/u/package.json': '{ "name": "@w/u", "exports": "./lib/main.js" }',
      'apps/web/pkgs/u/src/main.ts': "export { z } from '@o/z';",
      'apps/web/src/a.ts':
        "import { z } from '@w/u';\nimport { z as y } from '@o/z';\nexport const a = [z, y];",
    },
    rule: { kind: 'boundary', files: ['apps/web/**'], mustNotImport: ['apps/web/pkgs/**', 'libs/z/**'] },
    finds: ['apps/web/pkgs/u/src/main.ts:1', 'apps/web/src/a.ts:1', 'apps/web/src/a.ts:2'],
  },
  {
    says: 'an alias of an output that is not built leads to its source, listed as a package or not',
    source: 'nrwl/nx pull 30511, its kind',
    files: {
      'libs/z/package.json': '{ "name": "z" }',
      'libs/z/tsconfig.json': '{ "compilerOptions": { "rootDir": "code", "outDir": "out" } }',
      'libs/z/code/index.ts': 'export const z = 1;',
      'src/a.ts': lines(
        "import { z } from '~z';",
        "import { z as y } from '../libs/z/out/index.js';",
        "import { z as x } from '~none';",
        'export const a = [z, y, x];',
      ),
    },
    rule: { ...BOUNDARY, mustNotImport: ['libs/z/code/**'] },
    options: { paths: { '~z': ['./libs/z/out/index.d.ts'], '~none': ['./libs/z/out/none.d.ts'] } },
    finds: ['src/a.ts:1', 'src/a.ts:2', 'src/a.ts:3 unprovable'],
  },
  {
    says: 'a slash in front is the root of the project, where nothing else is there',
    source: 'vite.dev, project root',
    files: {
      'package.json': '{}',
      'src/b/x.ts': 'export const x = 1;',
      'src/b/s.css': '',
      'src/a.ts':
        "import { x } from '/src/b/x';\nimport '/src/b/s.css';\nimport '/src/c/s.css';\nexport const a = x;",
    },
    rule: BOUNDARY,
    finds: ['src/a.ts:1', 'src/a.ts:2'],
  },
  {
    says: 'a package that names itself in vain may mean any file of its own',
    source: 'import-js/eslint-plugin-import#3174, its kind',
    files: {
      'package.json': '{ "name": "me", "exports": { "./b": "./dist/b/x.js" } }',
      'src/b/x.ts': 'export const x = 1;',
      'src/a.ts': "import { x } from 'me/b';\nimport { x as y } from 'me/c';\nexport const a = [x, y];",
    },
    rule: BOUNDARY,
    finds: ['src/a.ts:1', 'src/a.ts:2 unprovable'],
  },
  {
    says: 'require counts behind brackets and types, and what createRequire made resolves names too',
    source: 'import-js/eslint-plugin-import#906, its kind',
    files: {
      'src/n.d.ts':
        'declare const require: any;\ndeclare module "module" { export function createRequire(u: unknown): any }',
      'src/b/x.ts': 'export const x = 1;',
      'src/a.ts': lines(
        "import { createRequire } from 'module';",
        'const r = createRequire(import.meta.url);',
        "r.resolve('./b/x');",
        "(require as any)('./b/x');",
        "require!('./b/x');",
        "(r)('./b/x');",
        'const other = { resolve: (name: string) => name };',
        "other.resolve('./b/x');",
      ),
    },
    rule: BOUNDARY,
    finds: ['src/a.ts:3', 'src/a.ts:4', 'src/a.ts:5', 'src/a.ts:6'],
  },
  {
    says: 'mocks of modules count in every runner that has them',
    source: 'jestjs.io and nodejs.org, mocks of modules',
    files: {
      'src/j.d.ts':
        'declare const jest: any;\ndeclare module "node:test" { export const mock: any; export const test: any }',
      'src/b/x.ts': 'export const x = 1;',
      'src/a.ts': lines(
        "import { mock, test } from 'node:test';",
        "mock.module('./b/x.ts', { namedExports: {} });",
        "test('a', (t: any) => { t.mock.module('./b/x.ts'); });",
        "jest.unstable_mockModule('./b/x', () => ({}));",
        "jest.createMockFromModule('./b/x');",
        "export const mocks = { module: (name: string) => name }.module('./b/x');",
      ),
    },
    rule: { ...BOUNDARY, mocks: 'ban' },
    finds: ['src/a.ts:2', 'src/a.ts:3', 'src/a.ts:4', 'src/a.ts:5'],
  },
  {
    says: 'a file that imports something itself declares no module, and adds to one that may not be there',
    source: 'sveltejs/kit, packages/enhanced-img/types',
    files: {
      'src/index.d.ts':
        "import './ambient';\nimport type { A } from 'not-there';\ndeclare module 'not-there' { interface A { n: number } }\nexport type B = A;",
      'src/ambient.d.ts': "declare module 'there' { export const n: number; }",
      'src/a.ts': "import { n } from 'there';\nexport const a = n;",
    },
    rule: { kind: 'noUnresolved', files: ['src/index.d.ts', 'src/a.ts'] },
    finds: ['src/index.d.ts:2 unprovable'],
  },
  {
    says: 'a declared module is no import of the file of that name, and what it imports is',
    source: 'sveltejs/kit, packages/kit/types',
    files: {
      'impl/kit.ts': 'export const kit = 1;',
      'impl/other.ts': 'export const other = 1;',
      'src/a.d.ts':
        "declare module 'kit' { export const a: number; }\ndeclare module 'kit/hooks' {\n  import { a } from 'kit';\n  import type { other } from 'other';\n  export { a, other };\n  export type T = import('kit').T;\n}",
    },
    rule: { kind: 'boundary', files: ['src/**'], mustNotImport: ['impl/**'] },
    options: {
      paths: { kit: ['./impl/kit.ts'], 'kit/hooks': ['./impl/kit.ts'], other: ['./impl/other.ts'] },
    },
    finds: ['src/a.d.ts:4'],
  },
  {
    says: 'an alias without an ending leads to a declaration file for every compiler, though modules of Node name endings',
    source: 'sveltejs/kit, packages/adapter-static',
    files: {
      'package.json': '{ "type": "module", "workspaces": ["libs/*"] }',
      'libs/kit/package.json': '{ "name": "@o/kit", "exports": { ".": { "types": "./types/index.d.ts" } } }',
      'libs/kit/types/index.d.ts':
        'export declare function old(): void;\nexport declare function fine(): void;',
      'src/a.ts': "import { fine, old } from '@o/kit';\nfine();\nold();",
    },
    rule: banned('libs/kit/types/index.d.ts#old'),
    options: {
      module: 'node16',
      moduleResolution: 'node16',
      paths: { '@o/kit': ['./libs/kit/types/index'] },
    },
    finds: ['src/a.ts:3'],
  },
  {
    says: 'a default in a pattern uses what it names, whatever else the pattern calls the property',
    source: 'outline/outline, app/components/ErrorBoundary.tsx',
    files: {
      'src/api.ts': 'export const old = () => 1;',
      'src/a.ts': lines(
        "import { old } from './api';",
        'export function f(o: { a?: () => number; b?: () => number }) {',
        '  const { a: one = old } = o;',
        '  const { b = old } = o;',
        '  return [one(), b()];',
        '}',
        'export const g = ([first = old]: (() => number)[], { a: x = old }: { a?: () => number }) => first() + x!();',
      ),
    },
    rule: { ...banned('src/api.ts#old'), uses: ['value'] },
    finds: ['src/a.ts:3', 'src/a.ts:4', 'src/a.ts:7', 'src/a.ts:7'],
  },
  {
    says: 'a default in a pattern keeps the import of what it names',
    source: 'outline/outline, app/components/ErrorBoundary.tsx',
    files: {
      'src/b/x.ts': 'export class X {}',
      'src/a.ts':
        "import { X } from './b/x';\nexport const f = (o: { a?: typeof X }) => { const { a: One = X } = o; return One; };",
    },
    rule: { ...BOUNDARY, types: 'allow' },
    finds: ['src/a.ts:1'],
  },
  {
    says: 'what a class implements and an interface extends is a type, behind a namespace too; what a class extends is loaded',
    source: 'medusajs/medusa, packages/core/utils/src/event-bus',
    files: {
      'src/b/types.ts':
        'export interface I { n: number }\nexport class C { n = 1; }\nexport namespace Deep { export interface J { n: number } }',
      'src/b/index.ts': "export * as Types from './types';",
      'src/main/one.ts':
        "import { Types } from '../b';\nexport class A implements Types.I, Types.Deep.J { n = 1; }",
      'src/main/two.ts': "import * as all from '../b/types';\nexport interface A extends all.I { m: number }",
      'src/main/three.ts':
        "import { Types } from '../b';\nexport class A extends Types.C implements Types.I {}",
      'src/main/four.ts': "import { Types } from '../b';\nexport const a = class extends Types.C {};",
    },
    rule: { ...BOUNDARY, types: 'allow' },
    finds: ['src/main/four.ts:1', 'src/main/three.ts:1'],
  },
];
