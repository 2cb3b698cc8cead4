/** Roads to a symbol: chains of re-exports, namespaces, objects, merged declarations, packages. */
import type { TinyProject } from './project.ts';

const RULE = { kind: 'noReference', symbols: ['src/db.ts#query'] };
const DB = {
  'src/db.ts':
    'export function query(text: string): string { return text; }\nexport function safe(): void {}',
};

export const SYMBOLS: readonly TinyProject[] = [
  {
    says: 'a chain of re-exports under other names is no way round',
    source: 'javierbrea/eslint-plugin-boundaries#213',
    files: {
      ...DB,
      'src/one.ts': "export * from './db';",
      'src/two.ts': "export { query as ask, safe } from './one';",
      'src/three.ts': "export * as all from './two';",
      'src/use.ts':
        "import { all } from './three';\nexport const a = all.ask('x');\nexport const b = all.safe();",
    },
    rule: { ...RULE, uses: ['call'] },
    finds: ['src/use.ts:2'],
  },
  {
    says: 'a namespace object may be passed on and taken apart',
    source: 'webpro-nl/knip#317',
    files: {
      ...DB,
      'src/use.ts':
        "import * as db from './db';\nconst other = db;\nconst { query: ask, safe } = other;\nexport const a = [ask('x'), safe()];\nexport const b = other['query']('y');",
    },
    rule: { ...RULE, uses: ['call'] },
    finds: ['src/use.ts:4', 'src/use.ts:5'],
  },
  {
    says: 'an object that holds the function is seen through',
    source: 'found on the way (aliasing through objects)',
    files: {
      ...DB,
      'src/use.ts':
        "import { query, safe } from './db';\nconst api = { run: query, idle: safe };\nexport const a = api.run('x');\napi.idle();",
    },
    rule: { ...RULE, uses: ['call'] },
    finds: ['src/use.ts:3'],
  },
  {
    says: 'a class and a namespace of one name are one declaration',
    source: 'www.typescriptlang.org, handbook, declaration merging',
    files: {
      'src/db.ts':
        'export class Pool { static open(): number { return 1; } }\nexport namespace Pool { export const limit = 1; export function drain(): void {} }',
      'src/use.ts':
        "import { Pool } from './db';\nexport const a = [Pool.open(), Pool.limit];\nPool.drain();",
    },
    rule: { kind: 'noReference', symbols: ['src/db.ts#Pool.drain'] },
    finds: ['src/use.ts:3'],
  },
  {
    says: 'a member added to an interface from elsewhere is found where it is used, and where it is declared it is at home',
    source: 'www.typescriptlang.org, handbook, module augmentation',
    files: {
      'src/db.ts': 'export interface Pool { open(): void }',
      'src/more.ts': "import './db';\ndeclare module './db' { interface Pool { drain(): void } }",
      'src/use.ts':
        "import type { Pool } from './db';\nexport const a = (p: Pool) => { p.open(); p.drain(); };",
    },
    rule: { kind: 'noReference', symbols: ['src/db.ts#Pool.drain'] },
    finds: ['src/use.ts:2'],
  },
  {
    says: 'a symbol of a package of the repository may be named by the package',
    source: 'sverweij/dependency-cruiser#33',
    files: {
      'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
      'libs/db/package.json': '{ "name": "@o/db", "exports": { ".": "./dist/index.js" } }',
      'libs/db/src/index.ts': 'export const query = () => 1;\nexport const safe = () => 2;',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { query, safe } from '@o/db';\nexport const a = [query(), safe()];",
    },
    rule: { kind: 'noReference', symbols: ['@o/db#query'] },
    finds: ['apps/web/src/a.ts:2'],
  },
  {
    says: 'a symbol of a package that is not installed is known by its import, subpaths apart',
    source: 'oxc-project/oxc#25954',
    files: {
      'src/a.ts':
        "import { debounce } from 'lodash';\nimport { debounce as two } from 'lodash/fp';\nimport { debounce as three } from 'lodash-es';\nexport const a = [debounce, two, three];",
    },
    rule: { kind: 'noReference', symbols: ['lodash/fp#debounce'] },
    finds: ['src/a.ts:4'],
  },
  {
    says: 'a constant enum and its members are names like others',
    source: 'www.typescriptlang.org, handbook, enums',
    files: {
      'src/db.ts': 'export const enum Mode { Old = 1, New = 2 }',
      'src/use.ts':
        "import { Mode } from './db';\nexport const a = [Mode.Old, Mode.New, Mode['Old']];\nexport type T = Mode.Old;",
    },
    rule: { kind: 'noReference', symbols: ['src/db.ts#Mode.Old'] },
    finds: ['src/use.ts:2', 'src/use.ts:2', 'src/use.ts:3'],
  },
  {
    says: 'an alias made by import = is the thing it names',
    source: 'www.typescriptlang.org, handbook, namespaces, aliases',
    files: {
      'src/db.ts': 'export namespace Db { export namespace Sql { export function query(): void {} } }',
      'src/use.ts': "import { Db } from './db';\nimport Sql = Db.Sql;\nSql.query();",
    },
    rule: { kind: 'noReference', symbols: ['src/db.ts#Db.Sql.query'] },
    finds: ['src/use.ts:3'],
  },
  {
    says: 'the default export is found by every way of writing it',
    source: 'sverweij/dependency-cruiser#671',
    files: {
      'src/db.ts': 'export default function query(): number { return 1; }\nexport const other = 1;',
      'src/one.ts': "import ask from './db';\nexport const a = ask();",
      'src/two.ts': "import { default as ask, other } from './db';\nexport const a = [ask(), other];",
      'src/three.ts': "export const a = async () => (await import('./db')).default();",
      'src/four.ts': "import { other } from './db';\nexport const a = other;",
    },
    rule: { kind: 'noReference', symbols: ['src/db.ts#default'], uses: ['call'] },
    finds: ['src/one.ts:2', 'src/three.ts:1', 'src/two.ts:2'],
  },
  {
    says: 'a mock that is given an import uses nothing of the module',
    source: 'webpro-nl/knip#1966',
    files: {
      ...DB,
      'src/globals.d.ts': 'declare const vi: { mock(m: unknown, f?: unknown): void };',
      'src/a.test.ts':
        "import { safe } from './db';\nvi.mock(import('./db'), () => ({ safe: () => 1 }));\nsafe();",
    },
    rule: RULE,
    finds: [],
  },
  {
    says: 'giving a deprecated property a value is a use of it, wherever the type of the object comes from',
    source: 'found on the way (deprecated properties in object literals)',
    files: {
      'src/options.ts':
        'export interface Options {\n  /** @deprecated use fresh */\n  old?: number;\n  fresh?: number;\n  inner?: { /** @deprecated */ deep?: number };\n}\nexport type Choice = { kind: 1; /** @deprecated */ only?: number } | { kind: 2 };\nexport interface Other { old?: number }\nexport function run(options: Options): void { void options; }',
      'src/use.tsx': [
        "import { run, type Choice, type Options, type Other } from './options';", // 1
        'export const a: Options = { old: 1 };', // 2: the type of the variable
        'run({ fresh: 1, old: 2 });', // 3: the type of the parameter
        'export const b = { old: 3 } satisfies Options;', // 4
        'export const c: Partial<Options> = { ...a, old: 4 };', // 5: beside a spread
        'const old = 5;',
        'export const d: Options = { old };', // 7: shorthand
        'export const e: Options = { inner: { deep: 6 } };', // 8: one level down
        'export const f: Choice = { kind: 1, only: 7 };', // 9: one member of a union
        'let g: number | undefined;',
        '({ old: g } = a);', // 11: taken apart into a variable
        'export const l: readonly Options[] = [{ fresh: 1 }, { old: 12 }];', // 12: an element
        "export const h: Options = { ['old']: 8 };", // 13: a constant key
        'export function View(options: Options) { return options.fresh; }',
        'export const i = <View old={9} />;', // 15: an attribute
        'export const j: Other = { old: 10 };', // another property of the same name
        'export const k = { old: 11 };', // and one of no declared type
        'export { g };',
      ].join('\n'),
    },
    options: { jsx: 'preserve' },
    rule: { kind: 'noReference', deprecated: true },
    finds: [2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15].map((line) => `src/use.tsx:${line}`),
  },
];
