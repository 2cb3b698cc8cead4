/**
 * `object[key]` with a key that always has one of a few texts: an enum member, a constant, a parameter of a literal
 * type. The word of the member need not stand anywhere near, so such places are looked for by themselves.
 */
import type { Compiler, SourceUnit, SyntaxNode } from './compiler.ts';
import { possibleTexts } from './constants.ts';
import { part, walk } from './syntax.ts';

/** An object read by a key that always has one of a few texts. */
export interface KeyedAccess {
  readonly unit: SourceUnit;
  readonly key: SyntaxNode;
  readonly object: SyntaxNode;
  readonly texts: readonly string[];
}

/** Keys whose type may be a text; literals are found by their word, and arithmetic gives numbers. */
const KEYS =
  /^(?:Identifier|PropertyAccessExpression|ElementAccessExpression|CallExpression|AsExpression|ConditionalExpression|TemplateExpression|NonNullExpression|ParenthesizedExpression)$/;

/** All such places of a project. Types are asked for all at once. */
export function keyedAccesses(compiler: Compiler): readonly KeyedAccess[] {
  const places = compiler.files.flatMap((unit) => keysIn(compiler, unit));
  const literals = compiler.literalsOf(places.map(({ key }) => key));
  return places.flatMap((place, index) => {
    const texts = literals[index] ?? foldedTexts(compiler, place.key);
    // Compilers list the members of a union in orders of their own.
    return texts.length === 0 ? [] : [{ ...place, texts: texts.toSorted() }];
  });
}

/** A template is read by its parts; its type says only that it is a text. */
function foldedTexts(compiler: Compiler, key: SyntaxNode): readonly string[] {
  return compiler.kindOf(key) === 'TemplateExpression' ? (possibleTexts(compiler, key) ?? []) : [];
}

type Keyed = Omit<KeyedAccess, 'texts'>;

function keysIn(compiler: Compiler, unit: SourceUnit): readonly Keyed[] {
  if (unit.isDeclarationFile || !/[\w)\]!}'"`]\s*(?:\?\.)?\[\s*[\w$(`]/.test(unit.text)) return [];
  const found: Keyed[] = [];
  walk(unit.root, (node) => {
    if (compiler.kindOf(node) !== 'ElementAccessExpression') return;
    const key = part(node, 'argumentExpression');
    const object = part(node, 'expression');
    if (key !== undefined && object !== undefined && KEYS.test(compiler.kindOf(key)))
      found.push({ unit, key, object });
  });
  return found;
}
