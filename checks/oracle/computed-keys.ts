/**
 * `object[key]` with a key that always has one of a few texts: an enum member, a constant, a parameter of a literal
 * type. The word of the member need not stand anywhere near, so such places are looked for by themselves.
 */
import type { Compiler, SourceUnit, SymbolHandle, SyntaxNode } from './compiler.ts';
import { possibleTexts } from './constants.ts';
import { part, walk } from './syntax.ts';

/** A member taken by a computed key. */
export interface KeyedAccess {
  readonly unit: SourceUnit;
  readonly key: SyntaxNode;
  readonly member: SymbolHandle;
}

/** Keys whose type may be a text; literals are found by their word, and arithmetic gives numbers. */
const KEYS =
  /^(?:Identifier|PropertyAccessExpression|ElementAccessExpression|CallExpression|AsExpression|ConditionalExpression|TemplateExpression|NonNullExpression|ParenthesizedExpression)$/;

/** All places of a project that take one of the named members by such a key. */
export function keyedAccesses(compiler: Compiler, names: ReadonlySet<string>): readonly KeyedAccess[] {
  const found: KeyedAccess[] = [];
  for (const unit of compiler.files) {
    if (unit.isDeclarationFile || !/[\w)\]]\s*(?:\?\.)?\[\s*[\w$(`]/.test(unit.text)) continue;
    walk(unit.root, (node) => {
      if (compiler.kindOf(node) !== 'ElementAccessExpression') return;
      const key = part(node, 'argumentExpression');
      const object = part(node, 'expression');
      if (key === undefined || object === undefined || !KEYS.test(compiler.kindOf(key))) return;
      for (const text of possibleTexts(compiler, key) ?? []) {
        const member = names.has(text) ? compiler.propertyAt(object, text) : undefined;
        if (member !== undefined) found.push({ unit, key, member });
      }
    });
  }
  return found;
}
