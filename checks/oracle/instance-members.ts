/** Which members of classes and interfaces are those of their instances. */
import type { Compiler, SymbolHandle } from './compiler.ts';
import { parts } from './syntax.ts';

/** Whether `member` is declared in the body of the class or interface `owner`, and not as static: `owner` itself has no such member. */
export function isOfInstances(compiler: Compiler, owner: SymbolHandle, member: SymbolHandle): boolean {
  const bodies = compiler.declarationsOf(owner).filter(({ kind }) => /^(?:Class|Interface)/.test(kind));
  const places = compiler.declarationsOf(member);
  return (
    !isStatic(compiler, member) &&
    places.length > 0 &&
    places.every((place) => bodies.some(({ node }) => parts(node, 'members').includes(place.node)))
  );
}

/** Whether a member of a class is declared as static. */
export function isStatic(compiler: Compiler, member: SymbolHandle): boolean {
  return compiler
    .declarationsOf(member)
    .some(({ node }) => parts(node, 'modifiers').some((one) => compiler.kindOf(one) === 'StaticKeyword'));
}
