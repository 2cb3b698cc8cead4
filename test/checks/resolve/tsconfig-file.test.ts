// Configurations that extend others: those of packages of the repository are read where they lie, missing ones are told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMPILERS, openerFor } from '#checks/oracle/open.ts';
import { createLeads } from '#checks/resolve/leads.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tsconfig-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return path.join(folder, 'apps/web/tsconfig.json');
}

const REPOSITORY = {
  'package.json': '{ "workspaces": ["apps/*", "packages/*"] }',
  'packages/settings/package.json': '{ "name": "@repo/settings" }',
  'packages/settings/base.json':
    '{ // shared\n "compilerOptions": { "paths": { "~/*": ["${configDir}/src/*"] }, "customConditions": ["source"], }, }',
  'apps/web/package.json': '{ "name": "web" }',
  'apps/web/src/a.ts': 'import "~/b";',
  'apps/web/src/b.ts': 'export {};',
};

describe('a configuration in a monorepo without node_modules', () => {
  it('should have the settings of the package it extends', () => {
    const tsconfig = write({
      ...REPOSITORY,
      'apps/web/tsconfig.json': '{ "extends": "@repo/settings/base.json", "include": ["src"] }',
    });
    const leads = createLeads(tsconfig, () => []);
    expect(leads.to(path.join(folder, 'apps/web/src/a.ts'), '~/b').file).toBe(
      path.join(folder, 'apps/web/src/b.ts'),
    );
    expect(leads.notes).toEqual([]);
  });

  it('should be opened by both compilers, and say what is missing', async () => {
    const tsconfig = write({
      ...REPOSITORY,
      'apps/web/tsconfig.json':
        '{ "extends": ["@tsconfig/node20/tsconfig.json", "@repo/settings/base.json"], "include": ["src"] }',
    });
    for (const name of COMPILERS) {
      const opener = await openerFor(name);
      const [compiler] = opener.open({ tsconfig });
      expect(compiler.files.map((unit) => path.basename(unit.path))).toEqual(['a.ts', 'b.ts']);
      expect(compiler.leads.notes).toEqual([
        `${tsconfig} extends "@tsconfig/node20/tsconfig.json", which is not installed: what it says is left out`,
      ]);
      opener.close();
    }
  });

  it('should leave out a base that is not generated yet, wherever in the chain it is named', async () => {
    const tsconfig = write({
      ...REPOSITORY,
      'apps/web/base.json': '{ "extends": "./.generated/tsconfig", "compilerOptions": { "allowJs": true } }',
      'apps/web/tsconfig.json': '{ "extends": ["./base.json", "./.nuxt/tsconfig.json"], "include": ["src"] }',
      'apps/web/src/c.js': 'import "./b";',
    });
    for (const name of COMPILERS) {
      for (const open of ['open', 'openSyntax'] as const) {
        const opener = await openerFor(name);
        const opened = opener[open]?.({ tsconfig });
        const [compiler] = Array.isArray(opened) ? opened : [opened];
        // What the base says that is there holds: scripts belong to the project.
        expect(compiler.files.map((unit: { path: string }) => path.basename(unit.path))).toEqual([
          'a.ts',
          'b.ts',
          'c.js',
        ]);
        const missing = (file: string, base: string): string =>
          `${path.join(folder, 'apps/web', file)} extends "${base}", which is not there (is it generated?): what it says is left out`;
        expect([...compiler.leads.notes].sort()).toEqual([
          missing('base.json', './.generated/tsconfig'),
          missing('tsconfig.json', './.nuxt/tsconfig.json'),
        ]);
        opener.close();
      }
    }
  });

  it('should leave out a project that is referenced and not there, and say so where nothing else is', async () => {
    const tsconfig = write({
      ...REPOSITORY,
      'apps/web/tsconfig.json':
        '{ "files": [], "references": [{ "path": "./.nuxt/tsconfig.app.json" }, { "path": "./tsconfig.src.json" }] }',
      'apps/web/tsconfig.src.json': '{ "compilerOptions": { "composite": true }, "include": ["src"] }',
    });
    const nowhere = `${tsconfig} references ${path.join(folder, 'apps/web/.nuxt/tsconfig.app.json')}, which is not there (is it generated?): it is left out`;
    for (const name of COMPILERS) {
      const opener = await openerFor(name);
      const [compiler] = opener.open({ tsconfig });
      expect(compiler.files.map((unit) => path.basename(unit.path))).toEqual(['a.ts', 'b.ts']);
      opener.close();
    }
    expect(createLeads(tsconfig, () => []).notes).toEqual([nowhere]);
    write({ 'apps/web/tsconfig.src.json': '{ "files": [] }' });
    for (const name of COMPILERS) {
      const opener = await openerFor(name);
      expect(() => opener.open({ tsconfig })).toThrow(nowhere.replace(': it is left out', ''));
      opener.close();
    }
  });

  it('should do so for the configuration of another package whose names mean something there', async () => {
    const tsconfig = write({
      ...REPOSITORY,
      'apps/web/tsconfig.json': '{ "include": ["src"] }',
      'apps/web/src/a.ts': 'import "@repo/lib/x";',
      'packages/lib/package.json': '{ "name": "@repo/lib", "imports": { "#inner": "./src/inner.ts" } }',
      'packages/lib/tsconfig.json': '{ "extends": "$app/tsconfig" }',
      'packages/lib/x.ts': 'import "#inner";',
      'packages/lib/src/inner.ts': 'export {};',
    });
    for (const name of COMPILERS) {
      const opener = await openerFor(name);
      const [compiler] = opener.open({ tsconfig });
      expect(compiler.files.map((unit) => path.basename(unit.path)).sort()).toEqual([
        'a.ts',
        'b.ts',
        'inner.ts',
        'x.ts',
      ]);
      opener.close();
    }
  });
});
