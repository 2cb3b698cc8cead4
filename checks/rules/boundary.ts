/**
 * Rule kind `boundary`: files of one set must not import files (or packages) of another, directly or by any chain of
 * imports. The chain is part of the finding. Re-exports, `import()`, `require` and `import()` types are imports too.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { filterOf, type FileFilter } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { SourceUnit } from '../oracle/compiler.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

export interface BoundaryOptions extends RuleHeader {
  /** Files that must not import. */
  readonly files: readonly string[];
  /** Files they must not import. */
  readonly mustNotImport?: readonly string[];
  /** Packages and builtin modules they must not import: `node:fs`, `lodash`, globs over specifiers. */
  readonly packages?: readonly string[];
  /** Files among `files` that may nevertheless. */
  readonly except?: readonly string[];
  /** `direct` (default) looks at imports, `transitive` at everything an import leads to. */
  readonly reach?: 'direct' | 'transitive';
  /** Whether imports that are erased (`import type`) count; they do unless this is `allow`. */
  readonly types?: 'ban' | 'allow';
}

const schema = v.strictObject({
  ...headerEntries,
  files: names,
  mustNotImport: v.optional(names),
  packages: v.optional(names),
  except: v.optional(v.array(v.string())),
  reach: v.optional(v.picklist(['direct', 'transitive'])),
  types: v.optional(v.picklist(['ban', 'allow'])),
});

/** Who must not import what. Throws `InputError` for wrong options. */
export function boundary(options: BoundaryOptions): Rule {
  checkOptions(schema, 'boundary', options);
  return { ...options, kind: 'boundary', check: (context) => check(options, context) };
}

interface Bans {
  readonly file: FileFilter;
  readonly specifier: FileFilter;
  readonly types: boolean;
}

function check(options: BoundaryOptions, context: CheckContext): RuleOutcome {
  const files = filterOf(options.files);
  const except = filterOf(options.except ?? []);
  const covers: FileFilter = (file) => files(file) && !except(file);
  const bans: Bans = {
    file: filterOf(options.mustNotImport ?? []),
    specifier: filterOf(options.packages ?? []),
    types: options.types !== 'allow',
  };
  const units = context.compiler.files.filter((unit) => covers(context.nameOf(unit)));
  const findings = units.flatMap((unit) =>
    options.reach === 'transitive'
      ? reached(options, context, unit, bans)
      : direct(options, context, unit, bans),
  );
  const isThere = context.compiler.files.some((unit) => bans.file(context.nameOf(unit)));
  return {
    findings,
    matched: units.length,
    unmatched: [
      ...(units.length === 0 ? options.files : []),
      ...(options.mustNotImport !== undefined && !isThere ? options.mustNotImport : []),
    ],
    covers,
  };
}

function counted(context: CheckContext, unit: SourceUnit, bans: Bans): readonly ModuleEdge[] {
  return context.graph.edgesFrom(unit).filter((edge) => bans.types || !edge.typeOnly);
}

/** What is banned about an edge: the name of the file or package it leads to. */
function bannedName(context: CheckContext, edge: ModuleEdge, bans: Bans): string | undefined {
  if (edge.to !== undefined) {
    const name = context.nameOf(edge.to);
    return edge.to !== edge.from && bans.file(name) ? name : undefined;
  }
  return edge.specifier !== undefined && bans.specifier(edge.specifier) ? edge.specifier : undefined;
}

function direct(rule: RuleHeader, context: CheckContext, unit: SourceUnit, bans: Bans): readonly Finding[] {
  return counted(context, unit, bans).flatMap((edge) => {
    const name = bannedName(context, edge, bans);
    if (name === undefined) return [];
    const message = `imports ${name}`;
    return [findingOf(rule, context, { unit, node: edge.place, symbol: name, message })];
  });
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
      for (const edge of counted(context, at, bans)) {
        const chain = [...path, edge];
        const name = bannedName(context, edge, bans);
        if (name !== undefined && !named.has(name)) {
          named.add(name);
          findings.push(chainFinding(rule, context, unit, chain, name));
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
  name: string,
): Finding {
  const via = chain.slice(1).map((edge) => context.nameOf(edge.from));
  const message = via.length === 0 ? `imports ${name}` : `reaches ${name} by imports`;
  return findingOf(rule, context, { unit, node: chain[0]?.place ?? unit.root, symbol: name, message, via });
}
