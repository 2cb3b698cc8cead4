/** Opens a project with the compiler of one's choice. Each is only loaded when asked for. */
import { createRequire } from 'node:module';
import { InputError } from '#base/input-error.ts';
import type { CompilerName } from './compiler.ts';
import { optimizeLate } from '../late-optimizing.ts';
import type { Opener } from './opener.ts';

export const COMPILERS: readonly CompilerName[] = ['ts-morph', 'typescript-7'];

/** An opener for a compiler; projects that only imports are asked of are read without it. */
export async function openerFor(name: CompilerName): Promise<Opener> {
  const { createSyntaxCache, openSyntax } = await import('./compiler-syntax.ts');
  const known = createSyntaxCache();
  return { ...(await compilerOpener(name)), openSyntax: (source) => openSyntax(source, known) };
}

/** An opener that asks the compiler everything. */
export async function compilerOpener(name: CompilerName): Promise<Opener> {
  if (name === 'ts-morph') {
    const { openTypeScript6 } = await import('./compiler-ts6.ts');
    const { createParseCache } = await import('./program-ts6.ts');
    optimizeLate();
    const cache = createParseCache();
    return { open: (source) => [openTypeScript6(source, cache)], close: () => cache.files.clear() };
  }
  if (!isThere('typescript-7'))
    throw new InputError(
      'TypeScript 7 is not installed: npm install --save-dev typescript@7 (or leave out --oracle typescript-7 and --cross-check)',
    );
  const { createTypeScript7Opener } = await import('./opener-ts7.ts');
  optimizeLate();
  return createTypeScript7Opener();
}

/** Whether a compiler can be loaded: the older one comes with this package, TypeScript 7 is installed beside it or not. */
export function isThere(name: CompilerName): boolean {
  if (name === 'ts-morph') return true;
  try {
    createRequire(import.meta.url).resolve('typescript/unstable/sync');
    return true;
  } catch {
    return false;
  }
}

/** The faster compiler, where it is installed. */
export const fastestThere = (): CompilerName => (isThere('typescript-7') ? 'typescript-7' : 'ts-morph');
