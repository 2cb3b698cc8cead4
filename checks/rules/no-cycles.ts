/**
 * Rule kind `noCycles`: files must not import each other in a circle. Each circle of files that hang together is
 * reported once, with the shortest round trip. Imports that are erased do not count unless asked for.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { SourceUnit } from '../oracle/compiler.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

export interface NoCyclesOptions extends RuleHeader {
  /** Files that are looked at; all when left out. */
  readonly files?: readonly string[];
  /** Whether `import type` closes a circle; it does not unless this is `ban`. */
  readonly types?: 'ban' | 'allow';
}

const schema = v.strictObject({
  ...headerEntries,
  files: v.optional(names),
  types: v.optional(v.picklist(['ban', 'allow'])),
});

/** No circles of imports. Throws `InputError` for wrong options. */
export function noCycles(options: NoCyclesOptions): Rule {
  checkOptions(schema, 'noCycles', options);
  return { ...options, kind: 'noCycles', check: (context) => check(options, context) };
}

function check(options: NoCyclesOptions, context: CheckContext): RuleOutcome {
  const covers = filterOf(options.files ?? ['**']);
  const units = context.compiler.files.filter((unit) => covers(context.nameOf(unit)));
  const known = new Set(units);
  const edgesOf = (unit: SourceUnit): readonly ModuleEdge[] =>
    context.graph
      .edgesFrom(unit)
      .filter(
        (edge) => edge.to !== undefined && known.has(edge.to) && (options.types === 'ban' || !edge.typeOnly),
      );
  const findings = circles(units, edgesOf).flatMap((group) => {
    const trip = shortestTrip(group, edgesOf);
    const first = trip[0];
    if (first === undefined) return [];
    const files = trip.map((edge) => context.nameOf(edge.from));
    const message = `imports itself in a circle of ${files.length} file${files.length === 1 ? '' : 's'}`;
    const via = [...files.slice(1), files[0] ?? ''];
    return [
      findingOf(options, context, {
        unit: first.from,
        node: first.place,
        symbol: files.join(' > '),
        message,
        via,
      }),
    ];
  });
  return { findings, matched: units.length, unmatched: [], covers };
}

/** Groups of files of which each can reach each other (Tarjan's algorithm, without recursion). */
function circles(
  units: readonly SourceUnit[],
  edgesOf: (unit: SourceUnit) => readonly ModuleEdge[],
): readonly ReadonlySet<SourceUnit>[] {
  const order = new Map<SourceUnit, number>();
  const low = new Map<SourceUnit, number>();
  const stack: SourceUnit[] = [];
  const onStack = new Set<SourceUnit>();
  const found: ReadonlySet<SourceUnit>[] = [];
  const lowest = (unit: SourceUnit, value: number): void => {
    low.set(unit, Math.min(low.get(unit) ?? value, value));
  };
  const enter = (unit: SourceUnit): Frame => {
    order.set(unit, order.size);
    lowest(unit, order.size - 1);
    stack.push(unit);
    onStack.add(unit);
    return { unit, targets: edgesOf(unit).flatMap((edge) => edge.to ?? []), next: 0 };
  };
  const leave = (unit: SourceUnit): void => {
    if (low.get(unit) !== order.get(unit)) return;
    const group = new Set(stack.splice(stack.indexOf(unit)));
    for (const member of group) onStack.delete(member);
    if (group.size > 1 || edgesOf(unit).some((edge) => edge.to === unit)) found.push(group);
  };
  for (const start of units) {
    const frames = order.has(start) ? [] : [enter(start)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const target = frame.targets[frame.next];
      frame.next += 1;
      if (target === undefined) {
        leave(frame.unit);
        frames.pop();
        const parent = frames.at(-1);
        if (parent !== undefined) lowest(parent.unit, low.get(frame.unit) ?? 0);
      } else if (!order.has(target)) frames.push(enter(target));
      else if (onStack.has(target)) lowest(frame.unit, order.get(target) ?? 0);
    }
  }
  return found;
}

interface Frame {
  readonly unit: SourceUnit;
  readonly targets: readonly SourceUnit[];
  next: number;
}

/** The shortest way from the first file of a group back to itself, inside the group. */
function shortestTrip(
  group: ReadonlySet<SourceUnit>,
  edgesOf: (unit: SourceUnit) => readonly ModuleEdge[],
): readonly ModuleEdge[] {
  const start = [...group].sort((a, b) => (a.path < b.path ? -1 : 1))[0];
  if (start === undefined) return [];
  const seen = new Set<SourceUnit>();
  let front: (readonly ModuleEdge[])[] = edgesOf(start).map((edge) => [edge]);
  while (front.length > 0) {
    const next: (readonly ModuleEdge[])[] = [];
    for (const trip of front) {
      const at = trip.at(-1)?.to;
      if (at === start) return trip;
      if (at === undefined || seen.has(at) || !group.has(at)) continue;
      seen.add(at);
      next.push(...edgesOf(at).map((edge) => [...trip, edge]));
    }
    front = next;
  }
  return [];
}
