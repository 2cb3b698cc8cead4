/** The configuration of a project of your own, `conform.config.ts`: docs/OWN-SERIES.md. */

/** How the values of one dimension are compared. */
export interface DimensionOptions {
  /** A few words for readers. */
  readonly meaning?: string | undefined;
  /** `text` when absent. A `set` is words between blanks or commas; of `json` the order of keys does not count. */
  readonly compare?: 'text' | 'number' | 'set' | 'json' | undefined;
  /** Numbers no further apart are equal: `0.5`, or `'5%'` of the larger. */
  readonly tolerance?: number | string | undefined;
  /** Which is better: a lower number (a smaller set), or a higher one. Without it values only differ. */
  readonly stronger?: 'lower' | 'higher' | undefined;
  /** It is what users get, so that a difference nobody declared is a wrong result; where nothing is `stronger` when absent. */
  readonly isResult?: boolean | undefined;
}

/** How a tree is tried. Commands are for the shell; files are relative to the folder of the configuration. */
export interface ProbeConfiguration {
  /**
   * Run in the folder of a tree with a workload on standard input; prints `dimension<TAB>place<TAB>value` a line.
   * `$CONFORM_PROJECT` is the folder of the configuration, `$CONFORM_WORKLOAD` a file with the workload.
   */
  readonly run: string;
  /** Run once in the folder of each tree before anything is tried. */
  readonly build?: string | undefined;
  /** Files besides those named in `run` that decide what it prints. */
  readonly files?: readonly string[] | undefined;
  /** What is compared, by name; how the probe ends is a dimension of its own. */
  readonly dimensions?: Readonly<Record<string, DimensionOptions | null | undefined>> | undefined;
  /** Volatile parts of values: every match of the regular expression is replaced. */
  readonly normalise?:
    | readonly {
        /** Only values of this dimension. */
        readonly dimension?: string | undefined;
        readonly replace: string;
        /** `$1` is the first group. */
        readonly with: string;
      }[]
    | undefined;
  /** Globs of files, each a workload. */
  readonly workloads?: readonly string[] | undefined;
  /** A command that gets a seed from 1 to `count` as its last word and prints a workload. */
  readonly generate?: { readonly command: string; readonly count: number } | undefined;
  /** A command that reads a workload and prints simpler ones, a line `---` between two. */
  readonly simpler?: string | undefined;
  /** Seconds for one workload; 10 when absent. */
  readonly timeoutSeconds?: number | undefined;
  /** Bytes of output for one workload; a mebibyte when absent. */
  readonly outputBytesMax?: number | undefined;
  /** Trees that are tried at a time; one for each core when absent. */
  readonly parallel?: number | undefined;
  /** Tries on each side before a difference is believed; 3 when absent. */
  readonly tries?: number | undefined;
}

/** How a tree is built and recorded. */
export interface RecordingConfiguration {
  /** A command for the shell that writes a recording to `$CONFORM_RECORDING`. */
  readonly record: string;
  /** A command run once in the folder of each tree. */
  readonly build?: string | undefined;
  /** Globs of files, each a workload. */
  readonly workloads?: readonly string[] | undefined;
  /** Only these bytes are compared: `FILE:OFFSET:BYTES`. */
  readonly region?: readonly string[] | undefined;
  /** Seconds for one recording. */
  readonly timeoutSeconds?: number | undefined;
}

/** A series of commits, and how they are judged. Folders and files are relative to that of the configuration. */
export interface ProjectConfiguration {
  readonly $schema?: string | undefined;
  /** The name of the folder when absent. */
  readonly name?: string | undefined;
  /** `BASE..TIP`: the commits of TIP that BASE does not have, in one line. */
  readonly range: string;
  /** Folder of contracts; `contracts` when absent. */
  readonly contracts?: string | undefined;
  /** Folder of variants; `variants` when absent. */
  readonly variants?: string | undefined;
  /** A command such as `npm ci`, run once for each content of the lock files. */
  readonly prepare?: string | undefined;
  /** Files that decide what `prepare` makes; those of the usual package managers when absent. */
  readonly lockFiles?: readonly string[] | undefined;
  /** `c` when the trees are C: reviews then tell exports and callers, and contracts have to declare them (docs/LINT-C.md). */
  readonly language?: 'c' | undefined;
  /** The project of TypeScript that `conform lint --step` judges, in each tree; `tsconfig.json` when absent. */
  readonly tsconfig?: string | undefined;
  /** Rules of the linter for all steps; the nearest `boundary.config.*` when absent. */
  readonly rules?: string | undefined;
  readonly probe?: ProbeConfiguration | undefined;
  /** In place of `probe`: programs that are recorded (docs/RECORDINGS.md). */
  readonly recording?: RecordingConfiguration | undefined;
}

/** Gives a configuration its type. */
export declare function defineProject(configuration: ProjectConfiguration): ProjectConfiguration;
