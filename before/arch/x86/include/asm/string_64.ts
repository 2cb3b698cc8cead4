/** arch/x86/include/asm/string_64.h: the memory routines x86-64 brings itself. */
export { memcpy, memcpyMcsafe, memsetZero } from '#kernel/arch/x86/memory-64.ts';
