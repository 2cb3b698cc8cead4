/**
 * The module graph without a question to a compiler: names are read by `scan.ts` where that is enough, and lead where
 * `resolve/leads-to.ts` says. Nodes and symbols are fetched when somebody looks at an edge that closely.
 */
import type { Compiler, LateReading, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { constantText, patternText, type TextPattern } from './constants.ts';
import { globbed, leadOf, type Destination } from './destinations.ts';
import { createErasure } from './erased.ts';
import {
  groupBy,
  moduleFile,
  specifierOf,
  type EdgeKind,
  type ModuleEdge,
  type ModuleGraph,
} from './modules.ts';
import type { Naming } from './namings.ts';

/** Reads the module graph of a project whose trees and symbols are dear. */
export function lateModuleGraph(compiler: Compiler, late: LateReading): ModuleGraph {
  const edges = compiler.files.flatMap((unit) =>
    late.namingsOf(unit).flatMap((naming) => edgesOf(compiler, late, unit, naming)),
  );
  const from = groupBy(edges, (edge) => edge.from);
  const to = groupBy(edges, (edge) => edge.to);
  let outside: ReadonlyMap<string | undefined, readonly ModuleEdge[]> | undefined;
  const byKey = (symbol: SymbolHandle): readonly ModuleEdge[] => {
    outside ??= groupBy(
      edges.filter((edge) => edge.to === undefined && edge.module !== undefined),
      ({ module }) => (module === undefined ? undefined : compiler.keysOf(module)[0]),
    );
    return outside.get(compiler.keysOf(symbol)[0]) ?? [];
  };
  return {
    edges,
    edgesFrom: (unit) => from.get(unit) ?? [],
    edgesTo: (unit) => to.get(unit) ?? [],
    edgesToModule: (symbol) => {
      const file = moduleFile(compiler, symbol)?.path;
      const unit = file === undefined ? undefined : compiler.fileAt(file);
      return unit === undefined ? byKey(symbol) : (to.get(unit) ?? []);
    },
    isErased: createErasure(compiler),
  };
}

/** Edges of one naming; the places a rule may ask for are looked up by the naming. */
function edgesOf(
  compiler: Compiler,
  late: LateReading,
  unit: SourceUnit,
  naming: Naming,
): readonly ModuleEdge[] {
  const made = (specifier: string | undefined, lead: Destination, pattern?: TextPattern): ModuleEdge =>
    new LateEdge({ compiler, late, unit, naming, specifier, lead, pattern });
  if (/glob|context/.test(naming.form ?? '')) {
    const { specifier, files } = globbed(compiler, unit, naming);
    return files.map((file) => {
      const packageName = compiler.leads.packageCrossed(unit.path, file);
      return made(specifier, { file, packageName, resolved: true, tried: [], others: [] });
    });
  }
  const node = naming.text === undefined ? naming.specifier : undefined;
  const specifier = specifierOf(naming, node && constantText(compiler, node));
  const pattern = specifier === undefined && node !== undefined ? patternText(compiler, node) : undefined;
  return [made(specifier, leadOf(compiler, unit, naming, specifier, undefined), pattern)];
}

interface Reading {
  readonly compiler: Compiler;
  readonly late: LateReading;
  readonly unit: SourceUnit;
  readonly naming: Naming;
  readonly specifier: string | undefined;
  readonly lead: Destination;
  readonly pattern: TextPattern | undefined;
}

class LateEdge implements ModuleEdge {
  readonly from: SourceUnit;
  readonly kind: EdgeKind;
  readonly specifier: string | undefined;
  readonly pattern: TextPattern | undefined;
  readonly to: SourceUnit | undefined;
  readonly file: string | undefined;
  readonly packageName: string | undefined;
  readonly tried: readonly string[];
  readonly others: readonly string[];
  readonly typeOnly: boolean;
  readonly wholes: readonly string[] | undefined;
  readonly form: string | undefined;
  private readonly reading: Reading;
  private found: { readonly symbol: SymbolHandle | undefined } | undefined;

  constructor(reading: Reading) {
    const { compiler, unit, naming, lead } = reading;
    this.reading = reading;
    this.from = unit;
    this.kind = naming.kind;
    this.typeOnly = naming.typeOnly;
    this.wholes = naming.wholes;
    this.form = naming.form;
    this.specifier = reading.specifier;
    this.pattern = reading.pattern;
    this.file = lead.file;
    this.packageName = lead.packageName;
    this.tried = lead.tried;
    this.others = lead.others;
    this.to = lead.file === undefined ? undefined : compiler.fileAt(lead.file);
  }

  get node(): SyntaxNode {
    return this.reading.naming.node;
  }

  get place(): SyntaxNode {
    return this.reading.naming.specifier ?? this.node;
  }

  get placeStart(): number {
    return this.reading.naming.specifierStart ?? this.place.getStart();
  }

  /** Asked for only where the name leads to no file of the project, or where somebody follows symbols. */
  get module(): SymbolHandle | undefined {
    this.found ??= { symbol: this.symbol() };
    return this.found.symbol;
  }

  get resolved(): boolean {
    const { lead, late, unit, naming, specifier } = this.reading;
    return lead.resolved || late.isKnown(unit, naming, specifier);
  }

  private symbol(): SymbolHandle | undefined {
    const { compiler, late, unit, naming } = this.reading;
    return this.to === undefined ? late.moduleAt(unit, naming) : compiler.moduleOf(this.to);
  }
}
