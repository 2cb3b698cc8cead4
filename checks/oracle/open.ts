/** Opens a project with the compiler of one's choice. The native compiler is only loaded when asked for. */
import type { Compiler, CompilerName } from './compiler.ts';
import { openTypeScript6 } from './compiler-ts6.ts';
import { createParseCache } from './program-ts6.ts';

export const COMPILERS: readonly CompilerName[] = ['ts-morph', 'typescript-7'];

/** One project to open: a configuration, and the files to judge when not those it names. */
export interface ProjectSource {
  readonly tsconfig: string;
  /** Absolute paths of the files to judge instead of those the configuration names. */
  readonly files?: readonly string[];
}

/** Opens projects one after another; what they share is parsed once. */
export type Opener = (source: ProjectSource) => Compiler;

/** An opener for a compiler. */
export async function openerFor(name: CompilerName): Promise<Opener> {
  if (name === 'ts-morph') {
    const cache = createParseCache();
    return (source) => openTypeScript6(source, cache);
  }
  const { createTypeScript7Opener } = await import('./compiler-ts7.ts');
  return createTypeScript7Opener();
}
