/** lib/Kconfig: symbols that architectures select for library code. */
import type { ConfigSymbol } from '#kernel/kernel.ts';

/** Symbols declared here. */
export const libSymbols: readonly ConfigSymbol[] = ['ARCH_HAS_PMEM_API'];
