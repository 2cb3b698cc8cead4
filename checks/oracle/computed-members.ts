/** Members of a class or interface whose names are computed from constants: `[NAME]() {}`. */
import type { Compiler, SymbolHandle, SyntaxNode } from './compiler.ts';
import { constantText } from './constants.ts';
import { part, parts } from './syntax.ts';

/** The members with the names they have when the code runs. */
export function computedMembers(
  compiler: Compiler,
  owner: SymbolHandle,
): readonly (readonly [name: string, symbol: SymbolHandle])[] {
  return compiler
    .declarationsOf(owner)
    .filter(({ kind }) => /^(?:Class|Interface)/.test(kind))
    .flatMap(({ node }) => parts(node, 'members'))
    .flatMap((member) => {
      const name = part(member, 'name');
      const text = name === undefined ? undefined : computedText(compiler, name);
      const [symbol] = name === undefined || text === undefined ? [] : compiler.symbolsAt([name]);
      return symbol === undefined || text === undefined ? [] : [[text, symbol] as const];
    });
}

function computedText(compiler: Compiler, name: SyntaxNode): string | undefined {
  const key = compiler.kindOf(name) === 'ComputedPropertyName' ? part(name, 'expression') : undefined;
  return key === undefined ? undefined : constantText(compiler, key);
}
