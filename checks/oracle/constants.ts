/**
 * Folds expressions that always give the same text: literals, templates, `+`, and `const` variables holding such.
 * This is how `api['memcpy' + 'ToPmem']` and `import(path)` with a constant path are read; whatever cannot be folded
 * is left to the caller, who reports it as unprovable.
 */
import type { Compiler, SyntaxNode } from './compiler.ts';
import { innermost, part, parts, textOf } from './syntax.ts';

/** How many `const` variables may be followed in a row. */
const DEPTH_MAX = 8;

/** The text an expression always has, or `undefined` when that cannot be told. */
export function constantText(compiler: Compiler, expression: SyntaxNode, depth = 0): string | undefined {
  const node = innermost(compiler, expression);
  switch (compiler.kindOf(node)) {
    case 'StringLiteral':
    case 'NoSubstitutionTemplateLiteral':
    case 'NumericLiteral':
      return textOf(node);
    case 'TemplateExpression':
      return templateText(compiler, node, depth);
    case 'BinaryExpression':
      return sumText(compiler, node, depth);
    case 'Identifier':
    case 'PropertyAccessExpression':
      return depth >= DEPTH_MAX ? undefined : namedText(compiler, node, depth);
    default:
      return undefined;
  }
}

function templateText(compiler: Compiler, node: SyntaxNode, depth: number): string | undefined {
  const head = part(node, 'head');
  let text = head === undefined ? '' : textOf(head);
  for (const span of parts(node, 'templateSpans')) {
    const expression = part(span, 'expression');
    const literal = part(span, 'literal');
    const value = expression === undefined ? undefined : constantText(compiler, expression, depth);
    if (value === undefined || literal === undefined) return undefined;
    text += value + textOf(literal);
  }
  return text;
}

function sumText(compiler: Compiler, node: SyntaxNode, depth: number): string | undefined {
  const operator = part(node, 'operatorToken');
  const left = part(node, 'left');
  const right = part(node, 'right');
  if (operator === undefined || left === undefined || right === undefined) return undefined;
  if (compiler.kindOf(operator) !== 'PlusToken') return undefined;
  const first = constantText(compiler, left, depth);
  const second = first === undefined ? undefined : constantText(compiler, right, depth);
  return first === undefined || second === undefined ? undefined : first + second;
}

function namedText(compiler: Compiler, node: SyntaxNode, depth: number): string | undefined {
  const literals = compiler.literalsAt(node);
  if (literals?.length === 1) return literals[0];
  const [symbol] = compiler.symbolsAt([node]);
  if (symbol === undefined) return undefined;
  const declaration = compiler.declarationsOf(compiler.targetOf(symbol))[0]?.node;
  if (declaration === undefined || compiler.kindOf(declaration) !== 'VariableDeclaration') return undefined;
  const list = declaration.parent;
  if (!/^const\b/.test(list.getText())) return undefined;
  const initializer = part(declaration, 'initializer');
  return initializer === undefined ? undefined : constantText(compiler, initializer, depth + 1);
}

/** All texts a key expression can have (a union of literal types gives several), or `undefined` when unknown. */
export function possibleTexts(compiler: Compiler, expression: SyntaxNode): readonly string[] | undefined {
  const single = constantText(compiler, expression);
  return single === undefined ? compiler.literalsAt(expression) : [single];
}

/** A text of which only the beginning and the end are known. */
export interface TextPattern {
  readonly head: string;
  readonly tail: string;
}

/** How the texts of an expression begin and end, as far as its constant parts say; `undefined` when they say nothing. */
export function patternText(compiler: Compiler, expression: SyntaxNode): TextPattern | undefined {
  const node = innermost(compiler, expression);
  const isTemplate = compiler.kindOf(node) === 'TemplateExpression';
  const ends = isTemplate ? templateEnds(compiler, node) : sumEnds(compiler, node);
  return ends !== undefined && ends.head + ends.tail !== '' ? ends : undefined;
}

function templateEnds(compiler: Compiler, node: SyntaxNode): TextPattern {
  const start = part(node, 'head');
  let head = start === undefined ? '' : textOf(start);
  let tail = '';
  let isOpen = false;
  for (const span of parts(node, 'templateSpans')) {
    const expression = part(span, 'expression');
    const literal = part(span, 'literal');
    const value = expression === undefined ? undefined : constantText(compiler, expression);
    const after = literal === undefined ? '' : textOf(literal);
    if (value === undefined) isOpen = true;
    if (!isOpen) head += (value ?? '') + after;
    else tail = value === undefined ? after : tail + value + after;
  }
  return { head, tail };
}

function sumEnds(compiler: Compiler, node: SyntaxNode): TextPattern | undefined {
  const left = part(node, 'left');
  const right = part(node, 'right');
  const operator = part(node, 'operatorToken');
  if (left === undefined || right === undefined || operator === undefined) return undefined;
  if (compiler.kindOf(operator) !== 'PlusToken') return undefined;
  const first = constantText(compiler, left);
  const last = constantText(compiler, right);
  return {
    head: first ?? patternText(compiler, left)?.head ?? '',
    tail: last ?? patternText(compiler, right)?.tail ?? '',
  };
}
