/** With `emitDecoratorMetadata`, the types of decorated members and of a decorated class's constructor are values. */
import type { Compiler, SyntaxNode } from './compiler.ts';
import { parentOf, part, parts } from './syntax.ts';

/** Kinds a type may be wrapped in and still be the one that is kept. */
const WRAPPERS =
  /^(?:TypeReference|QualifiedName|ParenthesizedType|UnionType|IntersectionType|ConditionalType|NamedTupleMember)$/;

/** Whether the name of a type is emitted as metadata of a decorator. */
export function needsMetadata(compiler: Compiler, name: SyntaxNode, strictNulls: boolean): boolean {
  let current = parentOf(name);
  let inner = name;
  while (current !== undefined && isWrapper(compiler, current)) {
    // A type argument is not kept, only what it is an argument of; of a list of the rest it is the element.
    if (parts(current, 'typeArguments').includes(inner) && !isRest(current)) return false;
    if (parts(current, 'types').length > 0 || compiler.kindOf(current) === 'ConditionalType')
      if (keptName(compiler, current, strictNulls) === undefined) return false;
    inner = current;
    current = parentOf(current);
  }
  if (current === undefined) return false;
  return isDecorated(compiler, compiler.kindOf(current) === 'Parameter' ? current.parent : current, current);
}

function isWrapper(compiler: Compiler, node: SyntaxNode): boolean {
  const kind = compiler.kindOf(node);
  return (kind === 'ArrayType' && isRest(node)) || WRAPPERS.test(kind);
}

/** Whether a type is that of a parameter with three dots. */
function isRest(type: SyntaxNode): boolean {
  return part(type.parent, 'dotDotDotToken') !== undefined;
}

/** The one name that is left of a type: of several, what all of them are called; nothing where they differ. */
function keptName(compiler: Compiler, type: SyntaxNode, strictNulls: boolean): string | undefined {
  switch (compiler.kindOf(type)) {
    case 'TypeReference':
      return part(type, 'typeName')?.getText();
    case 'ParenthesizedType':
    case 'NamedTupleMember':
      return keptOf(compiler, [part(type, 'type')], strictNulls);
    case 'ConditionalType':
      return keptOf(compiler, [part(type, 'trueType'), part(type, 'falseType')], strictNulls);
    case 'UnionType':
    case 'IntersectionType':
      return keptOf(compiler, parts(type, 'types'), strictNulls);
    default:
      return undefined;
  }
}

function keptOf(
  compiler: Compiler,
  types: readonly (SyntaxNode | undefined)[],
  strictNulls: boolean,
): string | undefined {
  const isNothing = strictNulls ? /^never$/ : /^(?:never|null|undefined)$/;
  const counted = types.filter((type) => type !== undefined && !isNothing.test(type.getText()));
  const names = new Set(counted.map((type) => type && keptName(compiler, type, strictNulls)));
  const [name] = names;
  // Of names with a dot each is taken for one of its own.
  return names.size === 1 && (counted.length === 1 || name?.includes('.') === false) ? name : undefined;
}

function isDecorated(compiler: Compiler, member: SyntaxNode, place: SyntaxNode): boolean {
  const kind = compiler.kindOf(member);
  if (compiler.kindOf(member.parent) !== 'ClassDeclaration') return false;
  if (!/^(?:Constructor|PropertyDeclaration|MethodDeclaration|GetAccessor|SetAccessor)$/.test(kind))
    return false;
  const owner = kind === 'Constructor' ? [member.parent] : [member];
  const decorated = [...owner, ...parts(member, 'parameters'), place];
  return decorated.some((node) =>
    parts(node, 'modifiers').some((modifier) => compiler.kindOf(modifier) === 'Decorator'),
  );
}
