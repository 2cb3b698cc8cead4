/** Roads that are no plain imports, types that vanish, and circles. */
import type { TinyProject } from './project.ts';

const DOMAIN = { kind: 'boundary', files: ['src/domain/**'], mustNotImport: ['src/db/**'] };
const VALUES = { ...DOMAIN, types: 'allow' };
const DB = {
  'src/db/pg.ts': 'export const pg = 1; export interface Row { id: number } export class Pool {}',
};
const META = {
  'src/env.d.ts':
    'interface ImportMeta { glob(p: string | string[], o?: object): unknown; url: string; resolve(p: string): string; }',
};
const CIRCLES = { kind: 'noCycles' };

export const ROADS: readonly TinyProject[] = [
  {
    says: 'what createRequire made is a road, and a function of a module that is not there none, whatever its name',
    source: 'nodejs.org, modules, createRequire',
    files: {
      ...DB,
      'src/domain/a.ts':
        "import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nexport const a = load('../db/pg.ts');",
      'src/domain/b.ts':
        "import { requireUser } from 'nowhere';\nexport const b = requireUser('../db/pg.ts');",
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:3', 'src/domain/b.ts:1 unprovable'],
  },
  {
    says: 'patterns of import.meta.glob may take files out again',
    source: 'vite.dev, features, glob import',
    files: {
      ...DB,
      ...META,
      'src/db/deep/x.ts': 'export {};',
      'src/domain/a.ts':
        "export const all = import.meta.glob(['../db/**/*.ts', '!../db/deep/**']);\nexport const none = import.meta.glob(['../db/*.ts', '!**/pg.ts']);",
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:1'],
  },
  {
    says: 'a pattern of import.meta.glob may start at the root of the project or with an alias',
    source: 'vite.dev, features, glob import caveats',
    files: {
      ...DB,
      ...META,
      'package.json': '{ "name": "p", "imports": { "#db/*": "./src/db/*" } }',
      'vite.config.ts': 'export default {};',
      'src/domain/a.ts':
        "export const a = import.meta.glob('/src/db/*.ts');\nexport const b = import.meta.glob('@/db/*.ts', { eager: true });\nexport const c = import.meta.glob('#db/*.ts');",
    },
    options: { paths: { '@/*': ['./src/*'] } },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2', 'src/domain/a.ts:3'],
  },
  {
    says: 'a computed name that starts with an alias is as open as a relative one',
    source: 'nrwl/nx#5224',
    files: {
      ...DB,
      'package.json': '{ "workspaces": ["libs/*"] }',
      'libs/texts/package.json': '{ "name": "@o/texts" }',
      'libs/texts/de.ts': 'export {};',
      'src/domain/a.ts':
        'export const load = (name: string) => import(`@/db/${name}`);\nexport const text = (name: string) => import(`@o/texts/${name}`);\nexport const ui = (name: string) => import(`@/ui/${name}`);',
    },
    options: { paths: { '@/*': ['./src/*'] } },
    rule: { ...DOMAIN, mustNotImport: ['src/db/**', 'libs/**'] },
    finds: ['src/domain/a.ts:1 unprovable', 'src/domain/a.ts:2 unprovable'],
  },
  {
    says: 'require, require.resolve and import.meta.resolve in a branch name files as well',
    source: 'nrwl/nx pull 34896, webpro-nl/knip#744 and #642',
    files: {
      ...DB,
      ...META,
      'src/globals.d.ts':
        'declare const require: { (name: string): unknown; resolve(name: string): string };',
      'src/domain/a.ts':
        "export const a = Math.random() > 1 ? require('../db/pg') : undefined;\nexport const b = () => require.resolve('../db/pg');\nexport const c = import.meta.resolve('../db/pg.js');",
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2', 'src/domain/a.ts:3'],
  },
  {
    says: 'mocks count when asked, and a mock given an import is one mock',
    source: 'webpro-nl/knip#1966',
    files: {
      ...DB,
      'src/globals.d.ts':
        'declare const vi: { mock(m: unknown, f?: unknown): void; importActual(m: string): Promise<unknown> }; declare const jest: { mock(m: string): void };',
      'src/domain/a.ts':
        "vi.mock(import('../db/pg'), () => ({}));\nvi.mock('../db/pg');\njest.mock('../db/pg');\nexport const real = vi.importActual('../db/pg');",
    },
    rule: { ...DOMAIN, mocks: 'ban' },
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2', 'src/domain/a.ts:3', 'src/domain/a.ts:4'],
  },
  {
    says: 'mocks are left alone otherwise',
    source: 'javierbrea/eslint-plugin-boundaries pull 317',
    files: {
      ...DB,
      'src/globals.d.ts': 'declare const vi: { mock(m: unknown, f?: unknown): void };',
      'src/domain/a.ts': "vi.mock(import('../db/pg'), () => ({}));\nvi.mock('../db/pg');\nexport {};",
    },
    rule: DOMAIN,
    finds: [],
  },
  {
    // tsc 6: a.ts keeps nothing; b.ts keeps import {} from, c.ts goes, d.ts keeps the class for the decorator.
    says: 'under verbatimModuleSyntax what is written stays, and import type goes',
    source: 'www.typescriptlang.org, TSConfig reference, verbatimModuleSyntax',
    files: {
      ...DB,
      'package.json': '{ "type": "module" }',
      'src/domain/a.ts': "import type { Row } from '../db/pg';\nexport type A = Row;",
      'src/domain/b.ts': "import { type Row } from '../db/pg';\nexport type B = Row;",
      'src/domain/c.ts': "export type { Row } from '../db/pg';",
      'src/domain/d.ts': "export { type Row } from '../db/pg';",
    },
    options: { verbatimModuleSyntax: true },
    rule: VALUES,
    finds: ['src/domain/b.ts:1', 'src/domain/d.ts:1'],
  },
  {
    says: 'under isolatedModules a name that is passed on is kept, one that is only used in types is not',
    source: 'www.typescriptlang.org, TSConfig reference, isolatedModules',
    files: {
      ...DB,
      'src/domain/a.ts': "import { Row } from '../db/pg';\nexport let a: Row | undefined;",
      'src/domain/b.ts': "import { pg } from '../db/pg';\nexport type B = typeof pg;",
      'src/domain/c.ts': "export { Pool } from '../db/pg';",
    },
    options: { isolatedModules: true },
    rule: VALUES,
    finds: ['src/domain/c.ts:1'],
  },
  {
    // With TypeScript up to 5.4 "preserve" and "error" leave `import '../db/pg'` of an import of types.
    says: 'an older option that keeps imports of types is honoured',
    source: 'microsoft/TypeScript#40553',
    files: {
      ...DB,
      'src/domain/a.ts': "import { Row } from '../db/pg';\nexport let a: Row | undefined;",
      'src/domain/b.ts': "import type { Row } from '../db/pg';\nexport let b: Row | undefined;",
    },
    options: { importsNotUsedAsValues: 'preserve', ignoreDeprecations: '5.0' },
    rule: VALUES,
    finds: ['src/domain/a.ts:1'],
  },
  {
    says: 'a constant enum is put in place of its use, an ordinary one is loaded',
    source: 'www.typescriptlang.org, handbook, enums',
    files: {
      'src/db/kinds.ts': 'export const enum Kind { A, B }\nexport enum Real { A }',
      'src/domain/a.ts': "import { Kind } from '../db/kinds';\nexport const a: number = Kind.A;",
      'src/domain/b.ts': "import { Real } from '../db/kinds';\nexport const b: number = Real.A;",
    },
    rule: VALUES,
    finds: ['src/domain/b.ts:1'],
  },
  {
    says: 'import = is erased when only types use it, and export import never',
    source: 'www.typescriptlang.org, modules, import = require()',
    files: {
      'src/db/old.cts': 'interface Row { id: number }\nconst pool = 1;\nexport { pool, type Row };',
      'src/domain/a.cts': "import old = require('../db/old.cjs');\nexport let a: old.Row | undefined;",
      'src/domain/b.cts': "import old = require('../db/old.cjs');\nexport const b = old.pool;",
      'src/domain/c.cts': "export import old = require('../db/old.cjs');",
    },
    options: { module: 'nodenext', moduleResolution: 'nodenext' },
    rule: VALUES,
    finds: ['src/domain/b.cts:1', 'src/domain/c.cts:1'],
  },
  {
    says: 'one type among the imports of a circle opens it, wherever it stands',
    source: 'sverweij/dependency-cruiser#695',
    files: {
      'src/parent.ts':
        "import type { Child } from './child';\nexport interface Parent { c: Child }\nexport const p = 1;",
      'src/child.ts':
        "import { grand } from './grand';\nexport interface Child { g: typeof grand }\nexport const c = grand;",
      'src/grand.ts': "import { p } from './parent';\nexport const grand = p;",
    },
    rule: CIRCLES,
    finds: [],
  },
  {
    says: 'a file that imports itself is a circle',
    source: 'import-js/eslint-plugin-import, no-self-import',
    files: { 'src/a.ts': "import * as self from './a';\nexport const a = () => self;" },
    rule: CIRCLES,
    finds: ['src/a.ts:1'],
  },
  {
    says: 'circles through tests do not count when tests are left out',
    source: 'nrwl/nx#10290',
    files: {
      'src/a.ts': "import { b } from './b';\nexport const a = b;",
      'src/b.ts': 'export const b = 1;',
      'src/b.spec.ts': "import { a } from './a';\nimport { b } from './b';\nexport const t = [a, b];",
      'src/c.ts': "import { t } from './d.spec';\nexport const c = t;",
      'src/d.spec.ts': "import { c } from './c';\nexport const t = () => c;",
    },
    rule: { ...CIRCLES, files: ['**', '!**/*.spec.ts'] },
    finds: [],
  },
  {
    says: 'a circle of packages of the repository is one of files',
    source: 'nrwl/nx#6993',
    files: {
      'package.json': '{ "workspaces": ["libs/*"] }',
      'libs/a/package.json': '{ "name": "@o/a", "main": "dist/index.js" }',
      'libs/a/src/index.ts': "import { b } from '@o/b';\nexport const a = () => b;",
      'libs/b/package.json': '{ "name": "@o/b", "main": "dist/index.js" }',
      'libs/b/src/index.ts': "export * from './inner';",
      'libs/b/src/inner.ts': "import { a } from '@o/a';\nexport const b = () => a;",
    },
    rule: CIRCLES,
    finds: ['libs/a/src/index.ts:1'],
  },
  {
    says: 'layers tell of imports that lead nowhere and of computed names, as boundaries do',
    source: 'sverweij/dependency-cruiser#913',
    files: {
      ...DB,
      'package.json': '{ "workspaces": ["libs/*"] }',
      'libs/db/package.json': '{ "name": "@o/db", "exports": { ".": "./dist/gone.js" } }',
      'libs/db/src/index.ts': 'export const db = 1;',
      'src/domain/a.ts':
        "import { db } from '@o/db';\nexport const a = db;\nexport const load = (name: string) => import(`../db/${name}`);",
    },
    rule: {
      kind: 'layers',
      layers: [
        { name: 'domain', files: ['src/domain/**'], may: [] },
        { name: 'db', files: ['src/db/**', 'libs/db/**'], may: ['domain'] },
      ],
    },
    finds: ['src/domain/a.ts:1 unprovable', 'src/domain/a.ts:3 unprovable'],
  },
  {
    says: 'a row of layers may name packages of the repository it uses',
    source: 'javierbrea/eslint-plugin-boundaries#349',
    files: {
      'package.json': '{ "workspaces": ["libs/*"] }',
      'libs/db/package.json': '{ "name": "@o/db", "main": "dist/index.js" }',
      'libs/db/src/index.ts': 'export const db = 1;',
      'libs/log/package.json': '{ "name": "@o/log", "main": "dist/index.js" }',
      'libs/log/src/index.ts': 'export const log = 1;',
      'src/domain/a.ts':
        "import { db } from '@o/db';\nimport { log } from '@o/log';\nexport const a = [db, log];",
    },
    rule: {
      kind: 'layers',
      layers: [{ name: 'domain', files: ['src/domain/**'], may: [], packages: ['@o/log'] }],
    },
    finds: ['src/domain/a.ts:1'],
  },
  {
    says: 'an entry may have another name than index, and more than one',
    source: 'softarc-consulting/sheriff#36 and pull 249',
    files: {
      'src/features/cart/public-api.ts': "export * from './inner';",
      'src/features/cart/public-api.routes.ts': 'export const routes = 1;',
      'src/features/cart/inner.ts': 'export const inner = 1;',
      'src/features/shop/public-api.ts': 'export {};',
      'src/app/a.ts':
        "import { inner } from '../features/cart/public-api';\nimport { routes } from '../features/cart/public-api.routes';\nimport { inner as again } from '../features/cart/inner';\nexport const a = [inner, routes, again];",
    },
    rule: { kind: 'publicApi', modules: 'src/features/<f>', entry: ['public-api.ts', 'public-api.*.ts'] },
    finds: ['src/app/a.ts:3'],
  },
  {
    says: 'a placeholder may stand for some names only',
    source: 'linter with values for placeholders',
    files: {
      'src/features/cart/a.ts': "import '../shop/b';\nexport {};",
      'src/features/shop/b.ts': "import '../cart/a';\nimport '../shared/c';\nexport {};",
      'src/features/shared/c.ts': "import '../shop/b';\nexport {};",
    },
    rule: {
      kind: 'boundary',
      files: ['src/features/<f>/**'],
      mustNotImport: ['src/features/<g>/**', '!src/features/<f>/**'],
      each: { f: ['cart', 'shared'], g: 'src/features/s*' },
    },
    finds: ['src/features/cart/a.ts:1', 'src/features/shared/c.ts:1'],
  },
  {
    says: 'a require that another file made loads files; what is only called so does not, though its package is nowhere',
    source: 'a crash of this linter, on its own sources',
    files: {
      'src/domain/loads.ts':
        "import { createRequire } from 'node:module';\nexport const requireHere = createRequire(import.meta.url);",
      'src/domain/a.ts':
        "import { requireHere } from './loads';\nexport const a = requireHere('../db/pg.cjs');",
      'src/domain/b.ts':
        "import { requireIt } from 'not-installed';\nexport const b = requireIt('../db/pg.cjs');",
      'src/db/pg.cjs': 'module.exports = 1;',
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:2', 'src/domain/b.ts:1 unprovable'],
  },
  {
    says: 'so does one that was made in a file which only an import brings into the project',
    source: 'the same crash',
    files: {
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [], "noEmit": true }, "files": ["src/domain/a.ts"] }',
      'src/domain/made.ts':
        "import { createRequire } from 'node:module';\nexport const requireMade = createRequire(import.meta.url);",
      'src/domain/a.ts':
        "import { requireMade } from './made';\nexport const a = requireMade('../db/pg.cjs');",
      'src/db/pg.cjs': 'module.exports = 1;',
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:2'],
  },
  {
    says: 'createRequire under another name makes the same',
    source: 'nodejs.org, module.createRequire',
    files: {
      'src/domain/a.ts':
        "import { createRequire as make } from 'node:module';\nconst load = make(import.meta.url);\nexport const a = load('../db/pg.cjs');\nexport const b = make(import.meta.url)('../db/pg.cjs');\nconst other = (name: string): string => name;\nexport const c = other('../db/pg.cjs');",
      'src/db/pg.cjs': 'module.exports = 1;',
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:3', 'src/domain/a.ts:4'],
  },
  {
    says: 'a placeholder that may stand for nothing is an empty rule',
    source: 'linter with values for placeholders',
    files: { 'src/features/cart/a.ts': 'export {};', 'src/b.ts': "import './features/cart/a';" },
    rule: {
      kind: 'boundary',
      files: ['src/**'],
      mustNotImport: ['src/features/<f>/**'],
      each: { f: 'src/featurs/*' },
    },
    finds: ['rules:1 empty-rule'],
  },
];
