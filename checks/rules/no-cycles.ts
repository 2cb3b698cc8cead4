/**
 * Rule kind `noCycles`: files must not import each other in a circle. Of files that hang together each elementary
 * circle is reported, shortest first to last, up to a limit, with the import whose removal opens most of them. Imports
 * that are erased do not count unless asked for.
 */
import * as v from 'valibot';
import { counted } from '#base/counted.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { SourceUnit } from '../oracle/compiler.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { FUNCTIONS } from '../oracle/steps.ts';
import { ancestor } from '../oracle/syntax.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';
import { elementaryCircles, groupsInCircles, type EdgesOf } from './circles.ts';

export interface NoCyclesOptions extends RuleHeader {
  /** Files that are looked at; all when left out. */
  readonly files?: readonly string[];
  /** Whether imports that are erased close a circle; they do not unless this is `ban`. */
  readonly types?: 'ban' | 'allow';
  /** Whether `import()` inside a function closes a circle; it does unless this is `allow`. */
  readonly lazy?: 'ban' | 'allow';
  /** How many circles of files that hang together are reported; 10 when left out. */
  readonly limit?: number;
}

/** What the options of a rule of this kind must be. */
export const noCyclesSchema = v.strictObject({
  ...headerEntries,
  files: v.optional(names),
  types: v.optional(v.picklist(['ban', 'allow'])),
  lazy: v.optional(v.picklist(['ban', 'allow'])),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

const LIMIT = 10;

/** No circles of imports. Throws `InputError` for wrong options. */
export function noCycles(options: NoCyclesOptions): Rule {
  checkOptions(noCyclesSchema, 'noCycles', options);
  return { ...options, kind: 'noCycles', check: (context) => check(options, context) };
}

function check(options: NoCyclesOptions, context: CheckContext): RuleOutcome {
  const covers = filterOf(options.files ?? ['**']);
  const units = context.compiler.files.filter((unit) => covers(context.nameOf(unit)));
  const known = new Set(units);
  const written: EdgesOf = (unit) =>
    context.graph
      .edgesFrom(unit)
      .filter((edge) => edge.to !== undefined && known.has(edge.to) && counts(edge));
  // What is erased costs a look into types; only files in a circle of written imports are worth it.
  const kept: EdgesOf = (unit) => written(unit).filter((edge) => isKept(options, context, edge));
  const findings = groupsInCircles(units, written)
    .flatMap((group) => groupsInCircles([...group], kept))
    .flatMap((group) => findingsOf(options, context, group, kept));
  return { findings, matched: units.length, unmatched: [], covers };
}

/** Roads and mocks load nothing when the file that names them is loaded. */
function counts({ kind }: ModuleEdge): boolean {
  return kind !== 'road' && kind !== 'mock';
}

function isKept({ types, lazy }: NoCyclesOptions, context: CheckContext, edge: ModuleEdge): boolean {
  if (lazy === 'allow' && edge.kind === 'import()' && isInFunction(context, edge)) return false;
  return types === 'ban' || !context.graph.isErased(edge);
}

function isInFunction({ compiler }: CheckContext, { node }: ModuleEdge): boolean {
  return ancestor(compiler, node, FUNCTIONS) !== undefined;
}

function findingsOf(
  options: NoCyclesOptions,
  context: CheckContext,
  group: ReadonlySet<SourceUnit>,
  edgesOf: EdgesOf,
): readonly Finding[] {
  const found = elementaryCircles(group, edgesOf);
  const shown = found.slice(0, options.limit ?? LIMIT);
  const more = found.length - shown.length;
  const notes = [...busiest(context, found), ...(more === 0 ? [] : [`${more} more circles of these files`])];
  return shown.map((circle) => findingOf(options, context, { ...remark(context, circle), notes }));
}

function remark(context: CheckContext, circle: readonly ModuleEdge[]): Parameters<typeof findingOf>[2] {
  const [first] = circle;
  if (first === undefined) throw new RangeError('a circle has at least one edge');
  const files = circle.map((edge) => context.nameOf(edge.from));
  const message = `imports itself in a circle of ${counted(files.length, 'file')}`;
  const via = [...files.slice(1), files[0] ?? ''];
  return { unit: first.from, node: first.place, symbol: files.join(' > '), message, via };
}

/** The import that lies on most circles, when it lies on more than one. */
function busiest(context: CheckContext, found: readonly (readonly ModuleEdge[])[]): readonly string[] {
  const uses = new Map<string, number>();
  for (const edge of found.flat()) {
    const name = `${context.nameOf(edge.from)} > ${edge.to === undefined ? '' : context.nameOf(edge.to)}`;
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const [name = '', count = 0] = [...uses].sort((a, b) => b[1] - a[1])[0] ?? [];
  return count < 2 ? [] : [`without the import ${name}, ${count} of ${found.length} circles are open`];
}
