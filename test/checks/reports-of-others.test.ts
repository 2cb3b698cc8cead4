// Small projects made from public reports about other tools (named at each): what a user wanted to be told, or not to be
// told. What is right follows from the text of the project; both compilers must say it.
import { holdProjects, type TinyProject } from './tiny/project.ts';

const CIRCLES = { kind: 'noCycles' };
const WORKSPACE = {
  'package.json': '{ "workspaces": ["libs/*", "apps/*"] }',
  'libs/a/package.json':
    '{ "name": "@o/a", "exports": { "./core": "./dist/core.js", "./feature": "./dist/feature.js" } }',
  'libs/a/src/core.ts': 'export const core = 1;',
  'libs/a/src/feature.ts': 'export const feature = 1;',
  'apps/web/package.json': '{ "name": "web" }',
};

const REPORTS: readonly TinyProject[] = [
  {
    says: 'imports without bindings close a circle',
    source: 'import-js/eslint-plugin-import#2696',
    files: { 'src/a.ts': "import './b.js';", 'src/b.ts': "import './a.js';" },
    rule: CIRCLES,
    finds: ['src/a.ts:1'],
  },
  {
    says: 'an empty list of bindings is still loaded in JavaScript',
    source: 'import-js/eslint-plugin-import#2696',
    files: { 'src/a.js': "import {} from './b.js';", 'src/b.js': "import {} from './a.js';" },
    rule: CIRCLES,
    finds: ['src/a.js:1'],
  },
  {
    // tsc 7.0.2 and TypeScript 6 print `export {};` for each of the two.
    says: 'an empty list of bindings is gone from TypeScript',
    source: 'import-js/eslint-plugin-import#2696',
    files: { 'src/a.ts': "import {} from './b.js';", 'src/b.ts': "import {} from './a.js';" },
    rule: CIRCLES,
    finds: [],
  },
  {
    says: 'import type opens a circle',
    source: 'import-js/eslint-plugin-import#2696 and pull 2083',
    files: {
      'src/a.ts': "import { foo } from './b.js'; export type A = 1; export const a = foo;",
      'src/b.ts': "import type { A } from './a.js'; export const foo: A = 1;",
    },
    rule: CIRCLES,
    finds: [],
  },
  {
    says: 'one value among types closes it',
    source: 'import-js/eslint-plugin-import pull 2083',
    files: {
      'src/a.ts': "import { foo } from './b.js'; export type A = 1; export const a = foo;",
      'src/b.ts':
        "import { a, type A } from './a.js'; export const foo: A = 1; export const later = () => a;",
    },
    rule: CIRCLES,
    finds: ['src/a.ts:1'],
  },
  {
    says: 'a file that only passes on a load is part of a circle',
    source: 'import-js/eslint-plugin-import#3147',
    files: {
      'src/a.ts': "import './b.js'; export const f = () => 1;",
      'src/b.ts': "import './c.js';",
      'src/c.ts': "import { f } from './a.js'; f();",
    },
    rule: CIRCLES,
    finds: ['src/a.ts:1'],
  },
  {
    says: 'import() in a function closes a circle unless it is allowed to',
    source: 'oxc-project/oxc#25555',
    files: {
      'src/a.ts': "export const load = () => import('./b.js'); export const a = 1;",
      'src/b.ts': "import { a } from './a.js'; export const b = a;",
    },
    rule: CIRCLES,
    finds: ['src/a.ts:1'],
  },
  {
    says: 'import() in a function is left alone when lazy circles are allowed',
    source: 'import-js/eslint-plugin-import#2265',
    files: {
      'src/a.ts': "export const load = () => import('./b.js'); export const a = 1;",
      'src/b.ts': "import { a } from './a.js'; export const b = a;",
    },
    rule: { ...CIRCLES, lazy: 'allow' },
    finds: [],
  },
  {
    says: 'import() at top level is no lazy one',
    source: 'oxc-project/oxc#25555',
    files: {
      'src/a.ts': "await import('./b.js'); export const a = 1;",
      'src/b.ts': "import { a } from './a.js'; export const b = a;",
    },
    rule: { ...CIRCLES, lazy: 'allow' },
    finds: ['src/a.ts:1'],
  },
  {
    says: 'a lazy circle does not hide an ordinary one beside it',
    source: 'import-js/eslint-plugin-import pull 2387',
    files: {
      'src/a.ts': "export const load = () => import('./b.js'); export const a = 1;",
      'src/b.ts': "import { a } from './a.js';\nimport { c } from './c.js';\nexport const b = a + c;",
      'src/c.ts': "import { b } from './b.js'; export const c = 1; export const d = () => b;",
    },
    rule: { ...CIRCLES, lazy: 'allow' },
    finds: ['src/b.ts:2'],
  },
  {
    says: 'one entry of a package can be banned and another not',
    source: 'nrwl/nx#18552',
    files: {
      ...WORKSPACE,
      'apps/web/src/a.ts':
        "import { core } from '@o/a/core';\nexport const get = async () => [core, await import('@o/a/feature')];",
    },
    rule: { kind: 'boundary', files: ['apps/**'], mustNotImport: ['libs/a/src/feature.ts'] },
    finds: ['apps/web/src/a.ts:2'],
  },
  {
    says: 'a lazily loaded library is imported like any other',
    source: 'nrwl/nx#3857',
    files: {
      ...WORKSPACE,
      'apps/web/src/routes.ts':
        "export const routes = [{ path: 'a', loadChildren: () => import('@o/a/feature').then((m) => m.feature) }];",
    },
    rule: { kind: 'boundary', files: ['apps/**'], packages: ['@o/a'] },
    finds: ['apps/web/src/routes.ts:1'],
  },
  {
    says: 'entries of two libraries that use each other are no circle of files',
    source: 'nrwl/nx#10269',
    files: {
      'libs/util/logging.ts': 'export const log = 1;',
      'libs/api/service.ts': "import { log } from '@util/logging'; export const serve = log;",
      'libs/util/validation.ts': "import { serve } from '@api/service'; export const valid = serve;",
    },
    options: { paths: { '@util/*': ['./libs/util/*'], '@api/*': ['./libs/api/*'] } },
    rule: CIRCLES,
    finds: [],
  },
  {
    says: 'JavaScript and JSON of another layer are reported without any more setting',
    source: 'javierbrea/eslint-plugin-boundaries#448',
    files: {
      'src/models/models.js':
        "import theDefault, { view } from '../views/views.js';\nimport foo from '../views/foo.json';\nexport const model = [view, theDefault, foo];",
      'src/views/views.js': 'export const view = 1; export default view;',
      'src/views/foo.json': '{}',
    },
    rule: { kind: 'boundary', files: ['src/models/**'], mustNotImport: ['src/views/**'] },
    finds: ['src/models/models.js:1', 'src/models/models.js:2'],
  },
  {
    says: 'a style sheet beside a component is none of another one',
    source: 'Shopify/eslint-plugin-shopify#156',
    files: {
      'src/components/Hidden/Hidden.ts': "import './Hidden.scss';\nimport '../Shown/Shown.scss';",
      'src/components/Hidden/Hidden.scss': '',
      'src/components/Shown/Shown.scss': '',
    },
    rule: { kind: 'siblings', modules: 'src/components/<component>' },
    finds: ['src/components/Hidden/Hidden.ts:2'],
  },
  {
    says: 'tests may import what is only loaded lazily elsewhere',
    source: 'nrwl/nx#17737',
    files: {
      'src/lazy/page.ts': 'export const page = 1;',
      'src/app/routes.ts': "import { page } from '../lazy/page.js'; export const r = page;",
      'src/app/routes.spec.ts': "import { page } from '../lazy/page.js'; export const r = page;",
    },
    rule: {
      kind: 'boundary',
      files: ['src/app/**'],
      mustNotImport: ['src/lazy/**'],
      except: ['**/*.spec.ts'],
    },
    finds: ['src/app/routes.ts:1'],
  },
  {
    says: 'what lies behind an index is reached through it',
    source: 'sverweij/dependency-cruiser#649',
    files: {
      'libs/one/index.ts': "export * from './service.js'; export * from './other.js';",
      'libs/one/service.ts': 'export const service = 1;',
      'libs/one/other.ts': 'export const other = 1;',
      'libs/two/handler.ts': "import { service } from '../one/index.js'; export const handler = service;",
      'libs/two/free.ts': "import { other } from '../one/index.js'; export const free = other;",
    },
    rule: { kind: 'noReference', symbols: ['libs/one/service.ts#service'], except: ['libs/one/**'] },
    finds: ['libs/two/handler.ts:1'],
  },
  {
    says: 'a name that is a URL leads to no file of the project',
    source: 'import-js/eslint-plugin-import pull 1218',
    files: {
      'src/db/pool.ts': 'export {};',
      'src/a.ts': "export const load = () => import('https://example.org/x.js');",
    },
    rule: { kind: 'boundary', files: ['src/a.ts'], mustNotImport: ['src/db/**'] },
    finds: [],
  },
];

holdProjects(REPORTS);
