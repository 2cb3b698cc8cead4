/**
 * Which functions of a tree each of its functions calls, by symbol: functions and constants at the top of a file, and
 * members of its interfaces and classes (`DaxOperations.flush`). A function of the tree that is passed on as a value
 * counts as called by the function that passes it, since nobody else is known to. Calls of nested functions count for
 * the function around them; names outside the tree are left out.
 */
import type { CheckContext } from '#checks/context.ts';
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from '#checks/oracle/compiler.ts';
import { isPart, outermost, parentOf, part, parts, textOf, walk } from '#checks/oracle/syntax.ts';

/** A call of a function of the tree. */
export interface SurfaceCall {
  /** `FILE.ts#name`, or `FILE.ts#Type.member`. */
  readonly callee: string;
  readonly line: number;
}

/** A function of the tree. */
export interface FunctionCalls {
  readonly file: string;
  readonly line: number;
  /** In the order in which they are written. */
  readonly calls: readonly SurfaceCall[];
}

/** Something that may be called. */
interface Callable {
  readonly word: string;
  readonly label: string;
  /** A member counts only where it is called, a constant where it is one of a function: else they are data. */
  readonly kind: 'function' | 'constant' | 'member';
}

/** A name that declares such a thing in the tree. */
interface Declared extends Callable {
  readonly name: SyntaxNode;
}

/** Every function of the units and what it calls, by `FILE.ts#name`. */
export function readCalls(
  context: CheckContext,
  units: readonly SourceUnit[],
): ReadonlyMap<string, FunctionCalls> {
  const { compiler } = context;
  const callables = passedOn(context, units);
  for (const unit of units) {
    const declared = statementsOf(unit).flatMap((node) => declaredBy(compiler, node, context.nameOf(unit)));
    const symbols = compiler.symbolsAt(declared.map(({ name }) => name));
    for (const [index, entry] of declared.entries()) {
      const symbol = symbols[index];
      for (const key of symbol === undefined ? [] : compiler.keysOf(symbol)) callables.set(key, entry);
    }
  }
  const words = wordsFor(compiler, units, callables);
  return new Map(units.flatMap((unit) => callersIn(context, unit, words, callables)));
}

/** Members that interfaces, classes and type literals of the units declare, as `FILE.ts#Type.member`. */
export function readMembers(context: CheckContext, units: readonly SourceUnit[]): string[] {
  return units.flatMap((unit) =>
    statementsOf(unit)
      .flatMap((node) => declaredBy(context.compiler, node, context.nameOf(unit)))
      .flatMap(({ kind, label }) => (kind === 'member' ? [label] : [])),
  );
}

/** Functions of the kernel around the tree that modules of the tree pass on: called under the tree's name. */
function passedOn(context: CheckContext, units: readonly SourceUnit[]): Map<string, Callable> {
  const { compiler } = context;
  const callables = new Map<string, Callable>();
  for (const unit of units) {
    const module = compiler.moduleOf(unit);
    for (const symbol of module === undefined ? [] : compiler.exportsOf(module)) {
      const target = compiler.targetOf(symbol);
      const [place] = compiler.declarationsOf(target);
      if (place?.kind !== 'FunctionDeclaration' || place.path === unit.path) continue;
      const label = `${context.nameOf(unit)}#${symbol.name}`;
      for (const key of compiler.keysOf(target))
        callables.set(key, { word: symbol.name, label, kind: 'function' });
    }
  }
  return callables;
}

const statementsOf = (unit: SourceUnit): readonly SyntaxNode[] => parts(unit.root, 'statements');

/** What can be called of what a statement at the top of a file declares. */
function declaredBy(compiler: Compiler, statement: SyntaxNode, file: string): Declared[] {
  const owner = part(statement, 'name');
  const declared = (name: SyntaxNode, kind: Callable['kind'], prefix = ''): Declared => ({
    name,
    word: textOf(name),
    label: `${file}#${prefix}${textOf(name)}`,
    kind,
  });
  switch (compiler.kindOf(statement)) {
    case 'FunctionDeclaration':
      return owner === undefined ? [] : [declared(owner, 'function')];
    case 'VariableStatement':
      return variablesOf(statement).map((name) => declared(name, 'constant'));
    case 'InterfaceDeclaration':
    case 'ClassDeclaration':
    case 'TypeAliasDeclaration':
      return owner === undefined
        ? []
        : membersOf(statement).map((name) => declared(name, 'member', `${textOf(owner)}.`));
    default:
      return [];
  }
}

/** Names of the members of an interface, a class or a type literal. */
function membersOf(statement: SyntaxNode): SyntaxNode[] {
  const type = part(statement, 'type');
  const members = [...parts(statement, 'members'), ...(type === undefined ? [] : parts(type, 'members'))];
  return members.map((member) => part(member, 'name')).filter((name) => name !== undefined);
}

function variablesOf(statement: SyntaxNode): SyntaxNode[] {
  const list = part(statement, 'declarationList');
  const names = list === undefined ? [] : parts(list, 'declarations').map((node) => part(node, 'name'));
  return names.filter((name) => name !== undefined);
}

/** Names by which something callable may be written, renamings of imports and exports included. */
function wordsFor(
  compiler: Compiler,
  units: readonly SourceUnit[],
  callables: ReadonlyMap<string, Callable>,
): ReadonlySet<string> {
  const words = new Set([...callables.values()].map(({ word }) => word));
  const renamings: (readonly [string, string])[] = [];
  for (const statement of units.flatMap(statementsOf)) {
    if (!/^(?:Import|Export)Declaration$/.test(compiler.kindOf(statement))) continue;
    walk(statement, (node) => {
      const original = part(node, 'propertyName');
      const name = part(node, 'name');
      if (original !== undefined && name !== undefined) renamings.push([textOf(original), textOf(name)]);
    });
  }
  for (let size = -1; size !== words.size;) {
    ({ size } = words);
    for (const [original, name] of renamings) if (words.has(original)) words.add(name);
  }
  return words;
}

function callersIn(
  context: CheckContext,
  unit: SourceUnit,
  words: ReadonlySet<string>,
  callables: ReadonlyMap<string, Callable>,
): (readonly [string, FunctionCalls])[] {
  const { compiler } = context;
  const file = context.nameOf(unit);
  const scopes = statementsOf(unit).flatMap((statement) => scopesOf(compiler, statement));
  const nodes = scopes.map(({ node }) => namesBelow(compiler, node, words));
  const flat = nodes.flat();
  const symbols = compiler.symbolsAt(flat);
  const symbolOf = new Map(flat.map((node, index) => [node, symbols[index]]));
  const lineOf = lineFinder(unit.text);
  return scopes.map(({ name, node }, index) => {
    const calls = (nodes[index] ?? []).flatMap((word) => {
      const callee = calleeAt(compiler, word, symbolOf.get(word), callables);
      return callee === undefined ? [] : [{ callee, line: lineOf(word.getStart()) }];
    });
    return [`${file}#${name}`, { file, line: lineOf(node.getStart()), calls }] as const;
  });
}

/** Functions, classes and constants of a statement, each a scope of its own. */
function scopesOf(compiler: Compiler, statement: SyntaxNode): { name: string; node: SyntaxNode }[] {
  const kind = compiler.kindOf(statement);
  if (kind === 'VariableStatement') {
    return variablesOf(statement).map((name) => ({ name: textOf(name), node: name.parent }));
  }
  if (!/^(?:Function|Class)Declaration$/.test(kind)) return [];
  const name = part(statement, 'name');
  return [{ name: name === undefined ? 'default' : textOf(name), node: statement }];
}

const DECLARING =
  /^(?:Function|Class|Variable|Method|Property)Declaration$|^(?:Get|Set)Accessor$|^Parameter$/;

function namesBelow(compiler: Compiler, scope: SyntaxNode, words: ReadonlySet<string>): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(scope, (node) => {
    if (compiler.kindOf(node) !== 'Identifier' || !words.has(textOf(node))) return;
    const kind = compiler.kindOf(node.parent);
    if (isPart(node, 'name') && (DECLARING.test(kind) || kind === 'PropertyAssignment')) return;
    found.push(node);
  });
  return found;
}

function calleeAt(
  compiler: Compiler,
  node: SyntaxNode,
  symbol: SymbolHandle | undefined,
  callables: ReadonlyMap<string, Callable>,
): string | undefined {
  const kind = compiler.kindOf(node.parent);
  const isTaken = kind === 'BindingElement' && (part(node.parent, 'propertyName') ?? node) === node;
  const meant =
    kind === 'ShorthandPropertyAssignment'
      ? compiler.shorthandValueOf(node)
      : isTaken
        ? compiler.propertyAt(node.parent.parent, textOf(node))
        : symbol;
  if (meant === undefined) return undefined;
  for (const key of compiler.keysOf(compiler.targetOf(meant))) {
    const found = callables.get(key);
    if (found === undefined) continue;
    if (isCalled(compiler, node) || found.kind === 'function') return found.label;
    if (found.kind === 'member' && !isTaken) continue;
    if (compiler.isCallable(compiler.targetOf(meant), node)) return found.label;
  }
  return undefined;
}

function isCalled(compiler: Compiler, node: SyntaxNode): boolean {
  const access = isPart(node, 'name') ? (parentOf(node) ?? node) : node;
  const whole = outermost(compiler, access);
  const parent = parentOf(whole);
  const kind = parent === undefined ? '' : compiler.kindOf(parent);
  return (kind === 'CallExpression' || kind === 'NewExpression') && isPart(whole, 'expression');
}

/** Tells the line of an offset, from 1. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
