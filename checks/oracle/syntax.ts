/**
 * Questions about syntax that need no types: parts of nodes, wrappers that do not change a value, and the place an
 * expression's value goes to. The functions take the compiler only to learn a node's kind by name.
 */
import type { Compiler, SyntaxNode } from './compiler.ts';

/** A named part of a node (`expression`, `name`, `initializer` …), when the node has it. */
export function part(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const value: unknown = Reflect.get(node, name);
  return isNode(value) ? value : undefined;
}

/** A list part of a node (`elements`, `modifiers`, `arguments` …), empty when the node has none. */
export function parts(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  const value: unknown = Reflect.get(node, name);
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'forEachChild' in value;
}

/** Text of an identifier or literal without quotes and with escapes resolved; `''` for other nodes. */
export function textOf(node: SyntaxNode): string {
  const value: unknown = Reflect.get(node, 'text');
  return typeof value === 'string' ? value : '';
}

/** The parent, or `undefined` for the root (both compilers declare it as always there). */
export function parentOf(node: SyntaxNode): SyntaxNode | undefined {
  const parent: SyntaxNode | undefined = node.parent;
  return parent;
}

/** Nodes that leave the value of their inner expression as it is. */
const TRANSPARENT = new Set([
  'ParenthesizedExpression',
  'AsExpression',
  'SatisfiesExpression',
  'NonNullExpression',
  'TypeAssertionExpression',
  'AwaitExpression',
  'PartiallyEmittedExpression',
  'ExpressionWithTypeArguments',
]);

/** Climbs out of parentheses, assertions and `await`: the outermost expression with the same value. */
export function outermost(compiler: Compiler, node: SyntaxNode): SyntaxNode {
  let current = node;
  for (;;) {
    const parent = parentOf(current);
    if (parent === undefined || !isWrapperOf(compiler, parent, current)) return current;
    current = parent;
  }
}

function isWrapperOf(compiler: Compiler, parent: SyntaxNode, inner: SyntaxNode): boolean {
  const kind = compiler.kindOf(parent);
  if (TRANSPARENT.has(kind)) return part(parent, 'expression') === inner;
  if (kind === 'ConditionalExpression') return part(parent, 'condition') !== inner;
  if (kind !== 'BinaryExpression') return false;
  const operator = part(parent, 'operatorToken');
  const operatorKind = operator === undefined ? '' : compiler.kindOf(operator);
  if (operatorKind === 'CommaToken') return part(parent, 'right') === inner;
  if (operatorKind === 'AmpersandAmpersandToken') return part(parent, 'right') === inner;
  return operatorKind === 'BarBarToken' || operatorKind === 'QuestionQuestionToken';
}

/** Strips parentheses, assertions and `await` from the outside. */
export function innermost(compiler: Compiler, node: SyntaxNode): SyntaxNode {
  let current = node;
  while (TRANSPARENT.has(compiler.kindOf(current))) {
    const inner = part(current, 'expression');
    if (inner === undefined) return current;
    current = inner;
  }
  return current;
}

/** Whether `node` is the given part of its parent. */
export function isPart(node: SyntaxNode, name: string): boolean {
  const parent = parentOf(node);
  return parent !== undefined && part(parent, name) === node;
}

/** The nearest ancestor (not the node itself) of one of the kinds. */
export function ancestor(
  compiler: Compiler,
  node: SyntaxNode,
  kinds: ReadonlySet<string>,
): SyntaxNode | undefined {
  for (let current = parentOf(node); current !== undefined; current = parentOf(current)) {
    if (kinds.has(compiler.kindOf(current))) return current;
  }
  return undefined;
}

/** Calls `visit` for a node and everything below it, parents first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node);
  node.forEachChild((child) => {
    walk(child, visit);
    return undefined;
  });
}

const NAMED_SCOPES = new Set([
  'FunctionDeclaration',
  'MethodDeclaration',
  'ClassDeclaration',
  'InterfaceDeclaration',
  'TypeAliasDeclaration',
  'EnumDeclaration',
  'ModuleDeclaration',
  'VariableDeclaration',
  'GetAccessor',
  'SetAccessor',
  'PropertyDeclaration',
  'PropertyAssignment',
]);

/** Names of the declarations around a node, outermost first, joined by dots; `(top level)` when there are none. */
export function enclosingName(compiler: Compiler, node: SyntaxNode): string {
  const names: string[] = [];
  for (let current: SyntaxNode | undefined = node; current !== undefined; current = parentOf(current)) {
    const kind = compiler.kindOf(current);
    if (kind === 'Constructor') names.unshift('constructor');
    const name = NAMED_SCOPES.has(kind) ? part(current, 'name') : undefined;
    const text = name === undefined || name === node ? '' : textOf(name);
    if (text !== '') names.unshift(text);
  }
  return names.length === 0 ? '(top level)' : names.join('.');
}

/** Whether a declaration says `export`. */
export function isExported(compiler: Compiler, node: SyntaxNode): boolean {
  return parts(node, 'modifiers').some((modifier) => compiler.kindOf(modifier) === 'ExportKeyword');
}
