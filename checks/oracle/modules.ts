/**
 * The module graph: every place where a file names another module (import, re-export, `import()`, `require`,
 * `import()` types), the file it leads to, and the places where the name cannot be told. Both compilers answer
 * through the symbol of the specifier; constants are folded first.
 */
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { constantText } from './constants.ts';
import { part, parts, textOf, walk } from './syntax.ts';

export type EdgeKind =
  | 'import'
  | 'export'
  | 'import-equals'
  | 'import()'
  | 'require'
  | 'import-type'
  | 'augmentation';

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
  /** The file of the project it leads to. */
  readonly to: SourceUnit | undefined;
  /** The module's symbol: of a file, a package or an ambient module. */
  readonly module: SymbolHandle | undefined;
  /** Whether the specifier leads anywhere (a package or an ambient module counts). */
  readonly resolved: boolean;
  /** Whether the edge is erased when the code runs (`import type`). */
  readonly typeOnly: boolean;
}

export interface ModuleGraph {
  readonly edges: readonly ModuleEdge[];
  readonly edgesFrom: (unit: SourceUnit) => readonly ModuleEdge[];
  readonly edgesTo: (unit: SourceUnit) => readonly ModuleEdge[];
  /** Edges to a module by a declaration key of its symbol. */
  readonly edgesToModule: (key: string) => readonly ModuleEdge[];
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

interface Naming {
  readonly kind: EdgeKind;
  readonly node: SyntaxNode;
  readonly specifier: SyntaxNode | undefined;
  readonly typeOnly: boolean;
}

/** Asks the compiler once for the symbols of all files. */
function edgesOfAll(compiler: Compiler): readonly ModuleEdge[] {
  const found = compiler.files.map((unit) => ({ unit, namings: namingsOf(compiler, unit) }));
  const places = found.flatMap(({ namings }) => namings.map(({ specifier, node }) => specifier ?? node));
  const symbols = compiler.symbolsAt(places);
  let start = 0;
  return found.flatMap(({ unit, namings }) => {
    const own = symbols.slice(start, start + namings.length);
    start += namings.length;
    return edgesOf(compiler, unit, namings, own);
  });
}

function edgesOf(
  compiler: Compiler,
  unit: SourceUnit,
  namings: readonly Naming[],
  symbols: readonly (SymbolHandle | undefined)[],
): readonly ModuleEdge[] {
  return namings.map((naming, index) => {
    const specifier = naming.specifier === undefined ? undefined : constantText(compiler, naming.specifier);
    const symbol = symbols[index];
    const byChecker = symbol === undefined ? undefined : moduleFile(compiler, symbol);
    const path = byChecker?.path ?? resolvedPath(compiler, unit, specifier);
    const to = path === undefined ? undefined : compiler.fileAt(path);
    return {
      from: unit,
      kind: naming.kind,
      node: naming.node,
      place: naming.specifier ?? naming.node,
      specifier,
      to,
      module: byChecker === undefined ? to && compiler.moduleOf(to) : symbol,
      resolved: path !== undefined || byChecker !== undefined,
      typeOnly: naming.typeOnly,
    };
  });
}

/** The file or ambient declaration a specifier's symbol stands for; nothing when the symbol is no module. */
function moduleFile(
  compiler: Compiler,
  symbol: Parameters<Compiler['declarationsOf']>[0],
): { readonly path: string | undefined } | undefined {
  for (const { kind, path } of compiler.declarationsOf(symbol)) {
    if (kind === 'SourceFile') return { path };
    if (kind === 'ModuleDeclaration') return { path: undefined };
  }
  return undefined;
}

function resolvedPath(
  compiler: Compiler,
  unit: SourceUnit,
  specifier: string | undefined,
): string | undefined {
  return specifier === undefined ? undefined : compiler.resolveSpecifier(unit.path, specifier);
}

function namingsOf(compiler: Compiler, unit: SourceUnit): readonly Naming[] {
  const found: Naming[] = [];
  const isScript = /\.[cm]?jsx?$/.test(unit.path);
  const visit = (node: SyntaxNode): void => {
    const naming = namingOf(compiler, node);
    // Types in comments of JavaScript files are nodes for one compiler and not for the other; they import nothing.
    const isComment = isScript && naming?.kind === 'import-type';
    if (naming !== undefined && !isComment) found.push(naming);
  };
  if (/\bimport\s*(?:\/[*/]|\()|require/i.test(unit.text)) walk(unit.root, visit);
  else unit.root.forEachChild((statement) => visit(statement));
  return found;
}

function namingOf(compiler: Compiler, node: SyntaxNode): Naming | undefined {
  switch (compiler.kindOf(node)) {
    case 'ImportDeclaration': {
      const clause = part(node, 'importClause');
      return declared('import', node, clause !== undefined && isTypeOnlyImport(compiler, clause));
    }
    case 'ExportDeclaration':
      return part(node, 'moduleSpecifier') && declared('export', node, isTypeOnlyExport(node));
    case 'ImportEqualsDeclaration': {
      const reference = part(node, 'moduleReference');
      const specifier = reference === undefined ? undefined : part(reference, 'expression');
      if (specifier === undefined) return undefined;
      return { kind: 'import-equals', node, specifier, typeOnly: Reflect.get(node, 'isTypeOnly') === true };
    }
    case 'ImportType': {
      const argument = part(node, 'argument');
      const specifier = argument === undefined ? undefined : part(argument, 'literal');
      return { kind: 'import-type', node, specifier, typeOnly: true };
    }
    case 'ModuleDeclaration': {
      const name = part(node, 'name');
      if (name === undefined || compiler.kindOf(name) !== 'StringLiteral') return undefined;
      return { kind: 'augmentation', node, specifier: name, typeOnly: true };
    }
    case 'CallExpression':
      return calledNaming(compiler, node);
    default:
      return undefined;
  }
}

function declared(kind: EdgeKind, node: SyntaxNode, typeOnly: boolean): Naming {
  return { kind, node, specifier: part(node, 'moduleSpecifier'), typeOnly };
}

function calledNaming(compiler: Compiler, node: SyntaxNode): Naming | undefined {
  const callee = part(node, 'expression');
  const specifier = parts(node, 'arguments')[0];
  if (callee === undefined) return undefined;
  if (compiler.kindOf(callee) === 'ImportKeyword')
    return { kind: 'import()', node, specifier, typeOnly: false };
  if (specifier === undefined || !isRequire(compiler, callee)) return undefined;
  return { kind: 'require', node, specifier, typeOnly: false };
}

/** `require`, `module.require`, `require.resolve` aside; also what `createRequire` returned under that name. */
function isRequire(compiler: Compiler, callee: SyntaxNode): boolean {
  const kind = compiler.kindOf(callee);
  if (kind === 'Identifier') return textOf(callee) === 'require' || isMadeByCreateRequire(compiler, callee);
  if (kind === 'CallExpression') return calls(callee, 'createRequire');
  if (kind !== 'PropertyAccessExpression') return false;
  const name = part(callee, 'name');
  const owner = part(callee, 'expression');
  return (
    name !== undefined && textOf(name) === 'require' && owner !== undefined && textOf(owner) === 'module'
  );
}

function isMadeByCreateRequire(compiler: Compiler, callee: SyntaxNode): boolean {
  if (!/require/i.test(callee.getText()) && !/createRequire/.test(rootText(callee))) return false;
  const [symbol] = compiler.symbolsAt([callee]);
  if (symbol === undefined) return false;
  const declaration = compiler.declarationsOf(compiler.targetOf(symbol))[0]?.node;
  const initializer = declaration === undefined ? undefined : part(declaration, 'initializer');
  return initializer !== undefined && calls(initializer, 'createRequire');
}

function rootText(node: SyntaxNode): string {
  let current = node;
  for (let parent: SyntaxNode | undefined = node.parent; parent !== undefined; parent = parent.parent)
    current = parent;
  return textOf(current);
}

function calls(node: SyntaxNode, name: string): boolean {
  const callee = part(node, 'expression');
  return callee !== undefined && (part(callee, 'name') ?? callee).getText() === name;
}

function isTypeOnlyImport(compiler: Compiler, clause: SyntaxNode): boolean {
  const phase: unknown = Reflect.get(clause, 'phaseModifier');
  if (typeof phase === 'number' && compiler.kindOf({ kind: phase }) === 'TypeKeyword') return true;
  const bindings = part(clause, 'namedBindings');
  if (part(clause, 'name') !== undefined || bindings === undefined) return false;
  if (compiler.kindOf(bindings) !== 'NamedImports') return false;
  const elements = parts(bindings, 'elements');
  return elements.length > 0 && elements.every((element) => Reflect.get(element, 'isTypeOnly') === true);
}

function isTypeOnlyExport(node: SyntaxNode): boolean {
  return Reflect.get(node, 'isTypeOnly') === true;
}
