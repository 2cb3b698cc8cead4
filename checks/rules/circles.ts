/**
 * Circles in the module graph: the groups of files that hang together, and of each group an elementary set of circles,
 * so that no circle stays unmentioned until another is mended.
 */
import type { SourceUnit } from '../oracle/compiler.ts';
import type { ModuleEdge } from '../oracle/modules.ts';

/** Edges of a file that count. */
export type EdgesOf = (unit: SourceUnit) => readonly ModuleEdge[];

/** Groups of files of which each can reach each other (Tarjan's algorithm, without recursion). */
export function groupsInCircles(
  units: readonly SourceUnit[],
  edgesOf: EdgesOf,
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

/**
 * For each edge of a group that lies on no circle found so far: the shortest circle through it. Starts with the first
 * file by path, so that the answer does not depend on the order in which files were read.
 */
export function elementaryCircles(
  group: ReadonlySet<SourceUnit>,
  edgesOf: EdgesOf,
): readonly (readonly ModuleEdge[])[] {
  const units = [...group].sort((a, b) => (a.path < b.path ? -1 : 1));
  const covered = new Set<string>();
  const found: (readonly ModuleEdge[])[] = [];
  for (const unit of units) {
    for (const edge of edgesOf(unit)) {
      if (edge.to === undefined || !group.has(edge.to) || covered.has(keyOf(edge))) continue;
      const circle = [edge, ...shortestWay(edge.to, unit, group, edgesOf)];
      for (const part of circle) covered.add(keyOf(part));
      found.push(circle);
    }
  }
  return found;
}

function keyOf({ from, to }: ModuleEdge): string {
  return `${from.path}\u0000${to?.path ?? ''}`;
}

/** The shortest way between two files inside a group; empty when they are the same. */
function shortestWay(
  start: SourceUnit,
  end: SourceUnit,
  group: ReadonlySet<SourceUnit>,
  edgesOf: EdgesOf,
): readonly ModuleEdge[] {
  const arrived = new Map<SourceUnit, ModuleEdge>();
  const waiting = [start];
  for (let next = 0; next < waiting.length && !arrived.has(end); next += 1) {
    const at = waiting[next];
    for (const edge of at === undefined || start === end ? [] : edgesOf(at)) {
      const { to } = edge;
      if (to === undefined || to === start || arrived.has(to) || !group.has(to)) continue;
      arrived.set(to, edge);
      waiting.push(to);
    }
  }
  const way: ModuleEdge[] = [];
  for (let edge = arrived.get(end); edge !== undefined; edge = arrived.get(edge.from)) way.unshift(edge);
  return way;
}
