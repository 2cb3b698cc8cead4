/**
 * Turns the names rules are written with into symbols. `src/pmem.ts#memcpyToPmem` is an export of a file,
 * `src/pmem.ts#Cpu.store` a member of it, `#*` and `#Cpu.*` all of them, `lodash#debounce` an export of a package or
 * ambient module that the project imports. Names are followed to the declaration, so a barrel's name will do.
 */
import type { CheckContext } from '../context.ts';
import { filterOf } from '../globs.ts';
import { packageFilter } from '../resolve/package-names.ts';
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { computedMembers } from './computed-members.ts';
import { missingPackageSymbols } from './missing-packages.ts';
import { exportsAndAssignment } from './exports.ts';
import { ancestor, parentOf, part, parts, textOf } from './syntax.ts';
import type { WatchedSymbol } from './entries.ts';

/** Symbols a written name stands for; empty when nothing of that name exists. */
export function resolveTarget(context: CheckContext, written: string): readonly WatchedSymbol[] {
  const cut = written.lastIndexOf('#');
  const where = cut < 0 ? written : written.slice(0, cut);
  const [, plain = '', parameters] = /^([^(]*)(?:\((.*)\))?$/.exec(written.slice(cut + 1)) ?? [];
  if (parameters !== undefined && cut >= 0) return signaturesNamed(context, where, plain, parameters);
  const names = cut < 0 ? ['*'] : written.slice(cut + 1).split('.');
  const modules = modulesNamed(context, where);
  if (modules.length === 0) {
    return missingPackageSymbols(context.compiler, context.graph, where, names.join('.'));
  }
  return modules.flatMap(({ module, label, unit }) => {
    let found: readonly Found[] = module === undefined ? [] : [{ symbol: module, name: '' }];
    for (const name of names) found = found.flatMap((owner) => membersNamed(context.compiler, owner, name));
    const first = names[0] ?? '*';
    if (unit !== undefined && unit.path.endsWith('.json')) {
      found = propertyOfJson(context.compiler, unit, names).map((symbol) => ({
        symbol,
        name: names.join('.'),
      }));
    }
    if (found.length === 0 && first !== '*' && unit !== undefined) {
      found = localsNamed(context.compiler, unit, first).map((symbol) => ({ symbol, name: first }));
      for (const name of names.slice(1))
        found = found.flatMap((owner) => membersNamed(context.compiler, owner, name));
    }
    return found.map(({ symbol, name, owner }) => ({
      ...watched(context.compiler, symbol, `${label}#${name}`),
      ...(owner === undefined ? {} : { owner }),
    }));
  });
}

function plain(text: string): string {
  return text.replaceAll(/\s/g, '');
}

/** `conv(a: number)`: of a function with several signatures the one that is written so, spaces aside. */
function signaturesNamed(
  context: CheckContext,
  where: string,
  name: string,
  parameters: string,
): readonly WatchedSymbol[] {
  const { compiler } = context;
  return resolveTarget(context, `${where}#${name}`).flatMap((found) => {
    const index = compiler.declarationsOf(found.symbol).findIndex(
      ({ node }) =>
        part(node, 'body') === undefined &&
        plain(
          parts(node, 'parameters')
            .map((one) => one.getText())
            .join(),
        ) === plain(parameters),
    );
    const signature = compiler.keysOf(found.symbol)[index];
    const target = { ...found.target, label: `${found.target.label}(${parameters})` };
    return signature === undefined ? [] : [{ ...found, target, signature }];
  });
}

interface Found {
  readonly symbol: SymbolHandle;
  /** Name inside the module; empty for the module itself. */
  readonly name: string;
  readonly owner?: SymbolHandle;
}

interface FoundModule {
  /** Its symbol; JSON files and scripts (files without import or export) have none. */
  readonly module: SymbolHandle | undefined;
  readonly label: string;
  readonly unit?: SourceUnit;
}

function modulesNamed(context: CheckContext, where: string): readonly FoundModule[] {
  const isFile = /[*?{]/.test(where) ? filterOf([where]) : (file: string) => file === where;
  const files = context.compiler.files.filter((unit) => isFile(context.nameOf(unit)));
  if (files.length > 0) {
    return files.flatMap((unit) => {
      const module = context.compiler.moduleOf(unit);
      return [{ module, label: context.nameOf(unit), unit }];
    });
  }
  const isMeant = packageFilter([where]);
  const found = new Map<string, FoundModule>();
  for (const edge of context.graph.edges) {
    if (!isMeant(edge.specifier ?? '') || edge.module === undefined) continue;
    const key = context.compiler.keysOf(edge.module)[0] ?? '';
    found.set(key, { module: edge.module, label: where });
  }
  return [...found.values()];
}

/** A property of the object a JSON file holds. */
function propertyOfJson(
  compiler: Compiler,
  unit: SourceUnit,
  names: readonly string[],
): readonly SymbolHandle[] {
  const statement = parts(unit.root, 'statements')[0];
  let holder = statement === undefined ? undefined : part(statement, 'expression');
  let found: SymbolHandle | undefined;
  for (const name of names) {
    found = holder === undefined ? undefined : compiler.propertyAt(holder, name);
    const declaration = found === undefined ? undefined : compiler.declarationsOf(found)[0]?.node;
    holder = declaration === undefined ? undefined : part(declaration, 'initializer');
  }
  return found === undefined ? [] : [found];
}

/** Top-level declarations of a file that it does not export, those of `declare global` included. */
function localsNamed(compiler: Compiler, unit: SourceUnit, wanted: string): readonly SymbolHandle[] {
  const names: SyntaxNode[] = [];
  const look = (statement: SyntaxNode): undefined => {
    const list = part(statement, 'declarationList');
    for (const declaration of list === undefined ? [statement] : parts(list, 'declarations')) {
      const name = part(declaration, 'name');
      if (name !== undefined && textOf(name) === wanted) names.push(name);
      if (name !== undefined && textOf(name) === 'global') part(statement, 'body')?.forEachChild(look);
    }
  };
  unit.root.forEachChild(look);
  const symbols = compiler.symbolsAt(names).flatMap((symbol) => symbol ?? []);
  return unlike(
    compiler,
    symbols.map((symbol) => [wanted, symbol] as const),
  ).map(([, symbol]) => symbol);
}

function membersNamed(compiler: Compiler, owner: Found, name: string): readonly Found[] {
  const prefix = owner.name === '' ? '' : `${owner.name}.`;
  const exported = owner.name === '' ? exportsAndAssignment(compiler, owner.symbol) : [];
  const inner =
    owner.name === '' ? [] : [...ownProperties(compiler, owner.symbol), ...compiler.membersOf(owner.symbol)];
  // A name may stand for several: of a class the static member and the one of its instances.
  const isMeant = (key: string): boolean => (name === '*' ? !key.startsWith('__') : key === name);
  const plain = [...exported, ...inner]
    .filter((symbol) => isMeant(symbol.name))
    .map((symbol) => [symbol.name, compiler.targetOf(symbol)] as const);
  const computed = owner.name === '' ? [] : computedMembers(compiler, owner.symbol);
  const all = [...plain, ...computed.filter(([key]) => isMeant(key))];
  return unlike(compiler, all).map(([key, symbol]) => ({
    symbol,
    name: prefix + key,
    ...(owner.name === '' ? {} : { owner: owner.symbol }),
  }));
}

/** Each declared thing once. */
function unlike<T extends readonly [key: string, symbol: SymbolHandle]>(
  compiler: Compiler,
  all: readonly T[],
): readonly T[] {
  const known = new Set<string>();
  return all.filter(([key, symbol]) => {
    const text = [key, ...compiler.keysOf(symbol)].join('\n');
    if (known.has(text)) return false;
    known.add(text);
    return true;
  });
}

/** Properties of the object literal a constant is, none of its type's own. */
function ownProperties(compiler: Compiler, symbol: SymbolHandle): readonly SymbolHandle[] {
  const values = compiler.declarationsOf(symbol).flatMap(({ kind, path, node }) => {
    const value = valueOf(kind, node);
    return value === undefined ? [] : [{ path, value }];
  });
  if (values.length === 0) return [];
  return compiler
    .propertiesOf(symbol)
    .filter((property) =>
      compiler
        .declarationsOf(property)
        .some(({ path, node }) =>
          values.some((one) => one.path === path && one.value.pos <= node.pos && node.end <= one.value.end),
        ),
    );
}

/** What a declaration gives its name; of `exports.name = value` the compilers call the left side or the whole its declaration. */
function valueOf(kind: string, node: SyntaxNode): SyntaxNode | undefined {
  if (/^(?:Variable|Property)(?:Declaration|Assignment)$/.test(kind)) return part(node, 'initializer');
  if (kind === 'BinaryExpression') return part(node, 'right');
  return kind === 'PropertyAccessExpression' ? part(parentOf(node) ?? node, 'right') : undefined;
}

function watched(compiler: Compiler, symbol: SymbolHandle, label: string): WatchedSymbol {
  const declaration = compiler.declarationsOf(symbol)[0]?.node;
  const callable = declaration !== undefined && compiler.isCallable(symbol, declaration);
  return { target: { label, name: symbol.name }, symbol, callable };
}

/** Files that declare watched symbols, and may therefore do with them what they want. */
export function ownersOf(compiler: Compiler, watchedSymbols: readonly WatchedSymbol[]): ReadonlySet<string> {
  const own = watchedSymbols.filter((symbol) => symbol.isUnresolved !== true);
  return new Set(own.flatMap(({ symbol }) => owningFiles(compiler, symbol)));
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
