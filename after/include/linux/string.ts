/** include/linux/string.h: memory routines, the architecture's own where it has them. */
import { type Kernel, isEnabled } from '#kernel/kernel.ts';
import { archMemcpyFlushcache, memcpy } from '../../arch/x86/include/asm/string_64.ts';

export { memcpy, memcpyMcsafe, memsetZero } from '../../arch/x86/include/asm/string_64.ts';

/** memcpy_flushcache(dst, src, n): a copy that leaves nothing in the cache; a plain one where the architecture has none. */
export function memcpyFlushcache(kernel: Kernel, destination: number, source: Uint8Array): void {
  if (isEnabled(kernel, 'ARCH_HAS_UACCESS_FLUSHCACHE')) archMemcpyFlushcache(kernel, destination, source);
  else memcpy(kernel, destination, source);
}
