/**
 * Opens projects with the native TypeScript 7. Its resolution cannot be replaced, so what it needs to be told (sources of
 * packages of this repository, `baseUrl`, bases of configurations that are not installed) is put into configurations
 * that exist in memory only.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { API, type Project } from 'typescript/unstable/sync';
import { InputError } from '#base/input-error.ts';
import { createLeads } from '../resolve/leads.ts';
import type { TsconfigOptions } from '../resolve/tsconfig-file.ts';
import { TypeScript7 } from './compiler-ts7.ts';
import { NoFilesError, type Opener } from './opener.ts';
import { solutionOf } from './solution.ts';
import { workspacePaths } from './workspace-paths.ts';

/** Files that only exist here, by path, and the compiler's process that sees them. */
interface Session {
  readonly made: Map<string, string>;
  /** The process; the one that sees made files asks for every file it reads and is therefore slower. */
  readonly api: () => API;
  /** Says that a project lent out is served by the process of now, which must go on. */
  readonly keep: () => void;
  readonly close: () => void;
}

/** How much the compiler's heap may grow between two collections, in percent: less memory for a little more time. */
const HEAP_GROWTH = '40';

/** Options this compiler does not know, or no longer: the rest of the file is still good. */
const FORGIVEN_CODES = new Set([5023, 5024, 5025, 5102, 5108, 6046]);

function createSession(): Session {
  process.env['GOGC'] ??= HEAP_GROWTH;
  const made = new Map<string, string>();
  const started: { plain?: API; overlaid?: API; isPlainKept?: boolean } = {};
  const fileSystem = {
    readFile: (name: string) => made.get(name),
    fileExists: (name: string) => (made.has(name) ? true : undefined),
  };
  return {
    made,
    api: () => {
      const cwd = process.cwd();
      if (made.size === 0) return (started.plain ??= new API({ cwd }));
      // Two processes would hold the project twice.
      if (started.plain !== undefined && started.isPlainKept !== true) {
        started.plain.close();
        delete started.plain;
      }
      return (started.overlaid ??= new API({ cwd, fs: fileSystem }));
    },
    keep: () => {
      started.isPlainKept ||= made.size === 0;
    },
    close: () => {
      started.plain?.close();
      started.overlaid?.close();
    },
  };
}

/** An opener that serves all projects from one compiler process. */
export function createTypeScript7Opener(): Opener {
  const session = createSession();
  return {
    open: (source) => {
      if (source.files !== undefined) {
        const config = writeConfig(source.tsconfig, source.files);
        session.keep();
        return [
          new TypeScript7(
            openProject(session, config),
            createLeads(source.tsconfig, () => []),
            source.tsconfig,
          ),
        ];
      }
      const parts = solutionOf(path.resolve(source.tsconfig)).map((config) =>
        openWithSources(session, config),
      );
      const [first, ...others] = parts.filter((part) => part.files.length > 0);
      if (first !== undefined) return [first, ...others];
      throw new NoFilesError(source.tsconfig);
    },
    close: session.close,
  };
}

function openProject(session: Session, config: string): Project {
  const snapshot = session.api().updateSnapshot({ openProjects: [config] });
  const project = snapshot.getProject(config) ?? snapshot.getProjects().at(-1);
  if (project === undefined) throw new InputError(`${config}: cannot be used: it cannot be read`);
  const [first] = project.program
    .getConfigFileParsingDiagnostics()
    .filter(({ code }) => !FORGIVEN_CODES.has(code));
  if (first !== undefined) throw new InputError(`${config}: cannot be used: ${first.text}`);
  return project;
}

/**
 * A project in which imports of packages of this repository lead to their sources, and `baseUrl`, which this compiler
 * no longer knows, is still honoured. What the files import is looked up before the project is opened, since opening
 * twice costs as much again; sources of other packages may bring new imports, so it is opened until there are none.
 */
function openWithSources(session: Session, config: string): TypeScript7 {
  let conditions: readonly string[] = [];
  const leads = createLeads(config, () => conditions);
  const given = leads.mappings(config);
  conditions = given.customConditions ?? [];
  for (const [file, text] of leads.rewritten) session.made.set(file, text);
  const isScript = given.allowJs === true;
  const own = new Map(workspacePaths(likelyFiles(config), leads, isScript));
  for (;;) {
    const isPlain = own.size === 0 && given.baseUrl === undefined;
    const project = openProject(session, isPlain ? config : withPaths(session, config, own, given));
    const found = workspacePaths(project.program.getSourceFileNames(), leads, isScript);
    const fresh = [...found].filter(([specifier]) => !own.has(specifier));
    if (fresh.length === 0) {
      session.keep();
      return new TypeScript7(project, leads, config);
    }
    for (const [specifier, file] of fresh) own.set(specifier, file);
  }
}

/** Files below a configuration, most of which belong to it; none where it only refers to others. */
function likelyFiles(config: string): readonly string[] {
  if (/"files"\s*:\s*\[\s*\]/.test(readFileSync(config, 'utf8'))) return [];
  return globSync('**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', {
    cwd: path.dirname(config),
    absolute: true,
    ignore: ['**/node_modules/**', '**/{dist,build,out,.next}/**', '**/*.d.ts'],
  });
}

/** A configuration in memory that adds to another where imports lead. */
function withPaths(
  session: Session,
  config: string,
  own: ReadonlyMap<string, readonly [string]>,
  given: TsconfigOptions,
): string {
  const name = path.join(path.dirname(config), `.conform-${own.size}.tsconfig.json`);
  const anything = given.baseUrl === undefined ? {} : { '*': [path.join(given.baseUrl, '*')] };
  const paths = { ...anything, ...Object.fromEntries(own), ...given.paths };
  session.made.set(name, JSON.stringify({ extends: config, compilerOptions: { paths } }));
  return name;
}

/** A configuration that names given files, beside the caches of the project so that packages are still found. */
function writeConfig(tsconfig: string, files: readonly string[]): string {
  const folder = path.join(path.dirname(tsconfig), '.cache', 'lint');
  mkdirSync(folder, { recursive: true });
  const name = path.dirname(files[0] ?? 'none').replaceAll(/[^A-Za-z0-9]+/g, '-');
  const file = path.join(folder, `tsconfig${name}.json`);
  writeFileSync(file, JSON.stringify({ extends: tsconfig, files, include: [], exclude: [] }));
  return file;
}
