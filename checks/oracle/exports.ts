/** What a module exports, in both ways of exporting: by name, and as a whole (`export =`, `module.exports =`). */
import type { Compiler, SymbolHandle } from './compiler.ts';

/** Exports of a module, and what it exports as a whole (`export =`) under that name. */
export function exportsAndAssignment(compiler: Compiler, module: SymbolHandle): readonly SymbolHandle[] {
  const whole = compiler.membersOf(module).filter((symbol) => symbol.name === 'export=');
  return [...compiler.exportsOf(module), ...whole];
}
