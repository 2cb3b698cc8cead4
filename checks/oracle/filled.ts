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
  const parent = parentOf(name);
  const isComputed = parent !== undefined && compiler.kindOf(parent) === 'ComputedPropertyName';
  const written = isComputed ? parent : name;
  const property = parentOf(written);
  if (property === undefined || !NAMED.test(compiler.kindOf(property)) || !isPart(written, 'name')) return [];
  const literal = property.parent;
  const kind = compiler.kindOf(literal);
  if (kind !== 'ObjectLiteralExpression' && kind !== 'JsxAttributes') return [];
  return takenInto(compiler, literal, textOf(name)) ?? compiler.expectedProperties(literal, textOf(name));
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
  if (kind === 'PropertyAssignment') {
    const outer = part(user, 'name');
    const holders = outer && takenInto(compiler, user.parent, textOf(outer));
    return holders
      ?.flatMap((holder) => compiler.propertiesOf(holder))
      .filter((property) => property.name === name);
  }
  const operator = part(user, 'operatorToken');
  const right = part(user, 'right');
  if (kind !== 'BinaryExpression' || operator === undefined || right === undefined) return undefined;
  if (compiler.kindOf(operator) !== 'EqualsToken' || part(user, 'left') !== literal) return undefined;
  const taken = compiler.propertyAt(right, name);
  return taken === undefined ? [] : [taken];
}
