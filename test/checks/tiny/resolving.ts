/** Where imports lead: package managers, tables of `exports` and `imports`, `paths`, folders, kinds of files. */
import type { TinyProject } from './project.ts';

const TO_DB = { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/db/**'] };
const DOMAIN = { kind: 'boundary', files: ['src/domain/**'], mustNotImport: ['src/db/**'] };
const DB = {
  'libs/db/package.json':
    '{ "name": "@o/db", "exports": { ".": "./dist/index.js", "./sql": "./dist/sql.js" } }',
  'libs/db/src/index.ts': 'export const query = 1;',
  'libs/db/src/sql.ts': 'export const sql = 1;',
  'libs/log/package.json': '{ "name": "@o/log", "main": "dist/index.js" }',
  'libs/log/src/index.ts': 'export const log = 1;',
};

export const RESOLVING: readonly TinyProject[] = [
  {
    // The name in node_modules is the key, the package is the one after "workspace:".
    says: 'a package of the repository may go by another name in a package.json',
    source: 'pnpm/pnpm#6922',
    files: {
      ...DB,
      'pnpm-workspace.yaml': 'packages: ["libs/*", "apps/*"]',
      'apps/web/package.json':
        '{ "name": "web", "dependencies": { "db": "workspace:@o/db@*", "log": "workspace:@o/log@^1.0.0" } }',
      'apps/web/src/a.ts':
        "import { query } from 'db';\nimport { sql } from 'db/sql';\nimport { log } from 'log';\nexport const a = [query, sql, log];",
    },
    rule: TO_DB,
    finds: ['apps/web/src/a.ts:1', 'apps/web/src/a.ts:2'],
  },
  {
    says: 'a rule may name a package of the repository that goes by another name',
    source: 'pnpm/pnpm#6922',
    files: {
      ...DB,
      'pnpm-workspace.yaml': 'packages: ["libs/*", "apps/*"]',
      'apps/web/package.json': '{ "name": "web", "dependencies": { "db": "workspace:@o/db@*" } }',
      'apps/web/src/a.ts': "import { query } from 'db';\nexport const a = query;",
    },
    rule: { kind: 'boundary', files: ['apps/**'], packages: ['@o/db'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    // npm writes file:, yarn link: and portal:; the folder is in no list of workspaces.
    says: 'a folder named as a dependency is that folder, linked or not',
    source: 'npm documentation, package.json, local paths',
    files: {
      'apps/web/package.json':
        '{ "name": "web", "dependencies": { "db": "file:../../libs/db", "log": "link:../../libs/log", "sql": "portal:../../libs/sql" } }',
      'apps/web/src/a.ts':
        "import { query } from 'db';\nimport { log } from 'log';\nimport { sql } from 'sql';\nexport const a = [query, log, sql];",
      'libs/db/package.json': '{ "name": "db", "main": "./dist/index.js" }',
      'libs/db/src/index.ts': 'export const query = 1;',
      'libs/log/package.json': '{ "name": "log", "main": "./dist/index.js" }',
      'libs/log/src/index.ts': 'export const log = 1;',
      'libs/sql/package.json': '{ "name": "sql", "main": "./dist/index.js" }',
      'libs/sql/src/index.ts': 'export const sql = 1;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/{db,sql}/**'] },
    finds: ['apps/web/src/a.ts:1', 'apps/web/src/a.ts:3'],
  },
  {
    says: 'a list of workspaces that only says what is not hoisted lists none, and the one of pnpm counts',
    source: 'sverweij/dependency-cruiser#919',
    files: {
      ...DB,
      'package.json': '{ "workspaces": { "nohoist": ["vite"] } }',
      'pnpm-workspace.yaml': "packages:\n  - 'libs/*'\n  - apps/web\n",
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { query } from '@o/db';\nexport const a = query;",
    },
    rule: TO_DB,
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    says: 'a package alone may import its own entry by its own name, built or not',
    source: 'nodejs.org, packages, self-referencing',
    files: {
      'package.json':
        '{ "name": "@o/all", "exports": { "./db": "./dist/db/pg.js", "./ui": "./dist/ui/button.js" } }',
      'src/db/pg.ts': 'export const pg = 1;',
      'src/ui/button.ts': 'export const button = 1;',
      'src/domain/a.ts':
        "import { pg } from '@o/all/db';\nimport { button } from '@o/all/ui';\nexport const a = [pg, button];",
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:1'],
  },
  {
    says: 'an entry of imports that names a built file leads to its source',
    source: 'webpro-nl/knip#1256',
    files: {
      'package.json':
        '{ "name": "p", "imports": { "#src/*": "./dist/*", "#db": { "node": "./dist/db/pg.js" } } }',
      'src/db/pg.ts': 'export const pg = 1;',
      'src/domain/a.ts':
        "import { pg } from '#db';\nexport { pg as again } from '#src/db/pg.js';\nexport const a = pg;",
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2'],
  },
  {
    says: 'an entry of imports may lead into another package of the repository',
    source: 'mcp-use/mcp-use pull 2193',
    files: {
      ...DB,
      'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
      'apps/web/package.json':
        '{ "name": "web", "imports": { "#sql": { "node": "@o/db/sql", "default": "./src/none.ts" } } }',
      'apps/web/src/a.ts': "import { sql } from '#sql';\nexport const a = sql;",
    },
    rule: TO_DB,
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    says: 'an entry of imports may lead to an installed package',
    source: 'webpro-nl/knip#1198',
    files: {
      'package.json': '{ "name": "p", "imports": { "#pg": "pg" }, "dependencies": { "pg": "1" } }',
      'src/domain/a.ts': "import pg from '#pg';\nexport const a = pg;",
    },
    rule: { kind: 'boundary', files: ['src/**'], packages: ['pg'] },
    finds: ['src/domain/a.ts:1'],
  },
  {
    says: 'a star stands for several segments, and the longest pattern wins',
    source: 'webpro-nl/knip#853',
    files: {
      'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
      'libs/ui/package.json':
        '{ "name": "@o/ui", "exports": { "./*": "./src/public/*/index.ts", "./internal/*": "./src/private/*.ts", "./internal/x/*": null } }',
      'libs/ui/src/public/a/b/index.ts': 'export const ab = 1;',
      'libs/ui/src/private/c/d.ts': 'export const cd = 1;',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts':
        "import { ab } from '@o/ui/a/b';\nimport { cd } from '@o/ui/internal/c/d';\nexport const a = [ab, cd];",
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/ui/src/private/**'] },
    finds: ['apps/web/src/a.ts:2'],
  },
  {
    says: 'import and require may lead to different files',
    source: 'nodejs.org, packages, conditional exports',
    files: {
      'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
      'libs/two/package.json':
        '{ "name": "two", "exports": { ".": { "import": "./src/new.mts", "require": "./src/old.cts" } } }',
      'libs/two/src/new.mts': 'export const two = 1;',
      'libs/two/src/old.cts': 'export const two = 2;',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.mts': "import { two } from 'two';\nexport const a = two;",
      'apps/web/src/b.cts': "import old = require('two');\nexport const b = old.two;",
      'apps/web/src/c.cts': "import { two } from 'two';\nexport const c = two;",
      'apps/web/src/d.mts': "export const d = () => import('two');",
    },
    options: { module: 'nodenext', moduleResolution: 'nodenext' },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/two/src/old.cts'] },
    finds: ['apps/web/src/b.cts:1', 'apps/web/src/c.cts:1'],
  },
  {
    says: 'of a list of targets the first that is there counts',
    source: 'nodejs.org, packages, exports',
    files: {
      'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
      'libs/l/package.json':
        '{ "name": "l", "exports": { ".": [{ "browser": "./src/browser.ts" }, "./src/main.ts", "./src/other.ts"] } }',
      'libs/l/src/browser.ts': 'export const l = 1;',
      'libs/l/src/main.ts': 'export const l = 1;',
      'libs/l/src/other.ts': 'export const l = 1;',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { l } from 'l';\nexport const a = l;",
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/l/src/main.ts'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    says: 'paths need no baseUrl, and start where they are written',
    source: 'www.typescriptlang.org, TSConfig reference, paths',
    files: {
      'config/base.json':
        '{ "compilerOptions": { "paths": { "@db/*": ["../src/db/*"], "~/*": ["${configDir}/src/*"] } } }',
      'tsconfig.json':
        '{ "extends": "./config/base.json", "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "types": [], "noEmit": true }, "include": ["src"] }',
      'src/db/pg.ts': 'export const pg = 1;',
      'src/domain/a.ts':
        "import { pg } from '@db/pg';\nexport { pg as two } from '~/db/pg';\nexport const a = pg;",
    },
    rule: DOMAIN,
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2'],
  },
  {
    says: 'a whole path from baseUrl is an import like a relative one',
    source: 'softarc-consulting/sheriff#117',
    files: {
      'src/app/db/pg.ts': 'export const pg = 1;',
      'src/app/domain/a.ts': "import { pg } from 'src/app/db/pg';\nexport const a = pg;",
    },
    options: { baseUrl: '.', ignoreDeprecations: '6.0' },
    rule: { kind: 'boundary', files: ['src/app/domain/**'], mustNotImport: ['src/app/db/**'] },
    finds: ['src/app/domain/a.ts:1'],
  },
  {
    says: 'a reference to a project that is not built leads to its sources',
    source: 'www.typescriptlang.org, project references',
    files: {
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./core" }, { "path": "./web" }] }',
      'core/tsconfig.json':
        '{ "compilerOptions": { "composite": true, "outDir": "../out/core", "rootDir": "src", "module": "nodenext", "target": "es2022", "types": [] }, "include": ["src"] }',
      'core/src/db.ts': 'export const db = 1;',
      'web/tsconfig.json':
        '{ "compilerOptions": { "composite": true, "outDir": "../out/web", "rootDir": "src", "module": "nodenext", "target": "es2022", "types": [] }, "include": ["src"], "references": [{ "path": "../core" }] }',
      'web/src/a.ts': "import { db } from '../../core/src/db.js';\nexport const a = db;",
    },
    rule: { kind: 'boundary', files: ['web/**'], mustNotImport: ['core/**'] },
    finds: ['web/src/a.ts:1'],
  },
  {
    says: 'a folder is its index, or what its own package.json says',
    source: 'nodejs.org, modules, folders as modules',
    files: {
      'src/db/index.ts': 'export const db = 1;',
      'src/db/pool/package.json': '{ "main": "./entry" }',
      'src/db/pool/entry.ts': 'export const pool = 1;',
      'src/domain/a.ts':
        "import { db } from '../db';\nimport { pool } from '../db/pool';\nexport const a = [db, pool];",
    },
    rule: { ...DOMAIN, mustNotImport: ['src/db/index.ts', 'src/db/pool/entry.ts'] },
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2'],
  },
  {
    says: 'endings of modules are those of their sources',
    source: 'www.typescriptlang.org, modules reference, file extension substitution',
    files: {
      'package.json': '{ "type": "module" }',
      'src/db/a.mts': 'export const a = 1;',
      'src/db/b.cts': 'export const b = 1;',
      'src/db/c.tsx': 'export const c = 1;',
      'src/db/d.json': '{ "d": 1 }',
      'src/domain/x.mts':
        "import { a } from '../db/a.mjs';\nimport { c } from '../db/c.js';\nimport d from '../db/d.json' with { type: 'json' };\nexport const x = [a, c, d];",
      'src/domain/y.cts': "import b = require('../db/b.cjs');\nexport const y = b;",
    },
    options: { module: 'nodenext', moduleResolution: 'nodenext', resolveJsonModule: true, jsx: 'preserve' },
    rule: DOMAIN,
    finds: ['src/domain/x.mts:1', 'src/domain/x.mts:2', 'src/domain/x.mts:3', 'src/domain/y.cts:1'],
  },
  {
    // dist/index.js may come from src/index.ts or from index.ts; nobody says which.
    says: 'a file that may come from two sources is not silently the first of them',
    source: 'linter with several candidates, found on the way',
    files: {
      'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
      'libs/l/package.json': '{ "name": "l", "main": "dist/index.js" }',
      'libs/l/src/index.ts': 'export const l = 1;',
      'libs/l/index.ts': 'export const l = 2;',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { l } from 'l';\nexport const a = l;",
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/l/index.ts'] },
    finds: ['apps/web/src/a.ts:1 unprovable'],
  },
  {
    says: 'relative imports that leave the package are found, whoever owns the file',
    source: 'nrwl/nx#20408',
    files: {
      'package.json': '{ "workspaces": ["apps/*"] }',
      'apps/web/package.json': '{ "name": "web" }',
      'libs/loose/index.ts': 'export const loose = 1;',
      'apps/web/src/a.ts': "import { loose } from '../../../libs/loose';\nexport const a = loose;",
    },
    rule: { kind: 'boundary', files: ['apps/<app>/**'], mustNotImport: ['**', '!apps/<app>/**'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    // "exclude" replaces the usual list, on which outDir stands.
    says: 'outputs that a configuration happens to include are not judged',
    source: 'novuhq/novu, apps/api/tsconfig.json',
    files: {
      ...DB,
      'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "types": [], "outDir": "./made" }, "exclude": ["node_modules"] }',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { query } from '@o/db';\nexport const a = query;",
      'apps/web/dist/a.d.ts': "import { query } from '@o/db';\nexport declare const a: typeof query;",
      'made/apps/web/src/a.d.ts': "import { query } from '@o/db';\nexport declare const a: typeof query;",
      'libs/db/dist/index.d.ts': 'export declare const query = 1;',
      'libs/db/dist/index.js': 'export const query = 1;',
    },
    rule: { kind: 'boundary', files: ['**'], mustNotImport: ['libs/db/**'], except: ['libs/db/**'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    says: 'what a comment of a script names may be a module that is declared, as anywhere else',
    source: 'sveltejs/kit, packages/kit/src/core/postbuild/analyse.js',
    files: {
      'src/ambient.d.ts': "declare module '__made/env' {\n  export const set: () => void;\n}",
      'src/a.js': "/** @type {import('__made/env')} */\nexport const a = {};",
      'src/b.js': "/** @type {import('__made/other')} */\nexport const b = 1;",
    },
    rule: { kind: 'noUnresolved', files: ['src/**'] },
    finds: ['src/b.js:1 unprovable'],
  },
  {
    says: 'a package that is nothing but types leads to them, from files and comments',
    source: 'DefinitelyTyped, types/estree',
    files: {
      'node_modules/@types/estree/package.json':
        '{ "name": "@types/estree", "main": "", "types": "index.d.ts" }',
      'node_modules/@types/estree/index.d.ts': 'export interface Node { type: string }',
      'node_modules/@types/scope__name/package.json':
        '{ "name": "@types/scope__name", "main": "", "types": "index.d.ts" }',
      'node_modules/@types/scope__name/index.d.ts': 'export interface Node { type: string }',
      'node_modules/@types/scope__name/sub.d.ts': 'export interface Sub { type: string }',
      'src/a.ts': [
        "import type { Node } from 'estree';",
        "import type { Node as Other } from '@scope/name';",
        "import type { Sub } from '@scope/name/sub';",
        "import type { None } from 'estree/none';",
        'export type A = [Node, Other, Sub, None];',
      ].join('\n'),
      'src/b.js':
        '/** @import { Node } from "estree" */\n/** @type {import("estree").Node} */\nexport let b;',
    },
    rule: { kind: 'noUnresolved' },
    finds: ['src/a.ts:4 unprovable'],
  },
  {
    says: 'a package that is nothing but types is told by its name',
    source: 'DefinitelyTyped, types/estree',
    files: {
      'node_modules/@types/estree/package.json':
        '{ "name": "@types/estree", "main": "", "types": "index.d.ts" }',
      'node_modules/@types/estree/index.d.ts': 'export interface Node { type: string }',
      'src/a.ts': "import type { Node } from 'estree';\nexport type A = Node;",
    },
    rule: { kind: 'boundary', files: ['src/**'], packages: ['estree'] },
    finds: ['src/a.ts:1'],
  },
];
