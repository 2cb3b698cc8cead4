/**
 * Names imported from packages that are not installed (or have no types). The compiler knows nothing behind such an
 * import, so the imports themselves stand for the symbol; rules about packages then work in a bare checkout too.
 */
import type { Compiler, SymbolHandle, SyntaxNode } from './compiler.ts';
import type { WatchedSymbol } from './entries.ts';
import type { ModuleEdge, ModuleGraph } from './modules.ts';
import { packageFilter } from '../resolve/package-names.ts';
import { part, parts, textOf } from './syntax.ts';
import type { Target } from './use.ts';

/** The imports of `name` from a package that leads nowhere; with `*`, of every name. */
export function missingPackageSymbols(
  compiler: Compiler,
  graph: ModuleGraph,
  specifier: string,
  name: string,
): readonly WatchedSymbol[] {
  const targets = new Map<string, Target>();
  const targetOf = (imported: string): Target => {
    const known = targets.get(imported) ?? { label: `${specifier}#${imported}`, name: imported };
    targets.set(imported, known);
    return known;
  };
  const isMeant = packageFilter([specifier]);
  return graph.edges
    .filter((edge) => isMeant(edge.specifier ?? '') && edge.module === undefined)
    .flatMap((edge) => bindingsOf(compiler, edge))
    .filter(({ imported }) => imported === '*' || name === '*' || imported === name)
    .flatMap(({ imported, local }) => {
      const [symbol] = compiler.symbolsAt([local]);
      const target = targetOf(imported === '*' ? name : imported);
      return symbol === undefined ? [] : [watched(symbol, target, imported === '*')];
    });
}

function watched(symbol: SymbolHandle, target: Target, isNamespace: boolean): WatchedSymbol {
  return { target, symbol, callable: true, isUnresolved: true, ...(isNamespace ? { owner: symbol } : {}) };
}

interface Binding {
  /** Name in the package; `*` for the whole of it. */
  readonly imported: string;
  readonly local: SyntaxNode;
}

function bindingsOf(compiler: Compiler, edge: ModuleEdge): readonly Binding[] {
  const clause = part(edge.node, 'importClause') ?? part(edge.node, 'exportClause');
  if (clause === undefined) return [];
  const found: Binding[] = [];
  const name = part(clause, 'name');
  const isWhole = compiler.kindOf(clause) === 'NamespaceExport';
  // A default import is often the whole package (CommonJS), and is then used like a namespace.
  if (name !== undefined) found.push({ imported: '*', local: name });
  if (name !== undefined && !isWhole) found.push({ imported: 'default', local: name });
  const bindings = part(clause, 'namedBindings') ?? clause;
  const namespace = compiler.kindOf(bindings) === 'NamespaceImport' ? part(bindings, 'name') : undefined;
  if (namespace !== undefined) found.push({ imported: '*', local: namespace });
  for (const element of parts(bindings, 'elements')) {
    const local = part(element, 'name');
    const imported = part(element, 'propertyName') ?? local;
    if (local !== undefined && imported !== undefined) found.push({ imported: textOf(imported), local });
  }
  return found;
}
