/** Opens a project with the compiler of one's choice. Each is only loaded when asked for. */
import type { Compiler, CompilerName } from './compiler.ts';

export const COMPILERS: readonly CompilerName[] = ['ts-morph', 'typescript-7'];

/** One project to open: a configuration, and the files to judge when not those it names. */
export interface ProjectSource {
  readonly tsconfig: string;
  /** Absolute paths of the files to judge instead of those the configuration names. */
  readonly files?: readonly string[];
}

/** Opens projects one after another; what they share is parsed once. */
export interface Opener {
  /** One compiler, or several where a project of references cannot be opened as one. */
  readonly open: (source: ProjectSource) => readonly [Compiler, ...Compiler[]];
  /** Ends what serves all projects opened. */
  readonly close: () => void;
}

/** An opener for a compiler. */
export async function openerFor(name: CompilerName): Promise<Opener> {
  if (name === 'ts-morph') {
    const { openTypeScript6 } = await import('./compiler-ts6.ts');
    const { createParseCache } = await import('./program-ts6.ts');
    const cache = createParseCache();
    return { open: (source) => [openTypeScript6(source, cache)], close: () => cache.files.clear() };
  }
  const { createTypeScript7Opener } = await import('./compiler-ts7.ts');
  return createTypeScript7Opener();
}
