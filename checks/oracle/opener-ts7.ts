/**
 * Opens projects with the native TypeScript 7. Its resolution cannot be replaced, so what it needs to be told (sources of
 * packages of this repository, `baseUrl`, aliases of other packages, bases that are not installed) is put into configurations
 * that exist in memory only.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { API, type Project } from 'typescript/unstable/sync';
import { InputError } from '#base/input-error.ts';
import { isFile, readObject } from '../resolve/json-file.ts';
import { createLeads, type Leads } from '../resolve/leads.ts';
import { solutionOf } from '../resolve/solution.ts';
import { nearestTsconfig, referencesOf } from '../resolve/tsconfig-file.ts';
import { TypeScript7 } from './compiler-ts7.ts';
import { groupBy } from './modules.ts';
import { NoFilesError, type Opener } from './opener.ts';
import {
  createNamedIn,
  type NamedIn,
  withReached,
  workspacePaths,
  type WorkspacePaths,
} from './workspace-paths.ts';

/** Files that only exist here, by path, and the compiler's process that sees them. */
interface Session {
  readonly made: Map<string, string>;
  /** The process; the one that sees made files asks for every file it reads and is therefore slower. */
  readonly api: () => API;
  /** Says that a project lent out is served by the process of now, which must go on. */
  readonly keep: () => void;
  /** Configurations that nobody asks about any more, by process: they are let go with the next one that is opened. */
  readonly left: Map<API, string[]>;
  readonly close: () => void;
}

/** How much the compiler's heap may grow between two collections, in percent: on 3,000 files a fifth less time than at 40, for a tenth more memory. */
const HEAP_GROWTH = '200';

/** Options this compiler does not know, or no longer: the rest of the file is still good. */
const FORGIVEN_CODES = new Set([5023, 5024, 5025, 5102, 5108, 6046]);
/** It names no file, which is told in other words, or left out where others do. */
const NO_INPUTS_CODES = new Set([18002, 18003]);

function createSession(): Session {
  process.env['GOGC'] ??= HEAP_GROWTH;
  const made = new Map<string, string>();
  const started: { plain?: API; overlaid?: API; isPlainKept?: boolean } = {};
  const fileSystem = {
    readFile: (name: string) => made.get(name),
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
    left: new Map(),
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
        const config = configOf(session, source.tsconfig, source.files);
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

/** A project, and how to say that it is not needed any more: a repository may have more of them than memory has room for. */
interface OpenedProject {
  readonly project: Project;
  readonly leave: () => void;
}

function openProject(session: Session, config: string): OpenedProject {
  const api = session.api();
  const closeProjects = (session.left.get(api) ?? []).filter((one) => one !== config);
  session.left.set(api, []);
  const snapshot = api.updateSnapshot({ openProjects: [config], closeProjects });
  const project = snapshot.getProject(config) ?? snapshot.getProjects().at(-1);
  if (project === undefined) throw new InputError(`${config}: cannot be used: it cannot be read`);
  const [first] = project.program
    .getConfigFileParsingDiagnostics()
    .filter(({ code }) => !FORGIVEN_CODES.has(code) && !NO_INPUTS_CODES.has(code));
  if (first !== undefined) throw new InputError(`${config}: cannot be used: ${first.text}`);
  const leave = (): void => {
    snapshot.dispose();
    session.left.get(api)?.push(config);
  };
  return { project, leave };
}

/**
 * A project in which imports of packages of this repository lead to their sources, `baseUrl`, which this compiler no
 * longer knows, is still honoured, and files of other packages are read by `paths` of their own configurations. What the
 * files import is looked up before the project is opened, since opening twice costs as much again; sources of other
 * packages may bring new imports, so it is opened until there are none.
 */
function openWithSources(session: Session, config: string): TypeScript7 {
  let conditions: readonly string[] = [];
  const leads = createLeads(config, () => conditions);
  const given = leads.mappings(config);
  conditions = given.customConditions ?? [];
  for (const [file, text] of leads.rewritten(config)) session.made.set(file, text);
  const named = createNamedIn();
  const lookUp = (files: readonly string[]): Entries => entriesOf(files, config, leads, named);
  let entries = lookUp(withReached(likelyFiles(config), path.dirname(config), leads, named));
  for (;;) {
    const isPlain =
      entries.size === 1 && entries.get(config)?.paths.size === 0 && given.baseUrl === undefined;
    const opened = openProject(session, isPlain ? config : withPaths(session, config, entries, leads));
    const { project } = opened;
    const found = lookUp(project.program.getSourceFileNames());
    const isFresh = [...found].some(([holder, { paths }]) =>
      [...paths.keys()].some((specifier) => entries.get(holder)?.paths.has(specifier) !== true),
    );
    if (!isFresh && [...found.keys()].every((holder) => entries.has(holder))) {
      session.keep();
      const notes = [...found.values()].flatMap((one) => one.notes);
      return new TypeScript7(opened, leads, config, [...leads.notes, ...notes]);
    }
    opened.leave();
    entries = found;
  }
}

/** Entries for `paths` by the configuration they are for: the one opened, and those of other packages. */
type Entries = ReadonlyMap<string, WorkspacePaths>;

/** What the names in files lead to, by the configuration that says what they mean. */
function entriesOf(files: readonly string[], config: string, leads: Leads, named: NamedIn): Entries {
  const given = leads.mappings(config);
  const holderOf = createHolders(config, leads);
  const own = files.filter((file) => file.startsWith('/') && !file.includes('/node_modules/'));
  const groups = groupBy([...new Set(own)], (file) => holderOf(path.dirname(file)));
  if (!groups.has(config)) groups.set(config, []);
  return new Map([...groups].map(([holder, list]) => [holder, workspacePaths(list, leads, given, named)]));
}

/** Which configuration says what names in a folder mean: one of another package that has something to say, or the one opened. */
function createHolders(config: string, leads: Leads): (folder: string) => string {
  const saysMore = new Map<string, boolean>();
  const says = (nearest: string): boolean => {
    const { paths, baseUrl } = leads.mappings(nearest);
    const { imports } = readObject(path.join(path.dirname(nearest), 'package.json'));
    return [paths, baseUrl, imports].some((one) => one !== undefined);
  };
  return (folder) => {
    const nearest = nearestTsconfig(folder);
    // Of several configurations side by side the one opened is meant.
    if (nearest === undefined || path.dirname(nearest) === path.dirname(config)) return config;
    const known = saysMore.get(nearest) ?? says(nearest);
    saysMore.set(nearest, known);
    return known ? nearest : config;
  };
}

/** Files below a configuration, most of which belong to it; none where it only refers to others. */
function likelyFiles(config: string): readonly string[] {
  if (!existsSync(config) || /"files"\s*:\s*\[\s*\]/.test(readFileSync(config, 'utf8'))) return [];
  return globSync('**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', {
    cwd: path.dirname(config),
    absolute: true,
    ignore: ['**/node_modules/**', '**/{dist,build,out,.next}/**', '**/*.d.ts'],
  });
}

/**
 * A configuration in memory that adds to another where imports lead. Those of other packages are referred to: the compiler
 * asks them what names in their files mean.
 */
function withPaths(session: Session, config: string, entries: Entries, leads: Leads): string {
  const made = (holder: string, others: readonly string[]): string => {
    for (const [file, text] of leads.rewritten(holder)) session.made.set(file, text);
    const own = entries.get(holder)?.paths ?? new Map<string, readonly [string]>();
    const { baseUrl, paths: given } = leads.mappings(holder);
    const anything = baseUrl === undefined ? {} : { '*': [path.join(baseUrl, '*')] };
    // Where imports lead goes by the given paths already, and knows what is not built.
    const paths = { ...anything, ...given, ...Object.fromEntries(own) };
    const references = [...referencesOf(holder).filter(isFile), ...others].map((file) => ({ path: file }));
    const text = JSON.stringify({ extends: holder, compilerOptions: { paths }, references });
    // Another text has another name, so that nothing is taken for what it was.
    const name = path.join(path.dirname(holder), `.conform-${session.made.size}.tsconfig.json`);
    session.made.set(name, text);
    return name;
  };
  const others = [...entries.keys()].filter((holder) => holder !== config).map((holder) => made(holder, []));
  return made(config, others);
}

/**
 * A configuration that names given files, beside the caches of the project so that packages are still found; in memory where
 * nothing can be written there.
 */
function configOf({ made }: Session, tsconfig: string, files: readonly string[]): string {
  const folder = path.join(path.dirname(tsconfig), '.cache', 'lint');
  const name = path.dirname(files[0] ?? 'none').replaceAll(/[^A-Za-z0-9]+/g, '-');
  const file = path.join(folder, `tsconfig${name}.json`);
  const text = JSON.stringify({ extends: tsconfig, files, include: [], exclude: [] });
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  } catch {
    made.set(file, text);
  }
  return file;
}
