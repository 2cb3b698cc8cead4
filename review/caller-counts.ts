/** Who calls a function of a tree by its name, and how that goes down over a series that takes the function away. */
import type { TreeSurface } from './surface.ts';

/** One call. */
export interface CallerOf {
  /** The function that calls, `FILE.ts#name`. */
  readonly caller: string;
  readonly line: number;
}

/** Calls of functions named `name` from files that declare none of that name; those pass it on or are replaced with it. */
export function callersOf({ functions }: TreeSurface, name: string): CallerOf[] {
  const isNamed = (symbol: string): boolean => symbol.endsWith(`#${name}`);
  const owners = new Set([...functions].flatMap(([symbol, { file }]) => (isNamed(symbol) ? [file] : [])));
  return [...functions].flatMap(([caller, { file, calls }]) =>
    owners.has(file) ? [] : calls.flatMap(({ callee, line }) => (isNamed(callee) ? [{ caller, line }] : [])),
  );
}

/** How often a function is called over a series. */
export interface CallerTrend {
  readonly name: string;
  /** By tree, the one before the series first; `null` where the tree has no such function. */
  readonly counts: readonly (number | null)[];
}

/** The trend of each of `names` over `surfaces`. */
export function callerTrends(surfaces: readonly TreeSurface[], names: readonly string[]): CallerTrend[] {
  return names.map((name) => ({
    name,
    counts: surfaces.map((surface) => {
      const isThere = [...surface.functions.keys()].some((symbol) => symbol.endsWith(`#${name}`));
      const count = callersOf(surface, name).length;
      return isThere || count > 0 ? count : null;
    }),
  }));
}
