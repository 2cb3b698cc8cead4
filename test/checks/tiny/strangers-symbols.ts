/** Symbols in the hands of strangers: computed members, overloads, deprecated things, objects, classes, namespaces. */
import type { TinyProject } from './project.ts';

const BANNED = { kind: 'noReference', symbols: ['src/api.ts#old'] };
const API = { 'src/api.ts': 'export function old(n: number): number { return n; }\nexport const fine = 1;' };

export const STRANGERS_SYMBOLS: readonly TinyProject[] = [
  {
    says: 'a member is found behind a computed key, an optional chain, a bracket and a destructured default',
    source: 'by hand, members of classes',
    files: {
      'src/api.ts':
        "export const KEY = 'run';\nexport class Job { run(): void {} stop(): void {} static make(): Job { return new Job(); } }",
      'src/a.ts': [
        "import { Job, KEY } from './api';",
        'const job: Job | undefined = Job.make();',
        'job?.run();',
        "job!['run']();",
        'job![KEY]();',
        'const { run: go = () => undefined } = job!;',
        'job?.stop();',
        'class Sub extends Job { override run(): void { super.run(); } }',
        'job?.[KEY]();',
        'export const a = [go, Sub];',
      ].join('\n'),
    },
    rule: { kind: 'noReference', symbols: ['src/api.ts#Job.run'], uses: ['call', 'value'] },
    options: { strict: true },
    finds: [
      'src/a.ts:3',
      'src/a.ts:4',
      'src/a.ts:5',
      'src/a.ts:6',
      'src/a.ts:8',
      'src/a.ts:9',
      'src/a.ts:10',
    ],
  },
  {
    says: 'a member whose name is a symbol or a computed constant may be banned',
    source: 'by hand, members of classes',
    files: {
      'src/api.ts':
        "export const NAME = 'hidden' as const;\nexport class Box { [NAME](): number { return 1; } get open(): number { return 1; } set open(n: number) {} }",
      'src/a.ts':
        "import { Box, NAME } from './api';\nconst box = new Box();\nbox[NAME]();\nbox.hidden();\nbox.open = 2;\nexport const a = box.open;",
    },
    rule: { kind: 'noReference', symbols: ['src/api.ts#Box.hidden', 'src/api.ts#Box.open'] },
    finds: ['src/a.ts:3', 'src/a.ts:4', 'src/a.ts:5', 'src/a.ts:6'],
  },
  {
    says: 'one overload is banned, whatever stands between the names of its parameters',
    source: 'by hand, overloads',
    files: {
      'src/api.ts':
        'export function conv(a: number): string;\nexport function conv(a: string, b?: number): string;\nexport function conv(a: unknown): string { return String(a); }',
      'src/a.ts':
        "import { conv } from './api';\nexport const a = [\n  conv(1),\n  conv('x'),\n  conv('x', 2),\n  ['y'].map((y) => conv(y)),\n];",
    },
    rule: { kind: 'noReference', symbols: ['src/api.ts#conv(a:string,b?:number)'] },
    finds: ['src/a.ts:4', 'src/a.ts:5', 'src/a.ts:6'],
  },
  {
    says: 'what is deprecated is found on functions, overloads, members, enums, types, and re-exports',
    source: 'typescript-eslint, no-deprecated',
    files: {
      'src/api.ts': [
        '/** @deprecated use g */ export function f(): void {}',
        'export interface Options { /** @deprecated */ old?: boolean; fine?: boolean }',
        'export enum Kind { /** @deprecated */ A, B }',
        '/** @deprecated */ export type Row = string;',
        '/** @deprecated */ export class Old {}',
        'export function over(a: number): void;',
        '/** @deprecated */ export function over(a: string): void;',
        'export function over(a: unknown): void {}',
        '/** @deprecated */ export const constant = 1;',
      ].join('\n'),
      'src/barrel.ts': "export * from './api';",
      'src/a.ts': [
        "import { f, type Options, Kind, type Row, Old, over, constant } from './barrel';",
        'f();',
        'const options: Options = { old: true, fine: true };',
        'const kind = Kind.A, other = Kind.B;',
        'let row: Row;',
        'new Old();',
        'over(1);',
        "over('x');",
        'export const a = [options.fine, kind, other, constant];',
      ].join('\n'),
    },
    rule: { kind: 'noReference', deprecated: true, except: ['src/barrel.ts'] },
    finds: ['src/a.ts:2', 'src/a.ts:3', 'src/a.ts:4', 'src/a.ts:5', 'src/a.ts:6', 'src/a.ts:8', 'src/a.ts:9'],
  },
  {
    says: 'a default export under a chain of names is one thing',
    source: 'by hand, default exports',
    files: {
      'src/api.ts': 'export default class Client { send(): void {} }',
      'src/one.ts': "export { default as One } from './api';",
      'src/two.ts': "import C from './api';\nexport { C as default };",
      'src/three.ts': "export * as api from './api';",
      'src/a.ts': [
        "import { One } from './one';",
        "import Two from './two';",
        "import { api } from './three';",
        "import type { default as T } from './api';",
        'new One().send();',
        'new Two().send();',
        'new api.default().send();',
        'export let t: T;',
      ].join('\n'),
    },
    rule: { kind: 'noReference', symbols: ['src/api.ts#default.send'] },
    finds: ['src/a.ts:5', 'src/a.ts:6', 'src/a.ts:7'],
  },
  {
    says: 'a function is followed through objects, closures and returned values, and where nobody can tell that is said',
    source: 'by hand, values',
    files: {
      ...API,
      'src/a.ts': [
        "import * as api from './api';",
        'const table = { go: api.old, nested: { go: api.old } };',
        'table.nested.go(1);',
        'const pick = () => api.old;',
        'pick()(2);',
        'export const dynamic = (name: keyof typeof api) => api[name];',
        'const bound = api.old.bind(undefined, 1);',
        'export const a = [bound(), Reflect.apply(api.old, undefined, [1])];',
      ].join('\n'),
    },
    rule: { ...BANNED, uses: ['call', 'value', 'namespace'] },
    finds: [
      'src/a.ts:2',
      'src/a.ts:2',
      'src/a.ts:3',
      'src/a.ts:4',
      'src/a.ts:5',
      'src/a.ts:6 unprovable',
      'src/a.ts:7',
      'src/a.ts:8',
      'src/a.ts:8',
    ],
  },
  {
    says: 'a shadowing name, a string, a property of the same name and a label are other things',
    source: 'by hand, names',
    files: {
      ...API,
      'src/a.ts': [
        "import { fine } from './api';",
        'function old(n: number): number { return n; }',
        'export const a = [old(1), { old: 1 }.old, "old", fine];',
        'old: for (;;) break old;',
        'export interface Has { old(n: number): number }',
      ].join('\n'),
    },
    rule: BANNED,
    finds: [],
  },
  {
    says: 'import() and require with names taken apart use what they take',
    source: 'by hand, dynamic imports',
    files: {
      ...API,
      'src/a.ts': [
        "export const a = async () => (await import('./api')).old(1);",
        "export const b = import('./api').then(({ fine }) => fine);",
        "export const c = import('./api').then(({ old: o }) => o(1));",
        "export const d = Promise.all([import('./api')]).then(([m]) => m.old(1));",
      ].join('\n'),
      'src/b.js': "const { old, fine } = require('./api');\nexports.b = [old(1), fine];",
    },
    rule: { ...BANNED, uses: ['call'] },
    finds: ['src/a.ts:1', 'src/a.ts:3', 'src/a.ts:4', 'src/b.js:2'],
  },
  {
    says: 'a namespace merged over files is one, and its members are found by any of them',
    source: 'typescriptlang.org, declaration merging',
    files: {
      'src/one.ts': 'namespace App { export const used = 1; export function old(): void {} }',
      'src/two.ts':
        'namespace App { export const more = old(); }\nApp.old();\nimport Short = App.old;\nShort();',
    },
    rule: { kind: 'noReference', symbols: ['src/one.ts#App.old'], uses: ['call'] },
    options: { module: 'none', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    finds: ['src/two.ts:1', 'src/two.ts:2', 'src/two.ts:4'],
  },
  {
    says: 'JSX uses the component it names, spread or not, and a decorator the function it calls',
    source: 'by hand, JSX and decorators',
    files: {
      'src/api.tsx':
        'export const Old = (p: { n?: number }) => null;\nexport const mark = (...a: unknown[]): any => undefined;\nexport const ui = { Old };',
      'src/a.tsx': [
        "import { Old, mark, ui } from './api';",
        'export const one = <Old n={1} />;',
        'export const two = <ui.Old />;',
        'export const three = <Old></Old>;',
        '@mark class A { @mark() m() {} }',
        'export { A };',
      ].join('\n'),
      'src/jsx.d.ts':
        'declare namespace JSX { interface Element {} interface IntrinsicElements { div: {} } }',
    },
    rule: {
      kind: 'noReference',
      symbols: ['src/api.tsx#Old', 'src/api.tsx#mark'],
      uses: ['call', 'value'],
    },
    options: { jsx: 'preserve' },
    finds: ['src/a.tsx:2', 'src/a.tsx:3', 'src/a.tsx:4', 'src/a.tsx:5', 'src/a.tsx:5'],
  },
  {
    says: 'a static member and one of the instances that have one name are both meant by it',
    source: 'typeorm, AuroraPostgresDriver.supportedIsolationLevels',
    files: {
      'src/api.ts': [
        'export class Driver { static levels = [1]; levels = Driver.levels; }',
        'export class Other extends Driver { static levels = [2]; levels = [3]; }',
        'export interface Both { x: number }',
        'export namespace Both { export const x = 1; }',
      ].join('\n'),
      'src/a.ts': [
        "import { Both, Driver, Other } from './api';",
        'export const a = new Driver().levels;',
        'export const b = Driver.levels;',
        'export const c = [new Other().levels, Other.levels];',
        'export const d = (one: Both) => one.x;',
        'export const e = Both.x;',
      ].join('\n'),
    },
    rule: { kind: 'noReference', symbols: ['src/api.ts#Driver.levels', 'src/api.ts#Both.x'] },
    finds: ['src/a.ts:2', 'src/a.ts:3', 'src/a.ts:5', 'src/a.ts:6'],
  },
  {
    says: 'static members override static ones, those of instances those of instances',
    source: 'by hand, implementations',
    files: {
      'src/api.ts': [
        'export class Driver { static make() {} open() {} }',
        'export class Other extends Driver { static override make() {} override open() {} static open() {} make() {} }',
      ].join('\n'),
      'src/a.ts': [
        "import { Other } from './api';",
        'Other.make();',
        'new Other().make();',
        'Other.open();',
        'new Other().open();',
      ].join('\n'),
    },
    rule: {
      kind: 'noReference',
      symbols: ['src/api.ts#Driver.make', 'src/api.ts#Driver.open'],
      implementations: true,
    },
    finds: ['src/a.ts:2', 'src/a.ts:5'],
  },
  {
    says: 'a file may have a function of its own with the name of a global one that it declares',
    source: 'by hand, names of a file',
    files: {
      'src/api.ts': [
        'function old(): void {}',
        'declare global { function old(): void; }',
        'export const fine = old;',
      ].join('\n'),
      'src/a.ts': 'old();\nexport {};',
    },
    rule: { kind: 'noReference', symbols: ['src/api.ts#old'] },
    finds: ['src/a.ts:1'],
  },
  {
    // TypeScript 7 makes an alias of its own of what such a script exports.
    says: 'a script that also declares types in comments passes on its class or function as a whole',
    source: 'webpack/webpack, lib/errors/DuplicateModulesWarning.js',
    files: {
      'src/old.js': [
        '/** @typedef {object} Details',
        ' * @property {string} name */',
        'class Old { run() {} }',
        'module.exports = Old;',
      ].join('\n'),
      'src/build.js': '/** @typedef {string} Word */\nfunction build() {}\nmodule.exports = build;',
      'src/a.js': [
        "const Old = require('./old');",
        "const make = require('./build');",
        '/** @type {Old} */',
        'let x;',
        'new Old().run();',
        'class Mine extends Old {}',
        'make();',
        'module.exports = { Mine, x };',
      ].join('\n'),
    },
    options: { module: 'commonjs', moduleResolution: 'bundler', checkJs: true },
    rule: { kind: 'noReference', symbols: ['src/old.js#Old', 'src/build.js#build'] },
    finds: ['src/a.js:3', 'src/a.js:5', 'src/a.js:6', 'src/a.js:7'],
  },
  {
    says: 'what a CommonJS module exports has the name it is exported by, however it is made',
    source: 'nodejs.org, CommonJS modules',
    files: {
      'src/api.js': [
        'exports.inline = () => 1;',
        "Object.defineProperty(exports, 'defined', { value: () => 1 });",
        'exports.both = exports.twice = () => 1;',
        'exports.Kind = { A: 1, B: 2 };',
      ].join('\n'),
      'src/whole.js': 'module.exports = { old: () => 1, fine: 2 };',
      'src/a.js': [
        "const api = require('./api');",
        'api.inline();',
        'api.defined();',
        'api.both();',
        'api.Kind.A;',
        'api.Kind.B;',
        "const { old, fine } = require('./whole');",
        'old();',
      ].join('\n'),
    },
    options: { module: 'commonjs', moduleResolution: 'bundler' },
    rule: {
      kind: 'noReference',
      symbols: ['inline', 'defined', 'both', 'Kind.A']
        .map((name) => `src/api.js#${name}`)
        .concat('src/whole.js#old'),
      uses: ['call', 'value'],
    },
    finds: ['src/a.js:2', 'src/a.js:3', 'src/a.js:4', 'src/a.js:5', 'src/a.js:7', 'src/a.js:8'],
  },
];
