/** arch/x86/Kconfig: what X86 with 64BIT selects. */
import type { ConfigSymbol } from '#kernel/kernel.ts';

/** Symbols that `config X86` selects if X86_64. */
export const x86Selects: readonly ConfigSymbol[] = ['ARCH_HAS_PMEM_API'];
