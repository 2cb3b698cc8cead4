/**
 * The module graph: every place where a file names another module, the file or package it leads to, and the places
 * where the name cannot be told. Compilers answer through the symbol of the specifier; what they cannot see (a package
 * of this repository that is not built, a style sheet) is asked of `resolve/leads-to.ts`. Constants are folded first.
 */
import path from 'node:path';
import picomatch from 'picomatch';
import { globSync } from 'tinyglobby';
import type { LoadMode } from '../resolve/leads-to.ts';
import { isBare, packageOf } from '../resolve/package-names.ts';
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { constantText, patternText, type TextPattern } from './constants.ts';
import { createErasure } from './erased.ts';
import { namingsOf, type EdgeKind, type Naming } from './namings.ts';
import { parts } from './syntax.ts';

export type { EdgeKind } from './namings.ts';

/** One place where a file names a module. */
export interface ModuleEdge {
  readonly from: SourceUnit;
  readonly kind: EdgeKind;
  /** The declaration, call or type that names the module. */
  readonly node: SyntaxNode;
  /** The node to show: the specifier. */
  readonly place: SyntaxNode;
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
  /** How a road or mock is written. */
  readonly form: string | undefined;
}

export interface ModuleGraph {
  readonly edges: readonly ModuleEdge[];
  readonly edgesFrom: (unit: SourceUnit) => readonly ModuleEdge[];
  readonly edgesTo: (unit: SourceUnit) => readonly ModuleEdge[];
  /** Edges to a module by a declaration key of its symbol. */
  readonly edgesToModule: (key: string) => readonly ModuleEdge[];
  /** Whether the emitted code has nothing left of an edge. */
  readonly isErased: (edge: ModuleEdge) => boolean;
}

/** Reads the module graph of a project. */
export function buildModuleGraph(compiler: Compiler): ModuleGraph {
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
    edgesToModule: (key) => byModule.get(key) ?? [],
    isErased: createErasure(compiler),
  };
}

function groupBy<K, V>(values: readonly V[], keyOf: (value: V) => K): Map<K, V[]> {
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
  const folded = naming.text ?? (node === undefined ? undefined : constantText(compiler, node));
  const isLoose =
    naming.form === 'new URL' && folded !== undefined && !/^(?:[\w+.-]+:|\.{0,2}\/)/.test(folded);
  const specifier = isLoose ? `./${folded}` : folded;
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

type Bare = Pick<ModuleEdge, 'from' | 'kind' | 'node' | 'place' | 'typeOnly' | 'form'>;

function edgeOf(unit: SourceUnit, { kind, node, specifier, typeOnly, form }: Naming): Bare {
  return { from: unit, kind, node, place: specifier ?? node, typeOnly, form };
}

/** The file or ambient declaration a specifier's symbol stands for; nothing when the symbol is no module. */
function moduleFile(
  compiler: Compiler,
  symbol: SymbolHandle,
): { readonly path: string | undefined } | undefined {
  for (const { kind, path } of compiler.declarationsOf(symbol)) {
    if (kind === 'SourceFile') return { path };
    if (kind === 'ModuleDeclaration') return { path: undefined };
  }
  return undefined;
}

type Destination = Pick<ModuleEdge, 'file' | 'packageName' | 'tried' | 'resolved' | 'others'>;

/** Whether a naming loads by `import` or by `require`, after its words and the kind of its file. */
function loadMode(compiler: Compiler, { path: file }: SourceUnit, { kind, form }: Naming): LoadMode {
  if (kind === 'require' || kind === 'import-equals' || form?.startsWith('require') === true)
    return 'require';
  if (kind === 'import()' || /\.m[jt]s$/.test(file)) return 'import';
  const isScript = /\.c[jt]s$/.test(file) || compiler.emitOptions(file).isCommonJs;
  return isScript ? 'require' : 'import';
}

/** Where a specifier leads: the compiler's answer where it is a source or an installed package, else our own. */
function leadOf(
  compiler: Compiler,
  unit: SourceUnit,
  naming: Naming,
  specifier: string | undefined,
  byChecker: string | undefined,
): Destination {
  const { leads } = compiler;
  const known = byChecker === undefined ? undefined : compiler.fileAt(byChecker);
  const isInstalled = byChecker?.includes('/node_modules/') === true;
  const isOwnName = leads.isOwnName(unit.path, specifier ?? '');
  const isAnswer = !isOwnName && (known?.isDeclarationFile === false || isInstalled);
  if (specifier === undefined || isAnswer) {
    const packageName = isInstalled
      ? packageNamed(specifier)
      : byChecker && leads.packageCrossed(unit.path, byChecker);
    return { file: byChecker, packageName, tried: [], resolved: byChecker !== undefined, others: [] };
  }
  const lead = leads.to(unit.path, specifier, isOwnName ? loadMode(compiler, unit, naming) : undefined);
  const file = lead.file ?? byChecker ?? compiler.resolveSpecifier(unit.path, specifier);
  const packageName =
    lead.packageName ?? (file === undefined ? undefined : leads.packageCrossed(unit.path, file));
  const resolved = file !== undefined || lead.isBuiltin === true;
  return { file, packageName, tried: lead.tried, resolved, others: lead.others ?? [] };
}

function packageNamed(specifier: string | undefined): string | undefined {
  return specifier !== undefined && isBare(specifier) ? packageOf(specifier) : undefined;
}

/** `import.meta.glob(…)` and `require.context(…)` load all files that match: one edge for each. */
function globEdges(compiler: Compiler, unit: SourceUnit, naming: Naming): readonly ModuleEdge[] {
  const { specifier: node } = naming;
  const items = node === undefined ? [] : parts(node, 'elements');
  const given = (items.length > 0 ? items : node === undefined ? [] : [node]).flatMap(
    (item) => constantText(compiler, item) ?? [],
  );
  const patterns = naming.form === 'require.context' ? given.map((folder) => `${folder}/**`) : given;
  return filesMatching(compiler, unit, patterns).map((file) => {
    const to = compiler.fileAt(file);
    return {
      ...edgeOf(unit, naming),
      specifier: given[0],
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

/**
 * Files that patterns mean: relative ones from the file, those with a slash in front from the root of the project, others
 * by their alias; `**` in front is anywhere, an exclamation mark takes out. A file does not load itself.
 */
function filesMatching(compiler: Compiler, unit: SourceUnit, patterns: readonly string[]): readonly string[] {
  const absolute = (pattern: string): readonly string[] => {
    if (pattern.startsWith('**')) return [pattern];
    const cut = pattern.search(/[*?{[(!]/);
    const head = cut < 0 ? pattern : pattern.slice(0, cut);
    return compiler.leads.prefixes(unit.path, head).map((start) => start + pattern.slice(head.length));
  };
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).flatMap(absolute);
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .flatMap((pattern) => absolute(pattern.slice(1)));
  const isUnwanted = unwanted.length === 0 ? () => false : picomatch(unwanted);
  const cwd = path.dirname(unit.path);
  const files =
    wanted.length === 0 ? [] : globSync(wanted, { cwd, absolute: true, expandDirectories: false });
  return files
    .filter((file) => file !== unit.path && !file.includes('/node_modules/') && !isUnwanted(file))
    .sort();
}
