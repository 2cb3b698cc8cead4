/**
 * Every form of instruction that the recorder must know (docs/RECORDINGS.md, "Which instruction is which event"), as assembly on
 * a mapped file, with the events that it must give. %0 is the file, %1 sixteen words 0x11…, 0x22…, and so on.
 */

/** Name, assembly, events without thread and place. */
export type Form = readonly [name: string, assembly: string, events: readonly string[]];

const word = (digit: number, bytes = 8): string => `${digit}${digit}`.repeat(bytes);
const event = (kind: string, at: number, data: string, unit?: number): string =>
  `{"k":"${kind}","f":0,"a":${at}${unit === undefined ? '' : `,"u":${unit}`},"d":"${data}"}`;
const line = (kind: string, at: number): string => `{"k":"${kind}","f":0,"a":${at}}`;
const two = word(1) + word(2);
const four = two + word(3) + word(4);

export const FORMS: readonly Form[] = [
  ['mov 1 byte', 'mov (%1),%%rax; mov %%al,1(%0)', [event('c', 1, word(1, 1))]],
  ['mov 2 bytes', 'mov (%1),%%rax; mov %%ax,2(%0)', [event('c', 2, word(1, 2))]],
  ['mov 4 bytes', 'mov (%1),%%rax; mov %%eax,4(%0)', [event('c', 4, word(1, 4))]],
  ['mov 8 bytes', 'mov (%1),%%rax; mov %%rax,8(%0)', [event('c', 8, word(1))]],
  ['mov immediate', 'movq $5,8(%0)', [event('c', 8, '0500000000000000')]],
  ["mov over a line's end", 'mov (%1),%%rax; mov %%rax,60(%0)', [event('c', 60, word(1))]],
  ['add to memory', 'mov (%1),%%rax; add %%rax,8(%0)', [event('c', 8, word(1))]],
  [
    'push',
    'mov %%rsp,%%r8; lea 64(%0),%%rsp; mov (%1),%%rax; push %%rax; mov %%r8,%%rsp',
    [event('c', 56, word(1))],
  ],
  ['movdqa', 'movdqa (%1),%%xmm0; movdqa %%xmm0,16(%0)', [event('c', 16, two, 8)]],
  ['movups unaligned', 'movups (%1),%%xmm0; movups %%xmm0,57(%0)', [event('c', 57, two, 8)]],
  ['movq from xmm', 'movq (%1),%%xmm0; movq %%xmm0,8(%0)', [event('c', 8, word(1))]],
  ['vmovdqa ymm', 'vmovdqa (%1),%%ymm0; vmovdqa %%ymm0,32(%0)', [event('c', 32, four, 8)]],
  [
    'vmaskmovps',
    'vpcmpeqd %%ymm1,%%ymm1,%%ymm1; vmovdqa (%1),%%ymm0; vmaskmovps %%ymm0,%%ymm1,32(%0)',
    [event('c', 32, four, 4)],
  ],
  ['movnti 4 bytes', 'mov (%1),%%rax; movnti %%eax,4(%0)', [event('n', 4, word(1, 4))]],
  ['movnti 8 bytes', 'mov (%1),%%rax; movnti %%rax,8(%0)', [event('n', 8, word(1))]],
  [
    'movnti with REX and SIB',
    'mov (%1),%%r9; mov $1,%%ecx; movnti %%r9,8(%0,%%rcx,8)',
    [event('n', 16, word(1))],
  ],
  ['movntq', 'movq (%1),%%mm0; movntq %%mm0,8(%0); emms', [event('n', 8, word(1))]],
  ['movntdq', 'movdqa (%1),%%xmm0; movntdq %%xmm0,16(%0)', [event('n', 16, two, 8)]],
  ['movntps', 'movaps (%1),%%xmm0; movntps %%xmm0,16(%0)', [event('n', 16, two, 8)]],
  ['movntpd', 'movapd (%1),%%xmm0; movntpd %%xmm0,16(%0)', [event('n', 16, two, 8)]],
  ['vmovntdq xmm', 'vmovdqa (%1),%%xmm0; vmovntdq %%xmm0,16(%0)', [event('n', 16, two, 8)]],
  ['vmovntdq ymm', 'vmovdqa (%1),%%ymm0; vmovntdq %%ymm0,32(%0)', [event('n', 32, four, 8)]],
  [
    'vmovntdq ymm, three-byte VEX',
    'mov %0,%%r10; vmovdqa (%1),%%ymm0; vmovntdq %%ymm0,32(%%r10)',
    [event('n', 32, four, 8)],
  ],
  ['vmovntps ymm', 'vmovaps (%1),%%ymm0; vmovntps %%ymm0,32(%0)', [event('n', 32, four, 8)]],
  [
    'maskmovdqu',
    'movdqa (%1),%%xmm0; pcmpeqb %%xmm1,%%xmm1; mov %0,%%rdi; maskmovdqu %%xmm1,%%xmm0',
    [event('n', 0, two, 1)],
  ],
  ['stosb', 'mov %0,%%rdi; mov $0x41,%%eax; stosb', [event('c', 0, '41')]],
  [
    'rep stosb',
    'mov %0,%%rdi; mov $0x41,%%eax; mov $20,%%ecx; rep stosb',
    [event('r', 0, '41'.repeat(20), 1)],
  ],
  [
    'rep stosq',
    'mov %0,%%rdi; mov (%1),%%rax; mov $8,%%ecx; rep stosq',
    [event('r', 0, word(1).repeat(8), 8)],
  ],
  ['rep movsb', 'mov %0,%%rdi; mov %1,%%rsi; mov $20,%%ecx; rep movsb', [event('r', 0, two + word(3, 4), 1)]],
  ['rep movsq', 'mov %0,%%rdi; mov %1,%%rsi; mov $4,%%ecx; rep movsq', [event('r', 0, four, 8)]],
  ['lock add', 'mov (%1),%%rax; lock add %%rax,8(%0)', [event('L', 8, word(1))]],
  ['lock xadd', 'mov (%1),%%rax; lock xadd %%rax,8(%0)', [event('L', 8, word(1))]],
  [
    'lock cmpxchg that stores',
    'xor %%eax,%%eax; mov (%1),%%rcx; lock cmpxchg %%rcx,8(%0)',
    [event('L', 8, word(1))],
  ],
  [
    'lock cmpxchg that fails',
    'mov $7,%%eax; mov (%1),%%rcx; lock cmpxchg %%rcx,8(%0)',
    [event('L', 8, '00'.repeat(8))],
  ],
  [
    'cmpxchg that fails',
    'mov $7,%%eax; mov (%1),%%rcx; cmpxchg %%rcx,8(%0)',
    [event('c', 8, '00'.repeat(8))],
  ],
  [
    'lock cmpxchg16b',
    'xor %%eax,%%eax; xor %%edx,%%edx; mov %%rbx,%%r8; mov (%1),%%rbx; mov 8(%1),%%rcx; lock cmpxchg16b 16(%0); mov %%r8,%%rbx',
    [event('L', 16, two)],
  ],
  [
    'lock cmpxchg16b that fails',
    'mov $7,%%eax; xor %%edx,%%edx; mov %%rbx,%%r8; mov (%1),%%rbx; mov 8(%1),%%rcx; lock cmpxchg16b 16(%0); mov %%r8,%%rbx',
    [event('L', 16, '00'.repeat(16))],
  ],
  [
    'cmpxchg16b without lock',
    'xor %%eax,%%eax; xor %%edx,%%edx; mov %%rbx,%%r8; mov (%1),%%rbx; mov 8(%1),%%rcx; cmpxchg16b 16(%0); mov %%r8,%%rbx',
    [event('c', 16, two, 8)],
  ],
  ['xchg', 'mov (%1),%%rax; xchg %%rax,8(%0)', [event('L', 8, word(1))]],
  ['lock bts', 'lock btsl $3,8(%0)', [event('L', 8, '08000000')]],
  [
    'lock add elsewhere, after a store',
    'movq $1,8(%0); lock addq $0,-256(%%rsp)',
    [event('c', 8, '0100000000000000'), '{"k":"F"}'],
  ],
  ['lock add elsewhere, nothing pending', 'lock addq $0,-256(%%rsp)', []],
  ['clwb', 'clwb 72(%0)', [line('W', 64)]],
  ['clwb with a long displacement', 'clwb 1032(%0)', [line('W', 1024)]],
  ['clwb with SIB and REX', 'mov $9,%%r9d; clwb (%0,%%r9,8)', [line('W', 64)]],
  ['clwb of other memory', 'clwb words(%%rip)', []],
  ['clflushopt', 'clflushopt 72(%0)', [line('O', 64)]],
  ['clflush', 'clflush 72(%0)', [line('X', 64)]],
  ['sfence', 'sfence', ['{"k":"S"}']],
  ['mfence', 'mfence', ['{"k":"M"}']],
  ['lfence', 'lfence', []],
  ['cpuid', 'xor %%eax,%%eax; mov %%rbx,%%r8; cpuid; mov %%r8,%%rbx', []],
  ['fistp', 'fld1; fistpll 8(%0)', [event('c', 8, '0100000000000000')]],
];

/** Forms of which QEMU 7.2 knows nothing: the program dies with SIGILL. */
export const UNKNOWN_FORMS: readonly (readonly [name: string, assembly: string])[] = [
  ['vmovdqa64 zmm', 'vmovdqa64 (%1),%%zmm0; vmovdqa64 %%zmm0,64(%0)'],
  ['vmovntdq zmm', 'vmovdqa64 (%1),%%zmm0; vmovntdq %%zmm0,64(%0)'],
  ['movdiri', 'mov (%1),%%rax; movdiri %%rax,8(%0)'],
  ['movdir64b', 'mov %0,%%rdi; mov %1,%%rsi; movdir64b (%%rsi),%%rdi'],
];

/** Instructions that store many pieces: how many bytes they may touch, and what the first piece begins with. */
export const LARGE_FORMS: readonly (readonly [
  name: string,
  assembly: string,
  sizeBytes: number,
  begin: string,
])[] = [
  // FXSAVE: 512 bytes that begin with the control word of the x87 unit, 0x037f after FINIT (Intel SDM 1, 8.1.5 and 10.5.1).
  ['fxsave', 'fninit; fxsave (%0)', 512, '7f03'],
];

/** Statements of C and the events that they must give. */
export const CALLS: readonly Form[] = [
  ['PM_ACK_NAMED', 'PM_ACK_NAMED(7, "put");', ['{"k":"A","n":7,"name":"put"}']],
  ['PM_ACK', 'PM_ACK(8);', ['{"k":"A","n":8}']],
  ['msync', 'msync(m, 4096, MS_SYNC);', ['{"k":"Y","name":"msync","f":0,"a":0,"n":4096,"flags":4}']],
  ['fsync', 'fsync(fd);', ['{"k":"Y","name":"fsync","f":0}']],
  ['fdatasync', 'fdatasync(fd);', ['{"k":"Y","name":"fsync","f":0}']],
  ['write elsewhere', 'if (write(2, "", 0)) return 1;', ['{"k":"Y","name":"write","fd":2}']],
  [
    'pwrite to the file',
    'char z = 9; if (pwrite(fd, &z, 1, 100) != 1) return 1;',
    ['{"k":"P","f":0,"a":100,"d":"09"}'],
  ],
  ['fork', 'if (!fork()) _exit(0);', ['{"k":"lost","why":"fork: what the child stores is not recorded"}']],
  [
    'mremap',
    'mremap(m, 8192, 16384, MREMAP_MAYMOVE);',
    ['{"k":"lost","why":"mremap of a recorded mapping"}'],
  ],
  [
    'a second mapping of the file',
    'uint8_t *n = mmap(0, 4096, 3, MAP_SHARED, fd, 4096); n[0] = 1;',
    [
      '{"k":"map","f":0,"path":"forms.img","a":4096,"n":4096,"size":8192,"sync":false}',
      event('c', 4096, '01'),
    ],
  ],
  ['a private mapping', 'uint8_t *n = mmap(0, 4096, 3, MAP_PRIVATE, fd, 4096); n[0] = 1;', []],
];

/** A program that executes form N of all of these on a file. */
export function formsProgram(): string {
  const clobbers = '"memory","rax","rcx","rdx","rdi","rsi","r8","r9","r10","cc","xmm0","xmm1"';
  const assembly = [...FORMS.map(([, code]) => code), ...UNKNOWN_FORMS.map(([, code]) => code)];
  const cases = [
    ...assembly.map((code) => `__asm__ volatile("${code}" :: "r"(m), "r"(words) : ${clobbers});`),
    ...CALLS.map(([, code]) => code),
    ...LARGE_FORMS.map(([, code]) => `__asm__ volatile("${code}" :: "r"(m) : "memory");`),
  ];
  return `#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "pmmark.h"
uint64_t words[16] __attribute__((aligned(64))) = { ${[1, 2, 3, 4, 5, 6, 7, 8].map((digit) => `0x${word(digit)}`).join(', ')} };
int main(int count, char **given) {
  int fd = open(given[2], O_RDWR | O_CREAT, 0600);
  if (count < 3 || ftruncate(fd, 8192)) return 2;
  uint8_t *m = mmap(0, 8192, 3, MAP_SHARED, fd, 0);
  PM_ACK_NAMED(1, "from");
  switch (atoi(given[1])) {
${cases.map((code, index) => `  case ${index}: { ${code} break; }`).join('\n')}
  }
  PM_ACK_NAMED(2, "to");
  return 0;
}
`;
}
