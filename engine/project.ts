/**
 * A project that is judged: its series, what tries its trees, and the contracts of its steps. A configuration says where
 * these are; opening it reads nothing yet.
 */
import { join } from 'node:path';
import { once } from '#base/once.ts';
import { cacheHome as userCache } from '#base/user-cache.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Contract } from './contract.ts';
import { type Place, type Series } from './series/series.ts';
import type { EndsReporter } from './ends.ts';
import { EvidenceStore } from './store.ts';
import type { Subject } from './subject.ts';
import type { Sweep } from './sweep.ts';

/** What a project is made of. Folders are relative to `root`. */
export interface ProjectConfiguration<Lint = unknown, Own extends Series = Series> {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  /** `patches(…)` or `gitRange(…)`. */
  readonly series: (place: Place) => Own;
  /** Folders of the project that its trees import by `#NAME/…`, the lowest first: each imports none but those before it. */
  readonly imports: readonly string[];
  readonly subject: () => Subject;
  /** What is told of two trees compared by all workloads; absent where the steps say all there is. */
  readonly ends?: EndsReporter;
  /** Every case of the subject's own making on all trees; absent where it has none. */
  readonly sweep?: Sweep;
  /** The settings that trees are compiled with; absent where they are not TypeScript. */
  readonly tsconfig?: string;
  /** `c` where the trees are C and reviews are to tell their exports and callers. */
  readonly language?: 'c';
  /** Tables of operations: what a driver publishes there must be asked for by somebody. */
  readonly operationTables: readonly string[];
  /** Rules of the linter about the project and its trees; nothing of the engine looks into them. */
  readonly lint: Lint;
  /** Keep things in the folder of the user's own cache unless told otherwise, so that nothing is written into `root`. */
  readonly keepsAside?: boolean;
}

/** Gives `configuration` its type. */
export function defineProject<Lint, Own extends Series>(
  configuration: ProjectConfiguration<Lint, Own>,
): ProjectConfiguration<Lint, Own> {
  return configuration;
}

/** A project as the commands use it. */
export interface Project<Lint = unknown, Own extends Series = Series> extends Omit<
  ProjectConfiguration<Lint, Own>,
  'series' | 'subject'
> {
  readonly series: Own;
  readonly subject: Subject;
  /** One contract a step, in order. Throws `InputError` when one is missing or wrong. */
  readonly contracts: () => readonly Contract[];
  /** Absolute folder for what is kept from run to run. */
  readonly cache: string;
  readonly store: (isFresh: boolean) => EvidenceStore;
}

/** What the world says about keeping things. */
export interface ProjectOptions {
  readonly cacheDir?: string | undefined;
  readonly cacheHome?: string | undefined;
  /** Hears of what is not as asked for, but costs no verdict. */
  readonly warn?: (message: string) => void;
}

/** The same project with another version of its series. Throws `InputError` where there is none of that name. */
export function projectOfVersion(project: Project, version: string): Project {
  const series = project.series.version(version);
  const contracts = once(() => series.contracts(project.subject));
  return { ...project, series, contracts };
}

/** Opens a project. */
export function openProject<Lint, Own extends Series>(
  configuration: ProjectConfiguration<Lint, Own>,
  { cacheDir, cacheHome, warn = () => {} }: ProjectOptions = {},
): Project<Lint, Own> {
  const { root, imports, keepsAside = false } = configuration;
  const home = cacheHome ?? (keepsAside ? userCache() : undefined);
  const cache = once(() => cacheFolder({ root, given: cacheDir, cacheHome: home, imports }, warn));
  const series = configuration.series({ root, imports, cache, warn });
  const subject = once(() => configuration.subject());
  const contracts = once(() => series.contracts(subject()));
  return {
    ...configuration,
    series,
    get subject() {
      return subject();
    },
    contracts,
    get cache() {
      return cache();
    },
    store: (isFresh) => new EvidenceStore(join(cache(), 'evidence'), warn, isFresh),
  };
}
