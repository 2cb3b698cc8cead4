/** What a module exports, in both ways of exporting: by name, and as a whole (`export =`, `module.exports =`). */
import type { Compiler, SymbolHandle } from './compiler.ts';

/** Declarations of what is no class or function: `export =` of a constant, `module.exports = { … }`. */
const VALUES = /^(?:VariableDeclaration|BinaryExpression|ObjectLiteralExpression|PropertyAccessExpression)$/;

/** Exports of a module, what it exports as a whole under the name `export=`, and the properties of that value. */
export function exportsAndAssignment(compiler: Compiler, module: SymbolHandle): readonly SymbolHandle[] {
  const byName = compiler.exportsOf(module);
  const whole = compiler.membersOf(module).filter((symbol) => symbol.name === 'export=');
  const known = new Set(byName.map((symbol) => symbol.name));
  const properties = whole
    .map((symbol) => compiler.targetOf(symbol))
    .filter((target) => compiler.declarationsOf(target).some(({ kind }) => VALUES.test(kind)))
    .flatMap((target) => compiler.propertiesOf(target))
    .filter((symbol) => !known.has(symbol.name));
  return [...byName, ...whole, ...properties];
}
