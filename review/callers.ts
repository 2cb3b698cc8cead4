/**
 * Which functions call something else after a step. The calls of a function before and after are laid side by side in
 * the order in which they are written; what is gone is paired with what came in its place. Functions that only one of
 * the trees has are left out (the API delta shows them); one that moved to another file is followed there.
 */
import { diffArrays } from 'diff';
import type { CallerMoved } from './model.ts';
import type { FunctionCalls, SurfaceCall } from './surface-calls.ts';
import type { TreeSurface } from './surface.ts';

/** Compares the calls of every function that both trees have. */
export function callersMoved(before: TreeSurface, after: TreeSurface): CallerMoved[] {
  return [...after.functions].flatMap(([caller, now]) => {
    const old = before.functions.get(caller) ?? movedFrom(caller, before, after);
    if (old === undefined) return [];
    return replacements(old.calls, now.calls).map(({ from, to }) => ({
      place: `${now.file}:${lineOf(to, old, now)}`,
      caller,
      from: from?.callee ?? '',
      to: to?.callee ?? '',
      fromAlso: before.otherNames.get(from?.callee ?? '') ?? [],
      toAlso: after.otherNames.get(to?.callee ?? '') ?? [],
    }));
  });
}

/** The line of a new call: the first of its kind where there was none before. */
function lineOf(call: SurfaceCall | undefined, old: FunctionCalls, now: FunctionCalls): number {
  if (call === undefined) return now.line;
  const isCallee = ({ callee }: SurfaceCall): boolean => callee === call.callee;
  return (old.calls.some(isCallee) ? call : (now.calls.find(isCallee) ?? call)).line;
}

/** The one function of that name in another file that only the tree before has. */
function movedFrom(caller: string, before: TreeSurface, after: TreeSurface): FunctionCalls | undefined {
  const name = caller.slice(caller.indexOf('#'));
  const gone = [...before.functions].filter(
    ([symbol]) => symbol.endsWith(name) && !after.functions.has(symbol),
  );
  const come = [...after.functions].filter(
    ([symbol]) => symbol.endsWith(name) && !before.functions.has(symbol),
  );
  return gone.length === 1 && come.length === 1 ? gone[0]?.[1] : undefined;
}

interface Replacement {
  readonly from: SurfaceCall | undefined;
  readonly to: SurfaceCall | undefined;
}

/** Calls gone and come, paired where they stood in one place, without those that only changed their place. */
function replacements(old: readonly SurfaceCall[], now: readonly SurfaceCall[]): Replacement[] {
  const gone = excess(old, now);
  const come = excess(now, old);
  const found: Replacement[] = [];
  let from: SurfaceCall[] = [];
  let to: SurfaceCall[] = [];
  for (const { removed, added, value } of diffArrays([...old], [...now], {
    comparator: (left, right) => left.callee === right.callee,
  })) {
    if (removed) from.push(...value.filter(({ callee }) => take(gone, callee)));
    else if (added) to.push(...value.filter(({ callee }) => take(come, callee)));
    else {
      found.push(...pairedUp(from, to));
      from = [];
      to = [];
    }
  }
  return withoutRepetition([...found, ...pairedUp(from, to)]);
}

/** One by one; what is left over of the old ones gave way to the last new one. */
function pairedUp(from: readonly SurfaceCall[], to: readonly SurfaceCall[]): Replacement[] {
  return Array.from({ length: Math.max(from.length, to.length) }, (_unused, index) => ({
    from: from[index],
    to: to[index] ?? to.at(-1),
  }));
}

/** How many calls of each callee the first list has more than the second. */
function excess(list: readonly SurfaceCall[], other: readonly SurfaceCall[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { callee } of list) counts.set(callee, (counts.get(callee) ?? 0) + 1);
  for (const { callee } of other) counts.set(callee, (counts.get(callee) ?? 0) - 1);
  return counts;
}

function take(counts: Map<string, number>, callee: string): boolean {
  const left = counts.get(callee) ?? 0;
  if (left > 0) counts.set(callee, left - 1);
  return left > 0;
}

/** The first of equal replacements, and none that only repeat half of one that is told already. */
function withoutRepetition(list: readonly Replacement[]): Replacement[] {
  const whole = list.filter(({ from, to }) => from !== undefined && to !== undefined);
  const known = new Set<string>();
  return list.filter(({ from, to }) => {
    const key = `${from?.callee ?? ''} ${to?.callee ?? ''}`;
    if (known.has(key)) return false;
    known.add(key);
    if (from !== undefined && to !== undefined) return true;
    const isTold = (other: Replacement): boolean =>
      (from !== undefined && other.from?.callee === from.callee) ||
      (to !== undefined && other.to?.callee === to.callee);
    return !whole.some(isTold);
  });
}
