/**
 * The shape of a function: what it does with names taken away. Two functions of one shape are copies of each other
 * up to renaming, which no symbol check can see. Small bodies all look alike and have no shape here.
 */
import { createHash } from 'node:crypto';
import type { Compiler, SyntaxNode } from '../oracle/compiler.ts';
import { part, textOf, walk } from '../oracle/syntax.ts';

/** Bodies of fewer nodes than this are too common to mean anything. */
export const SHAPE_NODES_MIN = 12;

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunction',
  'MethodDeclaration',
  'GetAccessor',
  'Constructor',
]);

/** A function found in a file. */
export interface FunctionShape {
  readonly node: SyntaxNode;
  readonly shape: string;
}

/** The functions of a tree that are big enough to have a shape. */
export function shapesIn(compiler: Compiler, root: SyntaxNode): readonly FunctionShape[] {
  const found: FunctionShape[] = [];
  walk(root, (node) => {
    if (!FUNCTIONS.has(compiler.kindOf(node))) return;
    const shape = shapeOf(compiler, node);
    if (shape !== undefined) found.push({ node, shape });
  });
  return found;
}

/** The shape of a function's body, or of the function a variable holds; `undefined` when it is too small. */
export function shapeOf(compiler: Compiler, declaration: SyntaxNode): string | undefined {
  const held = part(declaration, 'initializer') ?? declaration;
  const body = part(held, 'body');
  if (body === undefined) return undefined;
  const names = new Map<string, number>();
  const words: string[] = [];
  walk(body, (node) => {
    const kind = compiler.kindOf(node);
    const text = textOf(node);
    if (kind !== 'Identifier') return words.push(text === '' ? kind : `${kind}:${text}`);
    const number = names.get(text) ?? names.size;
    names.set(text, number);
    return words.push(`name${number}`);
  });
  if (words.length < SHAPE_NODES_MIN) return undefined;
  return createHash('sha256').update(words.join(' ')).digest('hex').slice(0, 24);
}
