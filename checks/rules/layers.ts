/**
 * Rule kind `layers`: a table of who may import whom. A file belongs to the first row whose globs match; it may
 * import its own row and the rows it names, nothing else of the project. Files in no row are left alone and show up
 * in the list of files no rule covers.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { bindingFilter, type BindingFilter } from '../placeholders.ts';
import { packageFilter } from '../resolve/package-names.ts';
import { filesLookedAt, isOpen, packageNames, targetName, type Manifests } from './edges.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

export interface Layer {
  readonly name: string;
  readonly files: readonly string[];
  /** Names of other rows, or file globs, that this row may import. */
  readonly may: readonly string[];
  /** Packages it may import (`lodash`, `@scope/*`, `node:*`); all when left out. */
  readonly packages?: readonly string[];
}

export interface LayersOptions extends RuleHeader {
  readonly layers: readonly Layer[];
  /** Whether imports that are erased (`import type`) count; they do unless this is `allow`. */
  readonly types?: 'ban' | 'allow';
}

/** What the options of a rule of this kind must be. */
export const layersSchema = v.strictObject({
  ...headerEntries,
  layers: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.nonEmpty()),
        files: names,
        may: v.array(v.string()),
        packages: v.optional(v.array(v.string())),
      }),
    ),
    v.nonEmpty('must have a row'),
  ),
  types: v.optional(v.picklist(['ban', 'allow'])),
});

/** Who may import whom. Throws `InputError` for wrong options. */
export function layers(options: LayersOptions): Rule {
  checkOptions(layersSchema, 'layers', options);
  return { ...options, kind: 'layers', check: (context) => check(options, context) };
}

interface Row extends Layer {
  readonly owns: BindingFilter;
  readonly mayImport: BindingFilter;
  readonly mayUse: (specifier: string) => boolean;
}

function rowsOf(options: LayersOptions): readonly Row[] {
  const byName = new Map(options.layers.map((layer) => [layer.name, layer.files]));
  return options.layers.map((layer) => ({
    ...layer,
    owns: bindingFilter(layer.files),
    mayImport: bindingFilter([...layer.files, ...layer.may.flatMap((name) => byName.get(name) ?? [name])]),
    mayUse: layer.packages === undefined ? () => true : packageFilter(layer.packages),
  }));
}

function check(options: LayersOptions, context: CheckContext): RuleOutcome {
  const rows = rowsOf(options);
  const rowOf = (file: string): Row | undefined => rows.find((row) => row.owns(file, {}) !== undefined);
  const findings: Finding[] = [];
  const matched = new Set<Row>();
  const told = new Set<string>();
  const manifests: Manifests = new Map();
  for (const unit of context.compiler.files) {
    const row = rowOf(context.nameOf(unit));
    if (row === undefined) continue;
    matched.add(row);
    for (const edge of context.graph.edgesFrom(unit)) {
      if (edge.kind === 'mock' || (options.types === 'allow' && context.graph.isErased(edge))) continue;
      const finding = isData(context, edge, rowOf) ? undefined : judge(options, context, row, edge);
      if (finding !== undefined) findings.push(finding);
      const isMeant = (file: string): boolean =>
        rowOf(file) !== undefined && !mayImport(context, row, edge, file);
      const open = finding === undefined ? isOpen(context, edge, isMeant, manifests) : undefined;
      if (open === undefined || told.has(`${row.name} ${open.name}`)) continue;
      if (open.isPackage) told.add(`${row.name} ${open.name}`);
      const { name: symbol, message, tried } = open;
      const notes = [...new Set(tried.map((at) => `tried ${at}`))];
      const remark = { unit, node: edge.place, symbol, message, certainty: 'unprovable', notes } as const;
      findings.push(findingOf(options, context, remark));
    }
  }
  return {
    findings,
    matched: matched.size,
    unmatched: rows.filter((row) => !matched.has(row)).map((row) => row.name),
    inputs: filesLookedAt(context),
    covers: (file) => rowOf(file) !== undefined,
  };
}

/** A file that is named but not imported and belongs to no row is read as data. */
function isData(context: CheckContext, edge: ModuleEdge, rowOf: (file: string) => Row | undefined): boolean {
  const name = targetName(context, edge);
  return edge.kind === 'road' && (name === undefined || rowOf(name) === undefined);
}

/** Whether a row's file may import another, placeholders of the row meaning the same in both. */
function mayImport(context: CheckContext, row: Row, edge: ModuleEdge, name: string): boolean {
  return row.mayImport(name, row.owns(context.nameOf(edge.from), {}) ?? {}) !== undefined;
}

function judge(rule: RuleHeader, context: CheckContext, row: Row, edge: ModuleEdge): Finding | undefined {
  const file = targetName(context, edge);
  const name = file ?? edge.specifier;
  if (name === undefined || (file === undefined && edge.kind === 'augmentation')) return undefined;
  if (file === undefined ? row.mayUse(name) : mayImport(context, row, edge, name)) return undefined;
  // A row that lists packages may list those of the repository.
  if (row.packages !== undefined && packageNames(edge).some((known) => row.mayUse(known))) return undefined;
  const allowed = row.may.length === 0 ? 'nothing else' : row.may.join(', ');
  const message = `${row.name} imports ${name}; it may import itself and ${allowed}`;
  return findingOf(rule, context, { unit: edge.from, node: edge.place, symbol: name, message });
}
