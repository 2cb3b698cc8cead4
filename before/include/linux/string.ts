/** include/linux/string.h: memory routines, the architecture's own where it has them. */
export { memcpy, memcpyMcsafe, memsetZero } from '../../arch/x86/include/asm/string_64.ts';
