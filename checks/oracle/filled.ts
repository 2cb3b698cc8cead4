/**
 * Properties that an object gives a value to where its type is declared elsewhere: `{ old: 1 }` of a type with `old`,
 * `<Button old />`, and the way back, `({ old: x } = options)`.
 */
import type { Compiler, SymbolHandle, SyntaxNode } from './compiler.ts';
import { isPart, parentOf, part, textOf } from './syntax.ts';

const NAMED =
  /^(?:PropertyAssignment|ShorthandPropertyAssignment|MethodDeclaration|GetAccessor|SetAccessor|JsxAttribute)$/;

/** The declared properties meant by the name of a property in an object literal or of a JSX attribute; else none. */
export function propertiesFilled(compiler: Compiler, name: SyntaxNode): readonly SymbolHandle[] {
  const literal = literalNaming(compiler, name);
  if (literal === undefined) return [];
  return takenInto(compiler, literal, textOf(name)) ?? compiler.expectedProperties(literal, textOf(name));
}

/** The properties meant by a name in a pattern that is assigned to, `({ old: x } = options)`; else none. */
export function propertiesTaken(compiler: Compiler, name: SyntaxNode): readonly SymbolHandle[] {
  const literal = literalNaming(compiler, name);
  return (literal && takenInto(compiler, literal, textOf(name))) ?? [];
}

/** The object literal or JSX attributes that name a property by this name. */
function literalNaming(compiler: Compiler, name: SyntaxNode): SyntaxNode | undefined {
  const parent = parentOf(name);
  const isComputed = parent !== undefined && compiler.kindOf(parent) === 'ComputedPropertyName';
  const written = isComputed ? parent : name;
  const property = parentOf(written);
  if (property === undefined || !NAMED.test(compiler.kindOf(property)) || !isPart(written, 'name'))
    return undefined;
  const kind = compiler.kindOf(property.parent);
  return kind === 'ObjectLiteralExpression' || kind === 'JsxAttributes' ? property.parent : undefined;
}

/** For an object literal that is a pattern: the property of what is taken apart; nothing for other literals. */
function takenInto(
  compiler: Compiler,
  literal: SyntaxNode,
  name: string,
): readonly SymbolHandle[] | undefined {
  const user = parentOf(literal);
  const kind = user === undefined ? '' : compiler.kindOf(user);
  if (user === undefined) return undefined;
  if (kind === 'PropertyAssignment') return takenInside(compiler, user, name);
  const operator = part(user, 'operatorToken');
  const right = part(user, 'right');
  if (kind !== 'BinaryExpression' || operator === undefined || right === undefined) return undefined;
  if (compiler.kindOf(operator) !== 'EqualsToken' || part(user, 'left') !== literal) return undefined;
  // What stands to the right is a default where the whole is part of another pattern.
  const outer = user.parent;
  const inside =
    compiler.kindOf(outer) === 'PropertyAssignment' ? takenInside(compiler, outer, name) : undefined;
  if (inside !== undefined) return inside;
  const taken = compiler.propertyAt(right, name);
  return taken === undefined ? [] : [taken];
}

/** For a pattern inside a property of another one. */
function takenInside(
  compiler: Compiler,
  property: SyntaxNode,
  name: string,
): readonly SymbolHandle[] | undefined {
  const outer = part(property, 'name');
  const holders = outer && takenInto(compiler, property.parent, textOf(outer));
  return holders?.flatMap((holder) => compiler.propertiesOf(holder)).filter((one) => one.name === name);
}
