/**
 * Rule kind `boundary`: files of one set must not import files (or packages) of another, directly or by any chain of
 * imports. The chain is part of the finding. Re-exports, `import()`, `require`, `import()` types and the other roads
 * to a file are imports too. Under a rule about files, an import that may lead to one of them is unprovable.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import { valuesOfEach, type Each } from '../each.ts';
import type { Finding } from '../finding.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { SourceUnit } from '../oracle/compiler.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { describeBindings } from '../placeholders.ts';
import { bansOf, type Bans } from './boundary-bans.ts';
import { canonicalVerb, filesLookedAt, isOpen, type Manifests, packageNames, targetName } from './edges.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

export interface BoundaryOptions extends RuleHeader {
  /** Files that must not import. Globs of a rule may share placeholders: `src/features/<f>/**`. */
  readonly files: readonly string[];
  /** Files they must not import. */
  readonly mustNotImport?: readonly string[];
  /** Packages and builtin modules they must not import: `lodash` (subpaths too), `lodash/fp`, `@scope/*`, `node:*`. */
  readonly packages?: readonly string[];
  /** Files among `files` that may nevertheless; sees what placeholders of the other globs stand for. */
  readonly except?: readonly string[];
  /** Values that placeholders may have: a list, or a glob over folders and files whose names they are. */
  readonly each?: Each;
  /** `direct` (default) looks at imports, `transitive` at everything an import leads to. */
  readonly reach?: 'direct' | 'transitive';
  /** Whether imports that are erased (`import type`) count; they do unless this is `allow`. */
  readonly types?: 'ban' | 'allow';
  /** Whether `jest.mock`, `vi.importActual` and their like count; they do not unless this is `ban`. */
  readonly mocks?: 'ban' | 'allow';
}

/** What the options of a rule of this kind must be. */
export const boundarySchema = v.strictObject({
  ...headerEntries,
  files: names,
  mustNotImport: v.optional(names),
  packages: v.optional(names),
  except: v.optional(v.array(v.string())),
  each: v.optional(v.record(v.string(), v.union([v.pipe(v.string(), v.nonEmpty()), names]))),
  reach: v.optional(v.picklist(['direct', 'transitive'])),
  types: v.optional(v.picklist(['ban', 'allow'])),
  mocks: v.optional(v.picklist(['ban', 'allow'])),
});

/** Who must not import what. Throws `InputError` for wrong options. */
export function boundary(options: BoundaryOptions): Rule {
  checkOptions(boundarySchema, 'boundary', options);
  return { ...options, kind: 'boundary', check: (context) => check(options, context) };
}

function check(options: BoundaryOptions, context: CheckContext): RuleOutcome {
  const values = valuesOfEach(context.base, options.each);
  const bans = bansOf(options, values);
  const { covers } = bans;
  const units = context.compiler.files.filter((unit) => covers(context.nameOf(unit)));
  const findings = units.flatMap((unit) =>
    options.reach === 'transitive'
      ? reached(options, context, unit, bans)
      : direct(options, context, unit, bans),
  );
  const isThere =
    context.compiler.files.some((unit) => bans.names(context.nameOf(unit))) ||
    context.graph.edges.some(({ file }) => file !== undefined && bans.names(context.nameOf({ path: file })));
  const looked = options.reach === 'transitive' ? reachable(context, units, bans) : units.map(alone);
  const open = options.mustNotImport === undefined ? [] : openImports(options, context, looked, bans);
  return {
    findings: [...findings, ...open],
    matched: units.length,
    unmatched: [
      ...[...values].flatMap(([name, list]) => (list.length === 0 ? [`a value for <${name}>`] : [])),
      ...(units.length === 0 ? options.files : []),
      ...(options.mustNotImport !== undefined && !isThere ? options.mustNotImport : []),
    ],
    inputs: filesLookedAt(context),
    covers,
  };
}

/** Imports that count; whether one is erased, which may cost a look into types, is asked last. */
function counted(
  context: CheckContext,
  unit: SourceUnit,
  bans: Bans,
  isWorthAsking: (edge: ModuleEdge) => boolean = () => true,
): readonly ModuleEdge[] {
  return context.graph
    .edgesFrom(unit)
    .filter(
      (edge) =>
        (bans.mocks || edge.kind !== 'mock') &&
        isWorthAsking(edge) &&
        (bans.types || !context.graph.isErased(edge)),
    );
}

interface Banned {
  /** Name of the file or package. */
  readonly name: string;
  /** What placeholders stand for, in words. */
  readonly notes: readonly string[];
  /** Whether the import may lead to another file as well, which is not banned. */
  readonly isOpen?: boolean;
}

/** What is banned about an edge, under a rule as it holds for the file the chain starts with. */
function bannedBy(context: CheckContext, start: string, edge: ModuleEdge, bans: Bans): Banned | undefined {
  const name = targetName(context, edge);
  const byFile = name === undefined || edge.to === edge.from ? undefined : bans.file(start, name);
  if (name !== undefined && byFile !== undefined) {
    const others = edge.others.map((file) => context.nameOf({ path: file }));
    const free = others.filter((other) => bans.file(start, other) === undefined);
    const notes = [...describeBindings(byFile), ...free.map((other) => `it may as well come from ${other}`)];
    return { name, notes, isOpen: free.length > 0 };
  }
  for (const specifier of packageNames(edge)) {
    const byPackage = bans.package(start, specifier);
    if (byPackage !== undefined) return { name: specifier, notes: describeBindings(byPackage) };
  }
  return undefined;
}

function direct(rule: RuleHeader, context: CheckContext, unit: SourceUnit, bans: Bans): readonly Finding[] {
  const banOf = (edge: ModuleEdge): Banned | undefined => bannedBy(context, context.nameOf(unit), edge, bans);
  return counted(context, unit, bans, (edge) => banOf(edge) !== undefined).flatMap((edge) => {
    const banned = banOf(edge);
    return banned === undefined ? [] : [chainFinding(rule, context, unit, [edge], banned)];
  });
}

/** A file that is looked at, and the file under the rule that reaches it. */
interface Start {
  readonly unit: SourceUnit;
  readonly start: SourceUnit;
}

function alone(unit: SourceUnit): Start {
  return { unit, start: unit };
}

/** Everything some files reach, each with the first of them that does. */
function reachable(context: CheckContext, units: readonly SourceUnit[], bans: Bans): readonly Start[] {
  const found = new Map<SourceUnit, SourceUnit>(units.map((unit) => [unit, unit]));
  for (const [unit, start] of found) {
    for (const { to } of counted(context, unit, bans, (edge) => edge.to !== undefined)) {
      if (to !== undefined && !found.has(to)) found.set(to, start);
    }
  }
  return [...found].map(([unit, start]) => ({ unit, start }));
}

/** Imports that may lead to a banned file without anyone being able to tell: once for each package name. */
function openImports(
  rule: RuleHeader,
  context: CheckContext,
  looked: readonly Start[],
  bans: Bans,
): readonly Finding[] {
  const seen = new Set<string>();
  const manifests: Manifests = new Map();
  const openOf = (edge: ModuleEdge, start: SourceUnit): ReturnType<typeof isOpen> => {
    const isMeant = (file: string): boolean => bans.file(context.nameOf(start), file) !== undefined;
    return isOpen(context, edge, isMeant, manifests);
  };
  return looked.flatMap(({ unit, start }) =>
    counted(context, unit, bans, (edge) => openOf(edge, start) !== undefined).flatMap((edge) => {
      const open = openOf(edge, start);
      if (open === undefined || seen.has(open.name)) return [];
      if (open.isPackage) seen.add(open.name);
      const { message, tried } = open;
      const from = start === unit ? [] : [`reached from ${context.nameOf(start)}`];
      const notes = [...from, ...new Set(tried.map((at) => `tried ${at}`))];
      const remark = {
        unit,
        node: edge.place,
        symbol: open.name,
        message,
        certainty: 'unprovable',
        notes,
      } as const;
      return [findingOf(rule, context, remark)];
    }),
  );
}

/** The shortest chain from a file to each banned one, reported at the import it starts with. */
function reached(rule: RuleHeader, context: CheckContext, unit: SourceUnit, bans: Bans): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<SourceUnit>([unit]);
  const named = new Set<string>();
  let front: { readonly at: SourceUnit; readonly path: readonly ModuleEdge[] }[] = [{ at: unit, path: [] }];
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { at, path } of front) {
      const isWorthAsking = (edge: ModuleEdge): boolean =>
        (edge.to !== undefined && !seen.has(edge.to)) ||
        bannedBy(context, context.nameOf(unit), edge, bans) !== undefined;
      for (const edge of counted(context, at, bans, isWorthAsking)) {
        const chain = [...path, edge];
        const banned = bannedBy(context, context.nameOf(unit), edge, bans);
        if (banned !== undefined && !named.has(banned.name)) {
          named.add(banned.name);
          findings.push(chainFinding(rule, context, unit, chain, banned));
        }
        if (edge.to === undefined || seen.has(edge.to)) continue;
        seen.add(edge.to);
        next.push({ at: edge.to, path: chain });
      }
    }
    front = next;
  }
  return findings;
}

function chainFinding(
  rule: RuleHeader,
  context: CheckContext,
  unit: SourceUnit,
  chain: readonly ModuleEdge[],
  { name, notes, isOpen: isUnsure = false }: Banned,
): Finding {
  const via = chain.slice(1).map((edge) => context.nameOf(edge.from));
  const [first] = chain;
  const verb = first === undefined ? 'imports' : canonicalVerb(first);
  const message = via.length === 0 ? `${verb} ${name}` : `reaches ${name} by imports`;
  return findingOf(rule, context, {
    unit,
    node: chain[0]?.place ?? unit.root,
    symbol: name,
    message,
    via,
    notes,
    ...(isUnsure ? { certainty: 'unprovable' } : {}),
  });
}
