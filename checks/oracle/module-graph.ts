/** The module graph of a project, read in the way that costs least with its compiler. */
import type { Compiler } from './compiler.ts';
import { lateModuleGraph } from './late-modules.ts';
import { eagerModuleGraph, type ModuleGraph } from './modules.ts';

/** Reads the module graph of a project. */
export function buildModuleGraph(compiler: Compiler): ModuleGraph {
  return compiler.late === undefined ? eagerModuleGraph(compiler) : lateModuleGraph(compiler, compiler.late);
}
