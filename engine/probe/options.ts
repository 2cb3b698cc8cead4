/**
 * What a probe is: a command in any language that gets a workload and prints what can be observed. Everything here is plain data, as
 * it stands in a configuration.
 */

/** How the values of one dimension are compared. */
export interface ProbeDimension {
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

/** A volatile part of values, put the same on both sides before they are compared. */
export interface Normalisation {
  /** Only values of this dimension. */
  readonly dimension?: string | undefined;
  /** A regular expression; every match is replaced. */
  readonly replace: string;
  /** What stands in its place; `$1` is its first group. */
  readonly with: string;
}

/** Workloads that a command makes. */
export interface GeneratedWorkloads {
  /** A command for the shell, run in the root of the project with the seed as its last word; prints one workload. */
  readonly command: string;
  /** Seeds are 1 to this. */
  readonly count: number;
}

export interface ProbeOptions {
  /** Absolute folder of the project. */
  readonly root: string;
  /**
   * A command for the shell, run in the folder of a tree with the workload on standard input. `$CONFORM_PROJECT` is the root of
   * the project, `$CONFORM_WORKLOAD` a file that holds the workload.
   */
  readonly run: string;
  /** A command for the shell, run once in the folder of each tree before anything is tried. */
  readonly build?: string | undefined;
  /** Files besides those named in `run` that decide what it prints, relative to the root. */
  readonly files?: readonly string[] | undefined;
  readonly dimensions: Readonly<Record<string, ProbeDimension>>;
  readonly normalise?: readonly Normalisation[] | undefined;
  /** Globs of files, each a workload, relative to the root. */
  readonly workloads?: readonly string[] | undefined;
  readonly generate?: GeneratedWorkloads | undefined;
  /** A command that reads a workload and prints simpler ones, a line `---` between two. */
  readonly simpler?: string | undefined;
  /** Seconds for one workload; 10 when absent. */
  readonly timeoutSeconds?: number | undefined;
  /** Bytes of output for one workload; a mebibyte when absent. */
  readonly outputBytesMax?: number | undefined;
  /** How often a workload is tried on each side before a difference is believed; 3 when absent. */
  readonly tries?: number | undefined;
}
