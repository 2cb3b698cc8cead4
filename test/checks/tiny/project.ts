/** A project of a few files, one rule, and what must be found; written to a folder and judged by both compilers and without one. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lintProject } from '#checks/lint.ts';
import { COMPILERS, compilerOpener, openerFor } from '#checks/oracle/open.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import { loadRules } from '#checks/rules-file.ts';

export interface TinyProject {
  readonly says: string;
  /** The public report or page that asks for it. */
  readonly source: string;
  /** Texts by name; a `tsconfig.json` among them replaces the usual one. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders by the name that links to them. */
  readonly links?: Readonly<Record<string, string>>;
  readonly rule: Readonly<Record<string, unknown>>;
  /** `file:line`, with the certainty where it is no violation. */
  readonly finds: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
}

const OPTIONS = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  allowJs: true,
  noEmit: true,
  types: [],
  // Without the types of browsers, which take longer to read than a project of this size.
  lib: ['es2022'],
};

/** Writes a project with its rule, `R`, into a folder that is there. */
export function writeProject(folder: string, { files, links = {}, rule, options }: TinyProject): void {
  const compilerOptions = { ...OPTIONS, ...options };
  const header = { id: 'R', title: 't', because: 'b', instead: 'i' };
  const all = {
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src', 'libs', 'apps'] }),
    'boundary.config.json': JSON.stringify({ rules: [{ ...header, ...rule }] }),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  for (const [name, target] of Object.entries(links)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    symlinkSync(path.join(folder, target), path.join(folder, name));
  }
}

/** One test for each project: both compilers find what it says, and nothing else; so does a run without one. */
export function holdProjects(projects: readonly TinyProject[]): void {
  let folder = '';
  const openers = new Map<string, Opener>();
  beforeAll(async () => {
    for (const name of COMPILERS) openers.set(name, await compilerOpener(name));
    // Rules about files are judged without a compiler.
    openers.set('no compiler', await openerFor('ts-morph'));
  });
  afterAll(() => {
    for (const opener of openers.values()) opener.close();
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tiny-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(projects.map((project) => [project.source, project] as const))('%s', (_source, project) => {
    it(`should hold that ${project.says}`, async () => {
      writeProject(folder, project);
      const { rules } = await loadRules(path.join(folder, 'boundary.config.json'));
      for (const [name, opener] of openers) {
        const tsconfig = path.join(folder, 'tsconfig.json');
        const { findings } = lintProject({ tsconfig, base: folder, rules, rulesName: 'rules' }, opener);
        const found = findings.map(
          ({ place, certainty }) =>
            `${place.file}:${place.line}${certainty === 'violation' ? '' : ` ${certainty}`}`,
        );
        expect([name, ...found]).toEqual([name, ...project.finds]);
      }
    });
  });
}
