/**
 * Whether anything of an import is left when the code runs: exactly what the compiler does under the options of the
 * file's project. `import type` goes; so do names used in types only, unless `verbatimModuleSyntax` keeps what is
 * written, a re-export must be kept under `isolatedModules`, or decorator metadata needs the value.
 */
import type { Compiler, EmitOptions, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import type { ModuleEdge } from './modules.ts';
import { needsMetadata } from './decorator-metadata.ts';
import { classifyReference, isClassExtends } from './classify.ts';
import { createConstEnums } from './const-enums.ts';
import { ancestor, isExported, parentOf, part, parts, textOf, walk } from './syntax.ts';

/** Makes the question; answers are kept by edge, names by file. */
export function createErasure(compiler: Compiler): (edge: ModuleEdge) => boolean {
  const known = new Map<ModuleEdge, boolean>();
  const names = new Map<SourceUnit, ReadonlyMap<string, readonly SyntaxNode[]>>();
  const namesOf = (unit: SourceUnit): ReadonlyMap<string, readonly SyntaxNode[]> => {
    const found = names.get(unit) ?? identifiersOf(compiler, unit);
    names.set(unit, found);
    return found;
  };
  const about: About = { namesOf, mayBeConstEnum: createConstEnums(compiler) };
  return (edge) => {
    const answer = known.get(edge) ?? isErased(compiler, edge, about);
    known.set(edge, answer);
    return answer;
  };
}

/** What is known of a project beside one edge. */
interface About {
  readonly namesOf: (unit: SourceUnit) => ReadonlyMap<string, readonly SyntaxNode[]>;
  readonly mayBeConstEnum: (edge: ModuleEdge) => boolean;
}

function isErased(compiler: Compiler, edge: ModuleEdge, about: About): boolean {
  if (edge.typeOnly || edge.from.isDeclarationFile) return true;
  if (edge.kind !== 'import' && edge.kind !== 'export' && edge.kind !== 'import-equals') return false;
  const options = compiler.emitOptions(edge.from.path);
  if (
    options.verbatim ||
    (options.keepsImports && edge.kind === 'import') ||
    /\.[cm]?jsx?$/.test(edge.from.path)
  )
    return false;
  if (edge.kind === 'export') return isErasedExport(compiler, edge.node, options);
  const locals = localsOf(compiler, edge);
  if (locals === undefined) return false;
  return locals.every((local) => !isUsedAsValue(compiler, edge, local, options, about));
}

/** Local names an import binds, those marked `type` left out; `undefined` when it binds none at all. */
function localsOf(compiler: Compiler, edge: ModuleEdge): readonly SyntaxNode[] | undefined {
  if (edge.kind === 'import-equals') {
    const name = part(edge.node, 'name');
    return name === undefined || isExported(compiler, edge.node) ? undefined : [name];
  }
  const clause = part(edge.node, 'importClause');
  if (clause === undefined) return undefined;
  const own = part(clause, 'name');
  const bindings = part(clause, 'namedBindings');
  const whole = bindings === undefined ? undefined : part(bindings, 'name');
  const elements = bindings === undefined ? [] : parts(bindings, 'elements');
  const named = elements
    .filter((element) => Reflect.get(element, 'isTypeOnly') !== true)
    .map((element) => part(element, 'name'));
  return [own, whole, ...named].filter((name) => name !== undefined);
}

/** `export { A, type B } from`: every name is marked `type`, or no name stands for a value. */
function isErasedExport(compiler: Compiler, node: SyntaxNode, options: EmitOptions): boolean {
  const clause = part(node, 'exportClause');
  if (clause === undefined || compiler.kindOf(clause) !== 'NamedExports') return false;
  const open = parts(clause, 'elements').filter((element) => Reflect.get(element, 'isTypeOnly') !== true);
  if (open.length > 0 && options.isolated) return false;
  const symbols = compiler.symbolsAt(open.flatMap((element) => part(element, 'name') ?? []));
  return symbols.every((symbol) => symbol !== undefined && !isValue(compiler, symbol, options));
}

function isValue(compiler: Compiler, symbol: SymbolHandle, options: EmitOptions): boolean {
  const target = compiler.targetOf(symbol);
  const places = compiler.declarationsOf(target);
  if (places.length === 0) return true;
  if (!compiler.hasValue(target)) return false;
  const isInlined = places.every(({ kind, node }) => kind === 'EnumDeclaration' && isConst(compiler, node));
  return !isInlined || options.keepsConstEnums;
}

function isConst(compiler: Compiler, node: SyntaxNode): boolean {
  return parts(node, 'modifiers').some((modifier) => compiler.kindOf(modifier) === 'ConstKeyword');
}

function isUsedAsValue(
  compiler: Compiler,
  edge: ModuleEdge,
  local: SyntaxNode,
  options: EmitOptions,
  about: About,
  outer: readonly string[] = [],
): boolean {
  const { namesOf, mayBeConstEnum } = about;
  const names = namesOf(edge.from);
  if (options.jsxFactory === textOf(local) && names.has(JSX)) return true;
  const places = (names.get(textOf(local)) ?? []).filter((node) => {
    const alias = aliasMadeBy(compiler, node);
    // A local name for a part of it counts where that name is used.
    if (alias !== undefined) {
      // Names are told by their text here, and that of the alias stands in its own declaration too.
      const own = textOf(alias);
      return !outer.includes(own) && isUsedAsValue(compiler, edge, alias, options, about, [...outer, own]);
    }
    return mayBeValue(compiler, node, options);
  });
  if (places.length === 0) return false;
  const [own, ...symbols] = compiler.symbolsAt([local, ...places]);
  if (own === undefined) return true;
  const keys = new Set(compiler.keysOf(own));
  const ownPlaces = places.filter((node, index) => {
    const kind = compiler.kindOf(node.parent);
    // An export without "from" names what the file itself imports.
    if (kind === 'ExportSpecifier') return true;
    const symbol = kind === 'ShorthandPropertyAssignment' ? compiler.shorthandValueOf(node) : symbols[index];
    return symbol !== undefined && compiler.keysOf(symbol).some((key) => keys.has(key));
  });
  if (ownPlaces.length === 0) return false;
  if (ownPlaces.some((node) => isSurelyValue(compiler, node)) && !mayBeConstEnum(edge)) return true;
  // What is only read is put in place of constant enums, whether or not they exist when the code runs.
  const keepsConstEnums =
    options.isolated || places.some((node) => compiler.kindOf(node.parent) === 'ExportSpecifier');
  return isValue(compiler, own, {
    ...options,
    keepsConstEnums: keepsConstEnums && options.keepsConstEnums,
  });
}

/** In `import P = all.Part`, which passes nothing on: the new name. */
function aliasMadeBy(compiler: Compiler, node: SyntaxNode): SyntaxNode | undefined {
  const declaration = ancestor(compiler, node, new Set(['ImportEqualsDeclaration']));
  const name = declaration === undefined ? undefined : part(declaration, 'name');
  const isOwn = name === node || declaration === undefined || isExported(compiler, declaration);
  return isOwn ? undefined : name;
}

/** Whether only a value can stand at the place of a name; exports and types of decorated members name types as well. */
function isSurelyValue(compiler: Compiler, node: SyntaxNode): boolean {
  if (compiler.kindOf(node.parent).startsWith('Export')) return false;
  const use = classifyReference(compiler, node);
  return use === 'call' || use === 'value' || use === 'write';
}

/** Key under which JSX elements of a file are kept. */
const JSX = '<>';

function identifiersOf(compiler: Compiler, unit: SourceUnit): ReadonlyMap<string, readonly SyntaxNode[]> {
  const found = new Map<string, SyntaxNode[]>();
  const add = (name: string, node: SyntaxNode): void => {
    const same = found.get(name);
    if (same === undefined) found.set(name, [node]);
    else same.push(node);
  };
  unit.root.forEachChild((statement) => {
    if (compiler.kindOf(statement) === 'ImportDeclaration') return undefined;
    walk(statement, (node) => {
      const kind = compiler.kindOf(node);
      if (kind === 'Identifier') add(textOf(node), node);
      else if (/^Jsx(?:Opening|SelfClosing)/.test(kind)) add(JSX, node);
    });
    return undefined;
  });
  return found;
}

/** Whether the place of a name is one of a value: no type, no `implements`, no declaration. */
function mayBeValue(compiler: Compiler, node: SyntaxNode, options: EmitOptions): boolean {
  const parent = parentOf(node);
  const kind = parent === undefined ? '' : compiler.kindOf(parent);
  if (parent !== undefined && kind === 'PropertyAccessExpression' && part(parent, 'name') === node)
    return false;
  if (kind === 'ExportSpecifier' && isTypeExport(parent ?? node)) return false;
  if (isAmbient(compiler, node)) return false;
  if (kind === 'ImportEqualsDeclaration' && parent !== undefined && part(parent, 'name') === node)
    return false;
  if (kind === 'ExportSpecifier' && parent !== undefined && isReexported(node, parent)) return false;
  const use = classifyReference(compiler, node);
  if (use === 'extends') return isClassExtends(compiler, node);
  if (use === 'type') return options.decoratorMetadata && needsMetadata(compiler, node, options.strictNulls);
  return use !== undefined;
}

/** `export type { name }` and `export { type name }`. */
function isTypeExport(specifier: SyntaxNode): boolean {
  return [specifier, specifier.parent.parent].some((node) => Reflect.get(node, 'isTypeOnly') === true);
}

/** Whether a place lies in something that is only declared: nothing of it is emitted. */
function isAmbient(compiler: Compiler, node: SyntaxNode): boolean {
  for (let at = parentOf(node); at !== undefined; at = parentOf(at))
    if (parts(at, 'modifiers').some((modifier) => compiler.kindOf(modifier) === 'DeclareKeyword'))
      return true;
  return false;
}

/** In `export { name } from` and as the new name in `export { old as name }` it names nothing of this file. */
function isReexported(node: SyntaxNode, specifier: SyntaxNode): boolean {
  const local = part(specifier, 'propertyName') ?? part(specifier, 'name');
  return local !== node || part(specifier.parent.parent, 'moduleSpecifier') !== undefined;
}
