/** With `emitDecoratorMetadata`, the types of decorated members and of a decorated class's constructor are values. */
import type { Compiler, SyntaxNode } from './compiler.ts';
import { parentOf, parts } from './syntax.ts';

/** Kinds a type may be wrapped in and still be the one that is kept. */
const WRAPPERS = new Set(['TypeReference', 'QualifiedName', 'ParenthesizedType', 'UnionType']);

/** Whether the name of a type is emitted as metadata of a decorator. */
export function needsMetadata(compiler: Compiler, name: SyntaxNode): boolean {
  let current = parentOf(name);
  let inner = name;
  while (current !== undefined && WRAPPERS.has(compiler.kindOf(current))) {
    // A type argument is not kept, only what it is an argument of.
    if (parts(current, 'typeArguments').includes(inner)) return false;
    inner = current;
    current = parentOf(current);
  }
  if (current === undefined) return false;
  return isDecorated(compiler, compiler.kindOf(current) === 'Parameter' ? current.parent : current, current);
}

function isDecorated(compiler: Compiler, member: SyntaxNode, place: SyntaxNode): boolean {
  const kind = compiler.kindOf(member);
  if (!/^(?:Constructor|PropertyDeclaration|MethodDeclaration|GetAccessor|SetAccessor)$/.test(kind))
    return false;
  const owner = kind === 'Constructor' ? [member.parent] : [member];
  const decorated = [...owner, ...parts(member, 'parameters'), place];
  return decorated.some((node) =>
    parts(node, 'modifiers').some((modifier) => compiler.kindOf(modifier) === 'Decorator'),
  );
}
