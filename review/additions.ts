/**
 * What holds over the series as a whole: what a step adds has a caller within two steps, and nothing that was added is
 * unused at the end. Callers of what goes are the linter's (`checks/series.ts`).
 */
import type { TreeSurface } from './surface.ts';

/** Steps within which an addition finds its first caller. */
export const STEPS_UNTIL_CALLED = 2;

/**
 * Says for each function or operation that a step adds in vain why, one sentence each. `surfaces` are those of all
 * trees, the one before the series first; `tables` name the types (`FILE.ts#name`) whose members are operations: a driver
 * publishes what it can do there, and somebody has to ask for it.
 */
export function additionProblems(surfaces: readonly TreeSurface[], tables: readonly string[]): string[] {
  const offered = surfaces.map((surface) => offeredBy(surface, tables));
  const called = surfaces.map(calledIn);
  const last = surfaces.length - 1;
  return offered.flatMap((names, step) => {
    const added = step === 0 ? [] : names.filter((name) => offered[step - 1]?.includes(name) === false);
    return added.flatMap((name) => {
      const until = Math.min(step + STEPS_UNTIL_CALLED, last);
      const inTime = called.slice(step, until + 1).some((names_) => names_.has(name));
      const isLeft = offered[last]?.includes(name) === true && called[last]?.has(name) !== true;
      return [
        ...(inTime ? [] : [`step ${step} adds ${name}, which nobody calls up to step ${until}`]),
        ...(isLeft ? [`step ${step} adds ${name}, which nobody calls at the end`] : []),
      ];
    });
  });
}

/** Exported functions and members of tables of operations. */
function offeredBy({ exports, functions, members }: TreeSurface, tables: readonly string[]): string[] {
  const operations = members.filter((member) => tables.some((table) => member.startsWith(`${table}.`)));
  return [...exports.map(({ symbol }) => symbol).filter((symbol) => functions.has(symbol)), ...operations];
}

/** Everything that another function of the tree calls, under all its names. */
function calledIn({ functions, otherNames }: TreeSurface): ReadonlySet<string> {
  const callees = [...functions].flatMap(([name, { calls }]) =>
    calls.flatMap(({ callee }) => (callee === name ? [] : [callee])),
  );
  return new Set(callees.flatMap((callee) => [callee, ...(otherNames.get(callee) ?? [])]));
}
