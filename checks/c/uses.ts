/** Uses of symbols in a tree, by whatever road: plain data for rules. */
import type { Hit, Learnt } from './reading.ts';
import { isGlob, watchFor } from './watch.ts';

/** A symbol of a rule: a name, a glob of names, or `file.c#name` for what is static there. */
export interface CSymbol {
  readonly written: string;
  readonly name: string;
  readonly file: string | undefined;
  readonly matches: (name: string) => boolean;
}

/** Reads a symbol as written. `struct T` is `T`. */
export function symbolOf(written: string): CSymbol {
  const hash = written.indexOf('#');
  const file = hash < 0 ? undefined : written.slice(0, hash);
  const name = written.slice(hash + 1).replace(/^(?:struct|union|enum)\s+/, '');
  const { isWatched } = watchFor([name]);
  return { written, name, file, matches: isGlob(name) ? isWatched : (word) => word === name };
}

/** One place, settled: kinds that only other files decide are decided. */
export interface Use extends Hit {
  readonly file: string;
  /** Whether the name was asked for, not learnt. */
  readonly isGiven: boolean;
  /** Whether the file has a static of this name, which is then meant here. */
  readonly isStaticHere: boolean;
  /** Another file whose static may be meant here: one that is included, or that includes this one. */
  readonly home?: string;
  /** For a name made by `##`: the macro, with its place. */
  readonly pastedBy?: string;
}

/** A name that stands for another, and where that was learnt. */
export interface Link extends Learnt {
  readonly of: string;
  readonly file: string;
  readonly line: number;
  readonly depth: number;
  readonly isStaticHere: boolean;
  readonly home?: string;
  /** For reach `file`: the files that include it. */
  readonly within?: readonly string[];
}

export interface Uses {
  readonly uses: readonly Use[];
  readonly links: readonly Link[];
  /** Names that were asked for and are constants. */
  readonly constants: ReadonlySet<string>;
  /** Files with exceptions written beside the code. */
  readonly excepting: readonly string[];
}

/** Links followed beyond this number are no longer followed, and told as unprovable. */
export const DEPTH_MAX = 8;

/** Whether a place lies where a learnt name stands for something. `isReached` is asked for headers. */
export function isInReach(
  link: Link,
  file: string,
  at: number,
  isReached: (file: string, header: string) => boolean,
): boolean {
  switch (link.reach) {
    case 'function':
      return file === link.file && at >= (link.from ?? 0) && at < (link.to ?? 0);
    case 'file':
      return file === link.file || link.within?.includes(file) === true;
    case 'header':
      return isReached(file, link.file);
    case 'program':
      return true;
  }
}
