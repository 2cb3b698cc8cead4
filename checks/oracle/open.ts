/** Opens a project with the compiler of one's choice. Each is only loaded when asked for. */
import type { CompilerName } from './compiler.ts';
import type { Opener } from './opener.ts';

export const COMPILERS: readonly CompilerName[] = ['ts-morph', 'typescript-7'];

/** An opener for a compiler. */
export async function openerFor(name: CompilerName): Promise<Opener> {
  if (name === 'ts-morph') {
    const { openTypeScript6 } = await import('./compiler-ts6.ts');
    const { createParseCache } = await import('./program-ts6.ts');
    const cache = createParseCache();
    return { open: (source) => [openTypeScript6(source, cache)], close: () => cache.files.clear() };
  }
  const { createTypeScript7Opener } = await import('./opener-ts7.ts');
  return createTypeScript7Opener();
}
