/**
 * The module graph: every place where a file names another module, the file or package it leads to, and the places
 * where the name cannot be told. Compilers answer through the symbol of the specifier; what they cannot see (a package
 * of this repository that is not built, a style sheet) is asked of `resolve/leads-to.ts`. Constants are folded first.
 */
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { constantText, patternText, type TextPattern } from './constants.ts';
import { globbed, leadOf } from './destinations.ts';
import { createErasure } from './erased.ts';
import { namingsOf, type EdgeKind, type Naming } from './namings.ts';

export type { EdgeKind } from './namings.ts';

/** One place where a file names a module. */
export interface ModuleEdge {
  readonly from: SourceUnit;
  readonly kind: EdgeKind;
  /** The declaration, call or type that names the module. */
  readonly node: SyntaxNode;
  /** The node to show: the specifier. */
  readonly place: SyntaxNode;
  /** Where that node starts, as an offset. */
  readonly placeStart: number;
  /** The specifier; `undefined` when it is not a constant. */
  readonly specifier: string | undefined;
  /** How a name that is no constant begins and ends. */
  readonly pattern: TextPattern | undefined;
  /** The file of the project it leads to. */
  readonly to: SourceUnit | undefined;
  /** Absolute path of the file it leads to, of the project or not, a module or not. */
  readonly file: string | undefined;
  /** Name of the package it leads into, installed or of this repository. */
  readonly packageName: string | undefined;
  /** The module's symbol: of a file, a package or an ambient module. */
  readonly module: SymbolHandle | undefined;
  /** Whether the specifier leads anywhere (a package or an ambient module counts). */
  readonly resolved: boolean;
  /** Paths looked at in vain, for what leads nowhere. */
  readonly tried: readonly string[];
  /** Further files it may as well lead to, when nothing says which one it is. */
  readonly others: readonly string[];
  /** Whether it is written as type only (`import type`). What the compiler erases is `isErased` of the graph. */
  readonly typeOnly: boolean;
  /** Local names of the whole module or its default, as `Naming` has them. */
  readonly wholes?: readonly string[] | undefined;
  /** How a road or mock is written. */
  readonly form: string | undefined;
}

export interface ModuleGraph {
  readonly edges: readonly ModuleEdge[];
  readonly edgesFrom: (unit: SourceUnit) => readonly ModuleEdge[];
  readonly edgesTo: (unit: SourceUnit) => readonly ModuleEdge[];
  /** Edges to a module by its symbol. */
  readonly edgesToModule: (symbol: SymbolHandle) => readonly ModuleEdge[];
  /** Whether the emitted code has nothing left of an edge. */
  readonly isErased: (edge: ModuleEdge) => boolean;
}

/** Reads the module graph of a project whose trees and symbols are at hand. */
export function eagerModuleGraph(compiler: Compiler): ModuleGraph {
  const edges = edgesOfAll(compiler);
  const from = groupBy(edges, (edge) => edge.from);
  const to = groupBy(edges, (edge) => edge.to);
  const byModule = groupBy(edges, (edge) =>
    edge.module === undefined ? '' : compiler.keysOf(edge.module)[0],
  );
  return {
    edges,
    edgesFrom: (unit) => from.get(unit) ?? [],
    edgesTo: (unit) => to.get(unit) ?? [],
    edgesToModule: (symbol) => byModule.get(compiler.keysOf(symbol)[0]) ?? [],
    isErased: createErasure(compiler),
  };
}

/** Values by a key each has. */
export function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Asks the compiler once for the symbols of all files. */
function edgesOfAll(compiler: Compiler): readonly ModuleEdge[] {
  const found = compiler.files.map((unit) => ({ unit, namings: namingsOf(compiler, unit) }));
  const places = found.flatMap(({ namings }) => namings.flatMap((naming) => nodeOf(naming) ?? []));
  const symbols = new Map(compiler.symbolsAt(places).map((symbol, index) => [places[index], symbol]));
  return found.flatMap(({ unit, namings }) =>
    namings.flatMap((naming) => {
      const node = nodeOf(naming);
      return edgesOf(compiler, unit, naming, node === undefined ? undefined : symbols.get(node));
    }),
  );
}

/** The node whose symbol is the module; roads and comments have none. */
function nodeOf(naming: Naming): SyntaxNode | undefined {
  if (naming.kind === 'road' || naming.kind === 'mock' || naming.text !== undefined) return undefined;
  return naming.specifier ?? naming.node;
}

function edgesOf(
  compiler: Compiler,
  unit: SourceUnit,
  naming: Naming,
  symbol: SymbolHandle | undefined,
): readonly ModuleEdge[] {
  if (/glob|context/.test(naming.form ?? '')) return globEdges(compiler, unit, naming);
  const { specifier: node } = naming;
  const specifier = specifierOf(naming, node && constantText(compiler, node));
  const pattern = specifier === undefined && node !== undefined ? patternText(compiler, node) : undefined;
  const byChecker = symbol === undefined ? undefined : moduleFile(compiler, symbol);
  const lead = leadOf(compiler, unit, naming, specifier, byChecker?.path);
  const to = lead.file === undefined ? undefined : compiler.fileAt(lead.file);
  const module =
    byChecker === undefined || (to !== undefined && byChecker.path !== to.path) ? undefined : symbol;
  return [
    {
      ...edgeOf(unit, naming),
      specifier,
      pattern,
      ...lead,
      to,
      module: module ?? (to && compiler.moduleOf(to)) ?? (byChecker && symbol),
      resolved: lead.resolved || byChecker !== undefined,
    },
  ];
}

/** The name as resolution takes it: what is given to `new URL` is relative whether or not it says so. */
export function specifierOf({ text, form }: Naming, constant: string | undefined): string | undefined {
  const folded = text ?? constant;
  const isLoose = form === 'new URL' && folded !== undefined && !/^(?:[\w+.-]+:|\.{0,2}\/)/.test(folded);
  return isLoose ? `./${folded}` : folded;
}

type Bare = Pick<ModuleEdge, 'from' | 'kind' | 'node' | 'place' | 'placeStart' | 'typeOnly' | 'form'>;

function edgeOf(unit: SourceUnit, { kind, node, specifier, typeOnly, form }: Naming): Bare {
  const place = specifier ?? node;
  return { from: unit, kind, node, place, placeStart: place.getStart(), typeOnly, form };
}

/** The file or ambient declaration a specifier's symbol stands for; nothing when the symbol is no module. */
export function moduleFile(
  compiler: Compiler,
  symbol: SymbolHandle,
): { readonly path: string | undefined } | undefined {
  for (const { kind, path } of compiler.declarationsOf(symbol)) {
    if (kind === 'SourceFile') return { path };
    if (kind === 'ModuleDeclaration') return { path: undefined };
  }
  return undefined;
}

/** `import.meta.glob(…)` and `require.context(…)` load all files that match: one edge for each. */
function globEdges(compiler: Compiler, unit: SourceUnit, naming: Naming): readonly ModuleEdge[] {
  const { specifier, files } = globbed(compiler, unit, naming);
  return files.map((file) => {
    const to = compiler.fileAt(file);
    return {
      ...edgeOf(unit, naming),
      specifier,
      pattern: undefined,
      to,
      file,
      packageName: compiler.leads.packageCrossed(unit.path, file),
      module: to && compiler.moduleOf(to),
      resolved: true,
      tried: [],
      others: [],
    };
  });
}
