/**
 * Turns the names rules are written with into symbols. `src/pmem.ts#memcpyToPmem` is an export of a file,
 * `src/pmem.ts#Cpu.store` a member of it, `#*` and `#Cpu.*` all of them, `lodash#debounce` an export of a package or
 * ambient module that the project imports. Names are followed to the declaration, so a barrel's name will do.
 */
import type { CheckContext } from '../context.ts';
import { filterOf } from '../globs.ts';
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { ancestor, part, parts, textOf } from './syntax.ts';
import type { WatchedSymbol } from './tracker.ts';

/** Symbols a written name stands for; empty when nothing of that name exists. */
export function resolveTarget(context: CheckContext, written: string): readonly WatchedSymbol[] {
  const cut = written.lastIndexOf('#');
  const where = cut < 0 ? written : written.slice(0, cut);
  const names = cut < 0 ? ['*'] : written.slice(cut + 1).split('.');
  return modulesNamed(context, where).flatMap(({ module, label, unit }) => {
    let found: readonly { readonly symbol: SymbolHandle; readonly name: string }[] = [
      { symbol: module, name: '' },
    ];
    for (const name of names) found = found.flatMap((owner) => membersNamed(context.compiler, owner, name));
    const first = names[0] ?? '*';
    if (found.length === 0 && names.length === 1 && unit !== undefined) {
      found = localsNamed(context.compiler, unit, first).map((symbol) => ({ symbol, name: first }));
    }
    return found.map(({ symbol, name }) => watched(context.compiler, symbol, `${label}#${name}`));
  });
}

interface FoundModule {
  readonly module: SymbolHandle;
  readonly label: string;
  readonly unit?: SourceUnit;
}

function modulesNamed(context: CheckContext, where: string): readonly FoundModule[] {
  const isFile = /[*?{]/.test(where) ? filterOf([where]) : (file: string) => file === where;
  const files = context.compiler.files.filter((unit) => isFile(context.nameOf(unit)));
  if (files.length > 0) {
    return files.flatMap((unit) => {
      const module = context.compiler.moduleOf(unit);
      return module === undefined ? [] : [{ module, label: context.nameOf(unit), unit }];
    });
  }
  const found = new Map<string, FoundModule>();
  for (const edge of context.graph.edges) {
    if (edge.specifier !== where || edge.module === undefined) continue;
    const key = context.compiler.keysOf(edge.module)[0] ?? '';
    found.set(key, { module: edge.module, label: where });
  }
  return [...found.values()];
}

/** Top-level declarations of a file that it does not export. */
function localsNamed(compiler: Compiler, unit: SourceUnit, wanted: string): readonly SymbolHandle[] {
  const names: SyntaxNode[] = [];
  unit.root.forEachChild((statement) => {
    const list = part(statement, 'declarationList');
    for (const declaration of list === undefined ? [statement] : parts(list, 'declarations')) {
      const name = part(declaration, 'name');
      if (name !== undefined && textOf(name) === wanted) names.push(name);
    }
    return undefined;
  });
  return compiler.symbolsAt(names.slice(0, 1)).flatMap((symbol) => symbol ?? []);
}

function membersNamed(
  compiler: Compiler,
  owner: { readonly symbol: SymbolHandle; readonly name: string },
  name: string,
): readonly { readonly symbol: SymbolHandle; readonly name: string }[] {
  const prefix = owner.name === '' ? '' : `${owner.name}.`;
  const known = new Map<string, SymbolHandle>();
  const exported = owner.name === '' ? compiler.exportsOf(owner.symbol) : [];
  const inner = owner.name === '' ? [] : compiler.membersOf(owner.symbol);
  for (const symbol of [...exported, ...inner]) known.set(symbol.name, compiler.targetOf(symbol));
  return [...known]
    .filter(([key]) => (name === '*' ? !key.startsWith('__') : key === name))
    .map(([key, symbol]) => ({ symbol, name: prefix + key }));
}

function watched(compiler: Compiler, symbol: SymbolHandle, label: string): WatchedSymbol {
  const declaration = compiler.declarationsOf(symbol)[0]?.node;
  const callable = declaration !== undefined && compiler.isCallable(symbol, declaration);
  return { target: { label, name: symbol.name }, symbol, callable };
}

/** Files that declare a symbol; a file that merely augments another's module does not own it. */
export function owningFiles(compiler: Compiler, symbol: SymbolHandle): readonly string[] {
  const places = compiler.declarationsOf(symbol);
  const own = places.filter(({ node }) => !isAugmentation(compiler, node));
  return (own.length > 0 ? own : places).map(({ path }) => path);
}

function isAugmentation(compiler: Compiler, node: SyntaxNode): boolean {
  const module = ancestor(compiler, node, new Set(['ModuleDeclaration']));
  const name = module === undefined ? undefined : part(module, 'name');
  if (module === undefined || name === undefined) return false;
  return compiler.kindOf(name) === 'StringLiteral' || isAugmentation(compiler, module);
}
