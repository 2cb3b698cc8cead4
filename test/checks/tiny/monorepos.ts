/** Repositories of several packages: whose `paths` count, which folder a package means, what manifests say in odd ways. */
import type { TinyProject } from './project.ts';

const WORKSPACES = '{ "private": true, "workspaces": ["apps/*", "libs/*"] }';
const paths = (to: string): string =>
  JSON.stringify({
    compilerOptions: {
      module: 'esnext',
      moduleResolution: 'bundler',
      noEmit: true,
      types: [],
      paths: { '@/*': [to] },
    },
    include: ['src'],
  });

export const MONOREPOS: readonly TinyProject[] = [
  {
    // Both packages call their own source `@/`: a file goes by the configuration it lies under.
    says: 'an alias means what the configuration of the file says, not that of the project opened',
    source: 'webpro-nl/knip#1861',
    files: {
      'package.json': WORKSPACES,
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./apps/web" }] }',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/tsconfig.json': paths('./src/*'),
      'apps/web/src/db.ts': 'export const db = 1;',
      'apps/web/src/a.ts': "import { mail } from '../../../libs/mail/src/mail';\nexport const a = mail;",
      'libs/mail/package.json': '{ "name": "mail" }',
      'libs/mail/tsconfig.json': paths('./src/*'),
      'libs/mail/src/db.ts': 'export const db = 2;',
      'libs/mail/src/smtp.ts': 'export const smtp = 2;',
      'libs/mail/src/mail.ts':
        "import { db } from '@/db';\nimport { smtp } from '@/smtp';\nexport const mail = [db, smtp];",
    },
    rule: {
      kind: 'boundary',
      files: ['apps/**', 'libs/**'],
      mustNotImport: ['libs/mail/src/{db,smtp}.ts'],
    },
    finds: ['libs/mail/src/mail.ts:1', 'libs/mail/src/mail.ts:2'],
  },
  {
    // The same, through a chain: what lies behind the alias is part of it.
    says: 'a chain goes on behind an alias of another package',
    source: 'webpro-nl/knip#1861',
    files: {
      'package.json': WORKSPACES,
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./apps/web" }] }',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/tsconfig.json': paths('./src/*'),
      'apps/web/src/a.ts': "import { mail } from '../../../libs/mail/src/mail';\nexport const a = mail;",
      'libs/mail/package.json': '{ "name": "mail" }',
      'libs/mail/tsconfig.json': paths('./src/*'),
      'libs/mail/src/secret.ts': 'export const secret = 2;',
      'libs/mail/src/smtp.ts': "import { secret } from './secret';\nexport const smtp = secret;",
      'libs/mail/src/mail.ts': "import { smtp } from '@/smtp';\nexport const mail = smtp;",
    },
    rule: {
      kind: 'boundary',
      files: ['apps/**'],
      mustNotImport: ['libs/mail/src/secret.ts'],
      reach: 'transitive',
    },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    // Vite's template: tsconfig.json only refers to tsconfig.app.json, which has the aliases.
    says: 'aliases may stand in a configuration that tsconfig.json only refers to',
    source: 'vitejs.dev, template react-ts',
    files: {
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'tsconfig.app.json': paths('./src/*'),
      'src/domain/a.ts': "import { db } from '@/db/pg';\nexport const a = db;",
      'src/db/pg.ts': 'export const db = 1;',
    },
    rule: { kind: 'boundary', files: ['src/domain/**'], mustNotImport: ['src/db/**'] },
    finds: ['src/domain/a.ts:1'],
  },
  {
    // paths are relative to the configuration that writes them, wherever it is extended from.
    says: 'aliases of a base start at the base, and ${configDir} at the configuration that extends it',
    source: 'webpro-nl/knip#689',
    files: {
      'package.json': WORKSPACES,
      'tsconfig.base.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [], "noEmit": true, "paths": { "~db/*": ["./libs/db/src/*"], "~own/*": ["${configDir}/src/*"] } } }',
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./apps/web" }] }',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/tsconfig.json': '{ "extends": "../../tsconfig.base.json", "include": ["src"] }',
      'apps/web/src/own.ts': 'export const own = 1;',
      'apps/web/src/a.ts':
        "import { db } from '~db/pg';\nimport { own } from '~own/own';\nexport const a = [db, own];",
      'libs/db/package.json': '{ "name": "db" }',
      'libs/db/src/pg.ts': 'export const db = 1;',
    },
    rule: {
      kind: 'boundary',
      files: ['apps/**'],
      mustNotImport: ['libs/db/**', 'apps/web/src/own.ts'],
    },
    finds: ['apps/web/src/a.ts:1', 'apps/web/src/a.ts:2'],
  },
  {
    says: 'a commented-out reference refers to nothing',
    source: 'typescriptlang.org, tsconfig, comments',
    files: {
      'tsconfig.json':
        '{\n  // "extends": "./gone.json",\n  "files": [],\n  "references": [\n    // { "path": "./libs/gone" },\n    { "path": "./libs/db" }\n  ]\n}',
      'libs/db/tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [], "noEmit": true }, "include": ["."] }',
      'libs/db/a.ts': "import { b } from './b';\nexport const a = b;",
      'libs/db/b.ts': 'export const b = 1;',
    },
    rule: { kind: 'boundary', files: ['libs/db/a.ts'], mustNotImport: ['libs/db/b.ts'] },
    finds: ['libs/db/a.ts:1'],
  },
  {
    // Node takes what follows # as it is; a colon in it is no scheme.
    says: 'an entry of imports may have a colon in its name, and may be all of #',
    source: 'webpro-nl/knip#1816, #576',
    files: {
      'package.json': '{ "name": "all", "imports": { "#:/*": "./src/*", "#*": "./src/db/*.ts" } }',
      'src/domain/a.ts':
        "import { db } from '#:/db/pg.js';\nimport { sql } from '#sql';\nexport const a = [db, sql];",
      'src/db/pg.ts': 'export const db = 1;',
      'src/db/sql.ts': 'export const sql = 1;',
    },
    rule: { kind: 'boundary', files: ['src/domain/**'], mustNotImport: ['src/db/**'] },
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2'],
  },
  {
    says: 'an entry of imports below the output folder leads to the source, conditions or not',
    source: 'webpro-nl/knip#1256',
    files: {
      'package.json':
        '{ "name": "all", "type": "module", "imports": { "#src/*": { "types": "./dist/*.d.ts", "default": "./dist/*.js" }, "#db": { "browser": "./dist/web.js", "node": "./dist/db/pg.js" } } }',
      'src/domain/a.ts':
        "import { db } from '#src/db/pg';\nimport { db as other } from '#db';\nexport const a = [db, other];",
      'src/db/pg.ts': 'export const db = 1;',
      'src/web.ts': 'export const db = 1;',
    },
    rule: { kind: 'boundary', files: ['src/domain/**'], mustNotImport: ['src/db/**'] },
    finds: ['src/domain/a.ts:1', 'src/domain/a.ts:2'],
  },
  {
    says: 'style sheets and pictures behind an alias or a package of the repository are files',
    source: 'webpro-nl/knip#563, #165',
    files: {
      'package.json': WORKSPACES,
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [], "noEmit": true, "paths": { "~/*": ["./libs/ui/*"] } }, "include": ["apps"] }',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts':
        "import '~/css/a.css';\nimport logo from '@o/ui/img/logo@2x.png';\nimport raw from '@o/ui/img/logo@2x.png?raw';\nimport '@o/ui/styles.css';\nexport const a = [logo, raw];",
      'libs/ui/package.json':
        '{ "name": "@o/ui", "exports": { "./img/*": "./img/*", "./styles.css": "./css/all.css" } }',
      'libs/ui/css/a.css': '',
      'libs/ui/css/all.css': '',
      'libs/ui/img/logo@2x.png': '',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/ui/**'] },
    finds: ['apps/web/src/a.ts:1', 'apps/web/src/a.ts:2', 'apps/web/src/a.ts:3', 'apps/web/src/a.ts:4'],
  },
  {
    // Old packages have a package.json in each folder that is an entry of its own.
    says: 'a folder of a package with a manifest of its own is an entry',
    source: 'nodejs.org, modules, folders as modules',
    files: {
      'package.json': WORKSPACES,
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { pg } from '@o/db/pg';\nexport const a = pg;",
      'libs/db/package.json': '{ "name": "@o/db", "main": "./dist/index.js" }',
      'libs/db/pg/package.json': '{ "main": "../dist/drivers/pg.js", "types": "../dist/drivers/pg.d.ts" }',
      'libs/db/src/index.ts': 'export const db = 1;',
      'libs/db/src/drivers/pg.ts': 'export const pg = 1;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/db/src/drivers/**'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    // The subpath is a file, below which nothing can be looked for; so are names that no file system takes.
    says: 'a file named by its whole name, one below a file, and a name that is too long are read as names',
    source: 'dubinc/dub, packages/tailwind-config',
    files: {
      'package.json': WORKSPACES,
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': `import style from '@o/style/style.config.ts';\nimport below from '@o/style/style.config.ts/x';\nimport near from './b.ts/x';\nimport long from '@o/style/${'x'.repeat(300)}';\nexport const a = [style, below, near, long];`,
      'apps/web/src/b.ts': 'export default 1;',
      'libs/style/package.json': '{ "name": "@o/style" }',
      'libs/style/style.config.ts': 'export default 1;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/style/style.config.ts'] },
    finds: ['apps/web/src/a.ts:1', 'apps/web/src/a.ts:2 unprovable'],
  },
  {
    says: 'typesVersions lead subpaths to other folders',
    source: 'typescriptlang.org, publishing, typesVersions',
    files: {
      'package.json': WORKSPACES,
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { pg } from '@o/db/pg';\nexport const a = pg;",
      'libs/db/package.json':
        '{ "name": "@o/db", "main": "./dist/index.js", "typesVersions": { "*": { "pg": ["./dist/drivers/pg.d.ts"] } } }',
      'libs/db/src/index.ts': 'export const db = 1;',
      'libs/db/src/drivers/pg.ts': 'export const pg = 1;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/db/src/drivers/**'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    // pnpm publishes other entries than it develops with: while developing, `main` counts.
    says: 'what a package publishes does not say where its name leads today',
    source: 'pnpm.io, publishConfig',
    files: {
      'pnpm-workspace.yaml': 'packages:\n  - "apps/**"\n  - "libs/**"\n  - "!**/old"\n',
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': "import { db } from '@o/db';\nexport const a = db;",
      'libs/db/package.json':
        '{ "name": "@o/db", "main": "src/main.ts", "publishConfig": { "main": "dist/public.js" } }',
      'libs/db/src/main.ts': 'export const db = 1;',
      'libs/db/src/public.ts': 'export const db = 1;',
      'libs/old/package.json': '{ "name": "@o/db", "main": "src/main.ts" }',
      'libs/old/src/main.ts': 'export const db = 1;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/db/src/main.ts'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    says: 'rush names the folders of its packages, comments or not',
    source: 'rushjs.io, rush.json',
    files: {
      'rush.json':
        '{\n  // all of them\n  "projects": [\n    { "packageName": "@o/web", "projectFolder": "apps/web" },\n    /* { "packageName": "@o/db", "projectFolder": "libs/old" }, */\n    { "packageName": "@o/db", "projectFolder": "libs/db" },\n  ]\n}',
      'apps/web/package.json': '{ "name": "@o/web" }',
      'apps/web/src/a.ts': "import { db } from '@o/db';\nexport const a = db;",
      'libs/db/package.json': '{ "name": "@o/db", "main": "lib/index.js" }',
      'libs/db/src/index.ts': 'export const db = 1;',
      'libs/old/package.json': '{ "name": "@o/db", "main": "lib/index.js" }',
      'libs/old/src/index.ts': 'export const db = 1;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/db/**'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    says: 'the package at the root of a repository is one of its packages',
    source: 'pnpm.io, pnpm-workspace.yaml, the root package is always included',
    files: {
      'package.json': '{ "name": "@o/root", "exports": { "./db": "./src/db/pg.ts" } }',
      'pnpm-workspace.yaml': 'packages: ["apps/*"]',
      'src/db/pg.ts': 'export const db = 1;',
      'apps/web/package.json': '{ "name": "web", "dependencies": { "@o/root": "workspace:*" } }',
      'apps/web/src/a.ts': "import { db } from '@o/root/db';\nexport const a = db;",
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['src/db/**'] },
    finds: ['apps/web/src/a.ts:1'],
  },
  {
    // A closed subpath leads nowhere; nobody can tell what it is meant to be.
    says: 'a subpath that a table closes leads nowhere and says so',
    source: 'nodejs.org, packages, subpath patterns with null',
    files: {
      'package.json': WORKSPACES,
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts':
        "import { open } from '@o/db/features/open';\nimport { inner } from '@o/db/features/private/inner';\nexport const a = [open, inner];",
      'libs/db/package.json':
        '{ "name": "@o/db", "exports": { "./features/*": "./src/features/*.ts", "./features/private/*": null } }',
      'libs/db/src/features/open.ts': 'export const open = 1;',
      'libs/db/src/features/private/inner.ts': 'export const inner = 1;',
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/db/**'] },
    finds: ['apps/web/src/a.ts:1', 'apps/web/src/a.ts:2 unprovable'],
  },
  {
    // Symbols go by the same answers as imports: both packages have `@/db` and `#db`, which are different files.
    says: 'names of another package mean its own files for symbols too',
    source: 'webpro-nl/knip#1861',
    files: {
      'package.json': WORKSPACES,
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./apps/web" }] }',
      'apps/web/package.json': '{ "name": "web", "imports": { "#db": "./dist/own.js" } }',
      'apps/web/tsconfig.json': paths('./src/*'),
      'apps/web/src/db.ts': 'export const query = (): number => 1;',
      'apps/web/src/own.ts': 'export const own = (): number => 1;',
      'apps/web/src/a.ts':
        "import { mail } from '../../../libs/mail/src/mail';\nimport { query } from '@/db';\nimport { own } from '#db';\nexport const a = [mail, query(), own()];",
      'libs/mail/package.json': '{ "name": "mail", "imports": { "#db": "./dist/own.js" } }',
      'libs/mail/tsconfig.json': paths('./src/*'),
      'libs/mail/src/db.ts': 'export const query = (): number => 2;',
      'libs/mail/src/own.ts': 'export const own = (): number => 2;',
      'libs/mail/src/mail.ts':
        "import { query } from '@/db';\nimport { own } from '#db';\nexport const mail = () => [\n  query(),\n  own(),\n];",
    },
    rule: { kind: 'noReference', symbols: ['libs/mail/src/db.ts#query', 'libs/mail/src/own.ts#own'] },
    finds: ['libs/mail/src/mail.ts:4', 'libs/mail/src/mail.ts:5'],
  },
  {
    says: 'symbols are those of the way a file loads a package',
    source: 'nodejs.org, packages, conditional exports',
    files: {
      'package.json': '{ "type": "module", "workspaces": ["apps/*", "libs/*"] }',
      'apps/web/package.json': '{ "name": "web", "type": "module" }',
      'apps/web/src/a.ts': "import { db } from '@o/db';\nexport const a = db();",
      'libs/db/package.json':
        '{ "name": "@o/db", "exports": { "require": "./dist/old.cjs", "import": "./dist/new.js" } }',
      'libs/db/src/old.ts': 'export const db = (): number => 1;',
      'libs/db/src/new.ts': 'export const db = (): number => 1;',
    },
    rule: { kind: 'noReference', symbols: ['libs/db/src/new.ts#db'] },
    options: { module: 'nodenext', moduleResolution: 'nodenext' },
    finds: ['apps/web/src/a.ts:2'],
  },
  {
    // To TypeScript the files behind a link in node_modules are those of a library.
    says: 'files of a package that is linked are files of the repository, also where its manifest leads to its sources',
    source: 'dubinc/dub, packages/email',
    files: {
      'package.json': WORKSPACES,
      'apps/web/a.ts': "import { mail } from '@r/mail';\nexport const a = mail();",
      'libs/mail/package.json': '{ "name": "@r/mail", "main": "./src/mail.ts", "types": "./src/mail.ts" }',
      'libs/mail/src/mail.ts': "import { old } from '@r/util';\nexport const mail = () => old();",
      'libs/util/package.json': '{ "name": "@r/util", "exports": { ".": "./src/util.ts" } }',
      'libs/util/src/util.ts': 'export const old = (): number => 1;',
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "noEmit": true, "types": [] }, "include": ["apps"] }',
    },
    links: { 'node_modules/@r/mail': 'libs/mail', 'node_modules/@r/util': 'libs/util' },
    rule: { kind: 'noReference', symbols: ['@r/util#old'], uses: ['call'] },
    finds: ['libs/mail/src/mail.ts:2'],
  },
];
