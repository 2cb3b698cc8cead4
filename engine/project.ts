/**
 * A project that is judged: its series, what tries its trees, and the contracts of its steps. A configuration says where
 * these are; opening it reads nothing yet.
 */
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { type Contract, readContract } from './contract.ts';
import { contractNameOf } from './series/patches.ts';
import { openSeries, type Series } from './series/trees.ts';
import type { EndsReporter } from './ends.ts';
import { EvidenceStore } from './store.ts';
import type { Subject } from './subject.ts';

/** What a `conform.config.ts` says. Folders are relative to `root`. */
export interface ProjectConfiguration<Lint = unknown> {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  readonly series: {
    readonly before: string;
    readonly after: string;
    /** Patches, with a contract beside each. */
    readonly patches: string;
    readonly variants: string;
  };
  /** Folders of the project that its trees import by `#NAME/…`. */
  readonly imports: readonly string[];
  readonly subject: () => Subject;
  /** What is told of two trees compared by all workloads. */
  readonly ends: EndsReporter;
  /** Tables of operations: what a driver publishes there must be asked for by somebody. */
  readonly operationTables: readonly string[];
  /** Rules of the linter about the project and its trees; nothing of the engine looks into them. */
  readonly lint: Lint;
}

/** Gives `configuration` its type. */
export function defineProject<Lint>(configuration: ProjectConfiguration<Lint>): ProjectConfiguration<Lint> {
  return configuration;
}

/** A project as the commands use it. */
export interface Project<Lint = unknown> extends Omit<ProjectConfiguration<Lint>, 'series' | 'subject'> {
  readonly series: Series;
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

/** Opens a project. */
export function openProject<Lint>(
  configuration: ProjectConfiguration<Lint>,
  { cacheDir, cacheHome, warn = () => {} }: ProjectOptions = {},
): Project<Lint> {
  const { root, series: where, imports } = configuration;
  let folder: string | undefined;
  const cache = (): string => (folder ??= cacheFolder({ root, given: cacheDir, cacheHome, imports }, warn));
  const series = openSeries(
    {
      before: join(root, where.before),
      after: join(root, where.after),
      patches: join(root, where.patches),
      variants: join(root, where.variants),
    },
    cache,
  );
  let subject: Subject | undefined;
  let contracts: readonly Contract[] | undefined;
  return {
    ...configuration,
    series,
    get subject() {
      return (subject ??= configuration.subject());
    },
    contracts: () => (contracts ??= contractsOf(series, (subject ??= configuration.subject()))),
    get cache() {
      return cache();
    },
    store: (isFresh) => new EvidenceStore(join(cache(), 'evidence'), warn, isFresh),
  };
}

function contractsOf({ source, patches }: Series, subject: Subject): Contract[] {
  return patches().map(({ step, fileName }) =>
    readContract(join(source.patches, contractNameOf(fileName)), step, subject),
  );
}
