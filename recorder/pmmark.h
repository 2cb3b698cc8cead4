/* Marks in a program what has been acknowledged, for `conform record`. One instruction that does nothing anywhere else: no
 * library, no system call, nothing to switch off.
 *   PM_ACK(n)              operation n has been acknowledged: whoever asked may now rely on it
 *   PM_ACK_NAMED(n, "put") the same, with a name */
#define PM_ACK_NAMED(n, name) __asm__ volatile("xchg %%rbx,%%rbx" ::"a"((unsigned long)(n)), "c"(name), "d"(0x706d636f6e66ul) : "memory")
#define PM_ACK(n) PM_ACK_NAMED(n, 0l)
