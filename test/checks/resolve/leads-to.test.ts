// Where imports of a monorepo lead: the same whether packages are built, linked, installed or not.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLeads } from '#checks/resolve/leads.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leads-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

function leadsOf(...specifiers: readonly string[]): readonly string[] {
  const leads = createLeads(path.join(folder, 'tsconfig.json'), () => []);
  return specifiers.map((specifier) => {
    const { file, how } = leads.to(path.join(folder, 'apps/web/src/a.ts'), specifier);
    return file === undefined ? how : path.relative(folder, file);
  });
}

const PACKAGES = {
  'tsconfig.json': { compilerOptions: {} },
  'apps/web/package.json': { name: 'web' },
  'apps/web/src/a.ts': '',
  'libs/table/package.json': {
    name: '@o/table',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './deep/*': './dist/deep/*.js',
      './deep/secret/*': null,
      './inner/*': { import: { types: './dist/inner/*/index.d.ts' } },
    },
  },
  'libs/table/src/index.ts': '',
  'libs/table/src/deep/x.ts': '',
  'libs/table/src/deep/secret/y.ts': '',
  'libs/table/src/inner/z/index.tsx': '',
  'libs/main/package.json': { name: 'main', main: 'lib/start.js' },
  'libs/main/src/start.ts': '',
  'libs/main/src/other.ts': '',
  'libs/mapped/package.json': { name: 'mapped', types: 'made/entry.d.ts' },
  'libs/mapped/tsconfig.json':
    '{ /* comments */ "compilerOptions": { "outDir": "made", "rootDir": "code" } }',
  'libs/mapped/code/entry.ts': '',
};

const NAMES = ['@o/table', '@o/table/deep/x', '@o/table/inner/z', 'main', 'main/src/other', 'mapped'];
const SOURCES = [
  'libs/table/src/index.ts',
  'libs/table/src/deep/x.ts',
  'libs/table/src/inner/z/index.tsx',
  'libs/main/src/start.ts',
  'libs/main/src/other.ts',
  'libs/mapped/code/entry.ts',
];

describe('packages of the repository', () => {
  it('should lead to their sources by the list of npm, yarn, pnpm or rush', () => {
    write(PACKAGES);
    const lists: Readonly<Record<string, Readonly<Record<string, string | object>>>> = {
      npm: { 'package.json': { workspaces: ['apps/*', 'libs/*'] } },
      yarn: { 'package.json': { workspaces: { packages: ['./apps/*', 'libs/**'] } } },
      pnpm: { 'package.json': {}, 'pnpm-workspace.yaml': 'packages:\n  # all\n  - "apps/*"\n  - libs/*\n' },
      rush: {
        'package.json': {},
        'rush.json':
          '{ /* why */ "projects": [{ "packageName": "x", "projectFolder": "apps/web" }, { "projectFolder": "libs/table" }, { "projectFolder": "libs/main" }, { "projectFolder": "libs/mapped" }] }',
      },
    };
    for (const [tool, files] of Object.entries(lists)) {
      write(files);
      expect([tool, ...leadsOf(...NAMES)]).toEqual([tool, ...SOURCES]);
      for (const name of ['pnpm-workspace.yaml', 'rush.json'])
        rmSync(path.join(folder, name), { force: true });
    }
  });

  it('should not change their sources by being linked or built', () => {
    write({ ...PACKAGES, 'package.json': { workspaces: ['apps/*', 'libs/*'] } });
    mkdirSync(path.join(folder, 'node_modules/@o'), { recursive: true });
    symlinkSync(path.join(folder, 'libs/table'), path.join(folder, 'node_modules/@o/table'));
    symlinkSync(path.join(folder, 'libs/main'), path.join(folder, 'node_modules/main'));
    expect(leadsOf(...NAMES)).toEqual(SOURCES);
    write({
      'libs/table/dist/index.d.ts': '',
      'libs/table/dist/index.js': '',
      'libs/table/dist/deep/x.js': '',
      'libs/main/lib/start.js': '',
      'libs/mapped/made/entry.d.ts': '',
    });
    expect(leadsOf(...NAMES)).toEqual(SOURCES);
  });

  it('should lead nowhere by a subpath that is closed or not there', () => {
    write({ ...PACKAGES, 'package.json': { workspaces: ['apps/*', 'libs/*'] } });
    expect(leadsOf('@o/table/deep/secret/y', '@o/table/unlisted', '@o/nobody')).toEqual([
      'workspace: no source',
      'workspace: no source',
      'nowhere',
    ]);
  });

  it('should be taken out of the list by an exclamation mark', () => {
    write({ ...PACKAGES, 'package.json': { workspaces: ['apps/*', 'libs/*', '!libs/main'] } });
    expect(leadsOf('main', 'mapped')).toEqual(['nowhere', 'libs/mapped/code/entry.ts']);
    expect(existsSync(path.join(folder, 'libs/main'))).toBe(true);
  });

  it('should be a file by the name it is given, links or not, and a package where its link leads', () => {
    write({
      ...PACKAGES,
      'shared/real.ts': '',
      'shared/pkg/package.json': { name: 'linked', main: './index.ts' },
    });
    write({ 'shared/pkg/index.ts': '', 'apps/web/node_modules/.keep': '' });
    symlinkSync(path.join(folder, 'shared/real.ts'), path.join(folder, 'apps/web/src/link.ts'));
    symlinkSync(path.join(folder, 'shared/pkg'), path.join(folder, 'apps/web/node_modules/linked'));
    // As compilers have it: realpath is for what is installed.
    expect(leadsOf('./link', 'linked')).toEqual(['apps/web/src/link.ts', 'shared/pkg/index.ts']);
  });
});
