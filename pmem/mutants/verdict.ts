/** What notices a mutant, the gravest first. */

/**
 * `promise`: something is owed that it does not give and the original does. `result`: something else is returned or read, or it
 * does not run. `images`: a power failure may leave something else. `cost`: other instructions, or another line in the log.
 */
export const KILLS = ['promise', 'result', 'images', 'cost'] as const;
export type Kill = (typeof KILLS)[number];

export interface MutantVerdict {
  readonly id: string;
  /** Nothing for one that survived. */
  readonly killedBy: Kill | null;
  /** The row of the sweep or the scenario that shows it, and what of it. */
  readonly by: string;
  /** Killed by images of which there are more than of the original's: data can be lost that could not be. */
  readonly isWeaker: boolean;
}

export const graver = (left: MutantVerdict, right: MutantVerdict): MutantVerdict =>
  rank(right) < rank(left) ? right : left;

function rank({ killedBy, isWeaker }: MutantVerdict): number {
  const place = killedBy === null ? KILLS.length : KILLS.indexOf(killedBy);
  return place - (isWeaker ? 0.5 : 0);
}

/** How many were killed by what, and the two scores. */
export interface Scores {
  readonly total: number;
  readonly byKill: Readonly<Record<Kill, number>>;
  readonly survived: number;
  readonly equivalent: number;
  /** Mutants that can lose or corrupt data: killed by promise or result, or by images with more losses, or surviving unexplained. */
  readonly harmful: number;
  readonly harmfulByPromiseOrResult: number;
  /** Those that are not equivalent, and how many of them anything notices. */
  readonly killable: number;
  readonly killed: number;
  readonly isReached: boolean;
}

/** What the two scores should be at least, in percent. */
export const HARMFUL_WANTED = 90;
export const TOTAL_WANTED = 95;

/** `equivalent`: ids of survivors that are known to be the same in all that can be seen. */
export function scoresOf(verdicts: readonly MutantVerdict[], equivalent: ReadonlySet<string>): Scores {
  const count = (kill: Kill): number => verdicts.filter(({ killedBy }) => killedBy === kill).length;
  const byKill = {
    promise: count('promise'),
    result: count('result'),
    images: count('images'),
    cost: count('cost'),
  };
  const survivors = verdicts.filter(({ killedBy }) => killedBy === null);
  const proved = survivors.filter(({ id }) => equivalent.has(id)).length;
  const survived = survivors.length - proved;
  const good = byKill.promise + byKill.result;
  const weaker = verdicts.filter(({ killedBy, isWeaker }) => killedBy === 'images' && isWeaker).length;
  const harmful = good + weaker + survived;
  const killable = verdicts.length - proved;
  const killed = killable - survived;
  return {
    total: verdicts.length,
    byKill,
    survived,
    equivalent: proved,
    harmful,
    harmfulByPromiseOrResult: good,
    killable,
    killed,
    isReached: 100 * good >= HARMFUL_WANTED * harmful && 100 * killed >= TOTAL_WANTED * killable,
  };
}
