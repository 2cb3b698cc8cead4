/* pmrec: a plugin of QEMU user mode (x86-64, plugin API 1) that records what a program does to files that it maps shared, as
 * JSON lines; docs/RECORDINGS.md describes them, and `conform record` builds and runs it. It needs libc and nothing else:
 * the functions of QEMU that it calls are declared below.
 *
 *   cc -O2 -shared -fPIC pmrec.c -o pmrec.so
 *   qemu-x86_64 -cpu max -singlestep -seed 1 -plugin ./pmrec.so,path=x.img,out=x.jsonl PROGRAM ARGUMENTS
 *
 *   path=TEXT   files whose path contains TEXT            out=FILE     where to write
 *   names=full  whole paths instead of base names         calls=off    do not note which line called a library
 *   serial=on   threads run one instruction at a time, so that what one has seen of another is recorded after it
 *
 * -singlestep is needed: the registers of the guest are exact only between translation blocks. What is left out: stores of
 * child processes and what mremap moves (a `lost` line says so, and no verdict is given then), loads, instructions that QEMU
 * does not know (AVX-512, movdiri, movdir64b: the program dies with SIGILL). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what is used of QEMU (include/qemu/qemu-plugin.h of version 7.2, written out) */

typedef uint64_t qemu_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { REGISTERS_READ = 1, MEMORY_WRITTEN = 2 };
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_id, void (*)(qemu_id, struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *), int, void *);
extern void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, void (*)(unsigned, uint32_t, uint64_t, void *),
                                             int, int, void *);
extern void qemu_plugin_register_vcpu_syscall_cb(qemu_id, void (*)(qemu_id, unsigned, int64_t, uint64_t, uint64_t, uint64_t,
                                                                  uint64_t, uint64_t, uint64_t, uint64_t, uint64_t));
extern void qemu_plugin_register_vcpu_syscall_ret_cb(qemu_id, void (*)(qemu_id, unsigned, int64_t, int64_t));
extern void qemu_plugin_register_atexit_cb(qemu_id, void (*)(qemu_id, void *), void *);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
extern unsigned qemu_plugin_mem_size_shift(uint32_t);
extern _Bool qemu_plugin_mem_is_store(uint32_t);
#define EXPORTED __attribute__((visibility("default")))
EXPORTED int qemu_plugin_version = 1;

/* ---- state: one recording a process */

enum { MAPPINGS = 256, FILES = 32, OBJECTS = 512, THREADS = 256, DEPTH = 4096, RUN_BYTES = 4096, LINE = 64 };
enum { RAX, RCX, RDX, RBX, RSP };

/* An instruction of the program: where it is, which letter its events get, its first bytes. */
struct instruction { uint64_t pc; int place; uint8_t letter, size, bytes[16]; };
struct mapping { uint64_t start, size, offset; int file; };
struct file { char path[512]; dev_t device; ino_t inode; };
struct object { char path[512]; uint64_t base, low, high; };
struct call { uint64_t slot; struct instruction *from; };
struct thread { uint64_t syscall[7]; int has_pending, depth; struct call *calls; };

static struct mapping mappings[MAPPINGS];
static struct file files[FILES];
static struct object objects[OBJECTS];
static struct thread threads[THREADS];
static int mapping_count, file_count, object_count, place_count, lost_count;
static uint64_t event_count;
/* Stores by one instruction at ascending addresses, not written out yet. */
static struct { int is_open, file; unsigned thread, unit, size; char letter; uint64_t offset;
                struct instruction *by, *caller; uint8_t bytes[RUN_BYTES]; } run;
static const char *wanted = ".img";
static int has_full_names, is_serial, has_calls = 1;
static char main_path[512];
static uint64_t main_low, main_high;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- output: a buffer of its own, because printf would take most of the time */

static int output = -1;
static char buffer[1 << 20];
static size_t used;

static void write_out(void) {
  for (size_t done = 0; done < used;) {
    ssize_t wrote = write(output, buffer + done, used - done);
    if (wrote <= 0) { perror("pmrec: the recording cannot be written"); _exit(2); }
    done += (size_t)wrote;
  }
  used = 0;
}
static void room(size_t size) { if (used + size > sizeof buffer) write_out(); }
static void put(const char *text) { size_t size = strlen(text); room(size); memcpy(buffer + used, text, size); used += size; }
static void put_number(uint64_t value) {
  char digits[20]; int count = 0;
  do digits[count++] = (char)('0' + value % 10); while (value /= 10);
  room(20);
  while (count) buffer[used++] = digits[--count];
}
static void put_bytes(const uint8_t *bytes, size_t size) {
  static const char digits[] = "0123456789abcdef";
  for (size_t k = 0; k < size; k++) {
    if (k % 1024 == 0) room(2048);
    buffer[used++] = digits[bytes[k] >> 4];
    buffer[used++] = digits[bytes[k] & 15];
  }
}
/* Text of the program inside a JSON string: what would need an escape becomes '_'. */
static void put_text(const char *text, size_t limit) {
  room(limit);
  for (size_t k = 0; k < limit && text[k]; k++) {
    unsigned char c = (unsigned char)text[k];
    buffer[used++] = c < 32 || c > 126 || c == '"' || c == '\\' ? '_' : (char)c;
  }
}
static const char *shown_path(const char *path) {
  const char *slash = strrchr(path, '/');
  return has_full_names || !slash ? path : slash + 1;
}
/* In a page that fork clears: a child is not recorded. Asking for the number of the process each time takes half of all the time. */
static volatile int *is_recorded_process;
static int is_recording(void) { return output >= 0 && *is_recorded_process; }

/* ---- where code is: the executable mappings of this process, read again when an address lies in none */

static void read_objects(void) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[1024];
  if (!maps) return;
  object_count = 0;
  while (fgets(line, sizeof line, maps)) {
    unsigned long low, high, offset; char permissions[8], path[512] = "";
    if (sscanf(line, "%lx-%lx %7s %lx %*s %*s %511[^\n]", &low, &high, permissions, &offset, path) < 5) continue;
    if (path[0] != '/' || object_count == OBJECTS) continue;
    struct object *last = object_count ? &objects[object_count - 1] : 0;
    if (last && !strcmp(last->path, path) && low - offset == last->base) { last->high = high; continue; }
    struct object *next = &objects[object_count++];
    strcpy(next->path, path); next->base = low - offset; next->low = low; next->high = high;
  }
  fclose(maps);
}
static struct object *object_of(uint64_t pc) {
  for (int pass = 0; pass < 2; pass++) {
    for (int k = 0; k < object_count; k++) if (pc - objects[k].low < objects[k].high - objects[k].low) return &objects[k];
    read_objects();
  }
  return 0;
}
static void find_main(uint64_t pc) {
  object_of(pc);
  for (int k = 0; k < object_count; k++) if (!strcmp(objects[k].path, main_path)) {
    if (!main_low) main_low = objects[k].low;
    main_high = objects[k].high;
  }
  if (!main_high) main_high = 1;
}
static int is_main(uint64_t pc) { return pc - main_low < main_high - main_low; }

/* The number of a place; tells of it the first time. */
static int place_of(struct instruction *at) {
  if (at->place) return at->place;
  at->place = ++place_count;
  struct object *object = object_of(at->pc);
  put("{\"k\":\"pc\",\"p\":"); put_number((uint64_t)at->place);
  put(",\"object\":\""); put_text(object ? shown_path(object->path) : "?", 512);
  put("\",\"offset\":"); put_number(object ? at->pc - object->base : at->pc); put("}\n");
  return at->place;
}

/* ---- events; all of these with the lock held */

static void begin(char letter, unsigned thread) {
  char head[] = "{\"k\":\"?\",\"t\":";
  head[6] = letter;
  put(head); put_number(thread);
}
static void end(int place, int caller) {
  if (place) { put(",\"p\":"); put_number((uint64_t)place); }
  if (caller) { put(",\"b\":"); put_number((uint64_t)caller); }
  put("}\n");
  event_count++;
}
static void flush_run(void) {
  if (!run.is_open) return;
  run.is_open = 0;
  int place = place_of(run.by), caller = run.caller ? place_of(run.caller) : 0;
  begin(run.letter, run.thread);
  put(",\"f\":"); put_number((uint64_t)run.file); put(",\"a\":"); put_number(run.offset);
  if (run.size != run.unit) { put(",\"u\":"); put_number(run.unit); }
  put(",\"d\":\""); put_bytes(run.bytes, run.size); put("\"");
  end(place, caller);
}
static void lose(const char *why, unsigned thread) {
  flush_run();
  put("{\"k\":\"lost\",\"t\":"); put_number(thread); put(",\"why\":\""); put(why); put("\"}\n");
  lost_count++;
}
/* The call in the main program that led to `pc`, which is in a library. */
static struct instruction *caller_of(struct thread *thread, uint64_t pc) {
  if (!has_calls || is_main(pc)) return 0;
  for (int k = thread->depth - 1; k >= 0; k--) if (is_main(thread->calls[k].from->pc)) return thread->calls[k].from;
  return 0;
}
static const struct mapping *mapping_at(uint64_t address) {
  for (int k = mapping_count - 1; k >= 0; k--) if (address - mappings[k].start < mappings[k].size) return &mappings[k];
  return 0;
}

/* ---- which instruction it is: n movnt, L locked, r string, W clwb, O clflushopt, X clflush, S sfence, M mfence, C call,
 * R return, K a marker; 0 any other */

static uint8_t letter_of_0f(uint8_t second, uint8_t third, int has_66, int has_rep) {
  int mod = third >> 6, group = (third >> 3) & 7;
  if (second == 0xc3 && !has_66 && !has_rep) return 'n';                             /* movnti */
  if ((second == 0xe7 || second == 0xf7) && !has_rep) return 'n';                    /* movntq, movntdq, maskmov */
  if (second == 0x2b) return 'n';                                                    /* movntps, movntpd */
  if (second == 0x38 && (third == 0xf8 || third == 0xf9)) return 'n';                /* movdir64b, movdiri */
  if (second != 0xae || has_rep) return 0;
  if (mod == 3) return group == 7 ? 'S' : group == 6 && !has_66 ? 'M' : 0;
  if (group == 7) return has_66 ? 'O' : 'X';
  return group == 6 && has_66 ? 'W' : 0;
}
static uint8_t letter_of_vex(const uint8_t *code, size_t left) {
  size_t opcode = code[0] == 0xc5 ? 2 : code[0] == 0xc4 ? 3 : 4;
  if (left <= opcode) return 0;
  int map = code[0] == 0xc5 ? 1 : code[0] == 0xc4 ? code[1] & 31 : code[1] & 7;
  return map == 1 && (code[opcode] == 0xe7 || code[opcode] == 0x2b || code[opcode] == 0xf7) ? 'n' : 0;
}
static uint8_t letter_of(const uint8_t *code, size_t size) {
  if (size == 3 && code[0] == 0x48 && code[1] == 0x87 && code[2] == 0xdb) return 'K'; /* xchg %rbx,%rbx */
  int has_66 = 0, has_rep = 0, has_lock = 0;
  size_t at = 0;
  for (; at < size; at++) {
    uint8_t b = code[at];
    if (b == 0x66) has_66 = 1;
    else if (b == 0xf2 || b == 0xf3) has_rep = 1;
    else if (b == 0xf0) has_lock = 1;
    else if (b != 0x2e && b != 0x36 && b != 0x3e && b != 0x26 && b != 0x64 && b != 0x65 && b != 0x67) break;
  }
  if (at < size && (code[at] & 0xf0) == 0x40) at++; /* REX stands last */
  if (at >= size) return 0;
  uint8_t first = code[at], second = at + 1 < size ? code[at + 1] : 0, third = at + 2 < size ? code[at + 2] : 0;
  if (has_lock) return 'L';
  if (first == 0x0f) return letter_of_0f(second, third, has_66, has_rep);
  if (first == 0xc4 || first == 0xc5 || first == 0x62) return letter_of_vex(code + at, size - at);
  if ((first == 0x86 || first == 0x87) && second < 0xc0) return 'L'; /* xchg with memory locks by itself */
  if (has_rep && (first == 0xa4 || first == 0xa5 || first == 0xaa || first == 0xab)) return 'r';
  if (first == 0xe8 || (first == 0xff && ((second >> 3) & 7) == 2)) return 'C';
  return first == 0xc2 || first == 0xc3 ? 'R' : 0;
}

/* The memory operand of a write-back (0F AE /r), from the registers. */
static uint64_t operand_of(const struct instruction *at, const uint64_t *registers) {
  const uint8_t *code = at->bytes;
  int rex = 0, p = 0;
  int32_t displacement;
  while (code[p] != 0x0f) { if ((code[p] & 0xf0) == 0x40) rex = code[p]; p++; }
  p += 2;
  int mod = code[p] >> 6, rm = code[p] & 7;
  uint64_t address = 0;
  p++;
  if (rm == 4) { /* SIB */
    uint8_t sib = code[p++];
    int index = ((sib >> 3) & 7) | ((rex & 2) << 2), low = sib & 7;
    if (low == 5 && mod == 0) { memcpy(&displacement, code + p, 4); address = (uint64_t)(int64_t)displacement; }
    else address = registers[low | ((rex & 1) << 3)];
    if (index != 4) address += registers[index] << (sib >> 6);
  } else if (rm == 5 && mod == 0) { /* relative to the next instruction */
    memcpy(&displacement, code + p, 4);
    return at->pc + at->size + (uint64_t)(int64_t)displacement;
  } else address = registers[rm | ((rex & 1) << 3)];
  if (mod == 1) address += (uint64_t)(int64_t)(int8_t)code[p];
  else if (mod == 2) { memcpy(&displacement, code + p, 4); address += (uint64_t)(int64_t)displacement; }
  return address;
}

/* ---- called before an instruction */

static void follow_call(struct thread *thread, struct instruction *at, uint64_t stack) {
  if (at->letter == 'R') { while (thread->depth && thread->calls[thread->depth - 1].slot <= stack) thread->depth--; return; }
  while (thread->depth && thread->calls[thread->depth - 1].slot <= stack - 8) thread->depth--;
  if (!thread->calls) thread->calls = calloc(DEPTH, sizeof *thread->calls);
  if (!thread->calls || thread->depth == DEPTH) return;
  thread->calls[thread->depth].slot = stack - 8;
  thread->calls[thread->depth++].from = at;
}
static void mark(unsigned cpu, const uint64_t *registers) {
  enum { EMIT_LOG = 0x5043001e };
  if (registers[RDX] == 0x706d636f6e66ul) { /* PM_ACK: the number in rax, a name or 0 in rcx */
    flush_run(); begin('A', cpu);
    put(",\"n\":"); put_number(registers[RAX]);
    if (registers[RCX]) { put(",\"name\":\""); put_text((const char *)registers[RCX], 127); put("\""); }
    end(0, 0);
    return;
  }
  if (registers[RAX] < 4096 || registers[RAX] >> 47) return; /* a request of Valgrind: its words in rax */
  const uint64_t *request = (const uint64_t *)registers[RAX];
  if (request[0] != EMIT_LOG) return;
  flush_run(); begin('B', cpu);
  put(",\"name\":\""); put_text((const char *)request[1], 127); put("\"");
  end(0, 0);
}
static void executed_locked(unsigned cpu, struct thread *thread, struct instruction *at, const uint64_t *registers) {
  if (at->letter == 'K') { mark(cpu, registers); return; }
  if (!mapping_count) return;
  int is_fence = at->letter == 'S' || at->letter == 'M';
  uint64_t address = is_fence ? 0 : operand_of(at, registers) & ~(uint64_t)(LINE - 1);
  const struct mapping *mapping = is_fence ? 0 : mapping_at(address);
  if (!is_fence && !mapping) return;
  flush_run();
  struct instruction *caller = caller_of(thread, at->pc);
  int place = place_of(at), called = caller ? place_of(caller) : 0;
  begin((char)at->letter, cpu);
  if (mapping) { put(",\"f\":"); put_number((uint64_t)mapping->file); put(",\"a\":"); put_number(address - mapping->start + mapping->offset); }
  end(place, called);
  thread->has_pending = !is_fence;
}
__attribute__((used)) void pmrec_executed(unsigned cpu, struct instruction *at, const uint64_t *registers) {
  if (!is_recording()) return;
  struct thread *thread = &threads[cpu % THREADS];
  if (at->letter == 'C' || at->letter == 'R') { follow_call(thread, at, registers[RSP]); return; }
  pthread_mutex_lock(&lock);
  executed_locked(cpu, thread, at, registers);
  pthread_mutex_unlock(&lock);
}
/* Generated code keeps the guest's state in rbp, whose first fields are the sixteen registers. */
void pmrec_executed_here(unsigned cpu, void *at);
__asm__(".text\n.globl pmrec_executed_here\n.hidden pmrec_executed_here\npmrec_executed_here: mov %rbp,%rdx\n jmp pmrec_executed\n");
__asm__(".hidden pmrec_executed\n");

/* One instruction of one thread at a time, in turn. */
static volatile unsigned next_ticket, serving;
static volatile int is_held[THREADS];
/* Written out, because not every compiler has atomic operations. */
static unsigned fetch_and_add_one(volatile unsigned *at) {
  unsigned value = 1;
  __asm__ volatile("lock; xaddl %0,%1" : "+r"(value), "+m"(*at) : : "memory");
  return value;
}
static void let_go(unsigned cpu) { if (is_held[cpu % THREADS]) { is_held[cpu % THREADS] = 0; fetch_and_add_one(&serving); } }
static void take_turn(unsigned cpu, void *unused) {
  (void)unused;
  let_go(cpu);
  unsigned ticket = fetch_and_add_one(&next_ticket);
  while (serving != ticket) sched_yield();
  is_held[cpu % THREADS] = 1;
}

/* ---- called after a store */

static void stored(unsigned cpu, uint32_t info, uint64_t address, void *data) {
  struct instruction *at = data;
  if (!mapping_count || !qemu_plugin_mem_is_store(info) || !is_recording()) return;
  struct thread *thread = &threads[cpu % THREADS];
  const struct mapping *mapping = mapping_at(address);
  if (!mapping) {
    if (at->letter != 'L' || !thread->has_pending) return;
    pthread_mutex_lock(&lock);
    flush_run();
    int place = place_of(at);
    begin('F', cpu); end(place, 0);
    thread->has_pending = 0;
    pthread_mutex_unlock(&lock);
    return;
  }
  unsigned size = 1u << qemu_plugin_mem_size_shift(info);
  char letter = at->letter == 'n' || at->letter == 'L' || at->letter == 'r' ? (char)at->letter : 'c';
  uint64_t offset = address - mapping->start + mapping->offset;
  pthread_mutex_lock(&lock);
  int goes_on = run.is_open && letter != 'L' && run.letter == letter && run.thread == cpu && run.by == at &&
                run.file == mapping->file && run.offset + run.size == offset && run.unit == size && run.size + size <= RUN_BYTES;
  if (!goes_on) {
    flush_run();
    run.is_open = 1; run.letter = letter; run.thread = cpu; run.by = at; run.caller = caller_of(thread, at->pc);
    run.file = mapping->file; run.offset = offset; run.size = 0; run.unit = size;
  }
  memcpy(run.bytes + run.size, (const void *)address, size);
  run.size += size;
  thread->has_pending = letter != 'L';
  pthread_mutex_unlock(&lock);
}
static void translated(qemu_id id, struct qemu_plugin_tb *block) {
  (void)id;
  for (size_t k = 0; k < qemu_plugin_tb_n_insns(block); k++) {
    struct qemu_plugin_insn *code = qemu_plugin_tb_get_insn(block, k);
    struct instruction *at = calloc(1, sizeof *at);
    if (!at) _exit(2);
    at->pc = qemu_plugin_insn_vaddr(code);
    at->size = (uint8_t)qemu_plugin_insn_size(code);
    memcpy(at->bytes, qemu_plugin_insn_data(code), at->size > 16 ? 16 : at->size);
    at->letter = letter_of(at->bytes, at->size);
    if (!main_high) find_main(at->pc);
    if (is_serial) qemu_plugin_register_vcpu_insn_exec_cb(code, take_turn, REGISTERS_READ, 0);
    if (at->letter && strchr(has_calls ? "KWOXSMCR" : "KWOXSM", at->letter))
      qemu_plugin_register_vcpu_insn_exec_cb(code, pmrec_executed_here, REGISTERS_READ, at);
    qemu_plugin_register_vcpu_mem_cb(code, stored, REGISTERS_READ, MEMORY_WRITTEN, at);
  }
}

/* ---- system calls */

enum { WRITE = 1, MMAP = 9, MUNMAP = 11, PWRITE64 = 18, WRITEV = 20, MREMAP = 25, MSYNC = 26, SENDFILE = 40, SENDTO = 44,
       SENDMSG = 46, CLONE = 56, FORK = 57, VFORK = 58, FSYNC = 74, FDATASYNC = 75, FTRUNCATE = 77, EXIT_GROUP = 231,
       FALLOCATE = 285, PWRITEV = 296, SENDMMSG = 307, COPY_FILE_RANGE = 326, PWRITEV2 = 328 };

static int file_of(int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status)) return -1;
  for (int k = 0; k < file_count; k++) if (files[k].device == status.st_dev && files[k].inode == status.st_ino) return k;
  return -1;
}
static void begin_call(unsigned cpu, const char *name) { flush_run(); begin('Y', cpu); put(",\"name\":\""); put(name); put("\""); }
static void writes(unsigned cpu, int64_t number, const uint64_t *a) {
  int to = number == COPY_FILE_RANGE ? (int)a[2] : (int)a[0], file = file_of(to);
  if (file < 0) {
    begin_call(cpu, number == WRITE || number == WRITEV ? "write" : number == SENDTO || number == SENDMSG || number == SENDMMSG || number == SENDFILE ? "send" : "pwrite");
    put(",\"fd\":"); put_number((uint64_t)(unsigned)to); end(0, 0);
    return;
  }
  if (number != WRITE && number != PWRITE64) { lose("a vectored write or copy to a recorded file", cpu); return; }
  off_t offset = number == PWRITE64 ? (off_t)a[3] : lseek(to, 0, SEEK_CUR);
  if (fcntl(to, F_GETFL) & O_APPEND) { struct stat status; if (!fstat(to, &status)) offset = status.st_size; }
  flush_run(); begin('P', cpu);
  put(",\"f\":"); put_number((uint64_t)file); put(",\"a\":"); put_number((uint64_t)offset);
  put(",\"d\":\""); put_bytes((const uint8_t *)a[1], a[2]); put("\""); end(0, 0);
}
static void call_begins(qemu_id id, unsigned cpu, int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                        uint64_t f, uint64_t g, uint64_t h) {
  (void)id; (void)g; (void)h;
  if (is_serial) let_go(cpu);
  if (!is_recording()) return;
  uint64_t words[7] = { (uint64_t)number, a, b, c, d, e, f };
  memcpy(threads[cpu % THREADS].syscall, words, sizeof words);
  if (!mapping_count) return;
  pthread_mutex_lock(&lock);
  switch (number) {
  case WRITE: case PWRITE64: case WRITEV: case SENDFILE: case SENDTO: case SENDMSG: case SENDMMSG: case PWRITEV: case PWRITEV2:
  case COPY_FILE_RANGE: writes(cpu, number, words + 1); break;
  case EXIT_GROUP: begin_call(cpu, "exit"); put(",\"status\":"); put_number(a & 255); end(0, 0); break;
  case FORK: case VFORK: lose("fork: what the child stores is not recorded", cpu); break;
  case CLONE: if (!(a & 0x100)) lose("fork: what the child stores is not recorded", cpu); break;
  case MREMAP: if (mapping_at(a)) lose("mremap of a recorded mapping", cpu); break;
  case FALLOCATE: if (file_of((int)a) >= 0 && b) lose("fallocate with a mode on a recorded file", cpu); break;
  default: break;
  }
  pthread_mutex_unlock(&lock);
}
/* Forgets what lies in `[start, start + size)`. */
static void unmapped(unsigned cpu, uint64_t start, uint64_t size) {
  uint64_t end_at = start + ((size + 4095) & ~4095ul);
  for (int k = 0; k < mapping_count; k++) {
    struct mapping *m = &mappings[k];
    if (!m->size || m->start >= end_at || m->start + m->size <= start) continue;
    if (start > m->start && end_at < m->start + m->size) lose("a hole in a recorded mapping", cpu);
    else if (start > m->start) m->size = start - m->start;
    else if (end_at < m->start + m->size) { uint64_t gone = end_at - m->start; m->start += gone; m->offset += gone; m->size -= gone; }
    else m->size = 0;
  }
}
static void put_initial(const char *path) {
  uint64_t hash = 0xcbf29ce484222325ul, any = 0;
  static uint8_t block[65536];
  FILE *contents = fopen(path, "r");
  for (size_t size; contents && (size = fread(block, 1, sizeof block, contents)) > 0;)
    for (size_t k = 0; k < size; k++) { hash = (hash ^ block[k]) * 0x100000001b3ul; any |= block[k]; }
  if (contents) fclose(contents);
  if (!any) { put(",\"initial\":\"zeros\""); return; }
  char text[48];
  snprintf(text, sizeof text, ",\"initial\":\"fnv1a64:%016lx\"", (unsigned long)hash);
  put(text);
}
static void mapped(unsigned cpu, uint64_t start, const uint64_t *words) {
  uint64_t size = words[2], flags = words[4], offset = words[6];
  char link[64], path[512];
  unmapped(cpu, start, size);
  int descriptor = (int)words[5], kind = (int)(flags & 15);
  if ((flags & 0x20) || descriptor < 0 || (kind != 1 && kind != 3)) return; /* anonymous or private */
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  struct stat status;
  if (!strstr(path, wanted) || fstat(descriptor, &status)) return;
  int file = file_of(descriptor), slot = 0, is_new = file < 0;
  while (slot < mapping_count && mappings[slot].size) slot++;
  if ((is_new && file_count == FILES) || slot == MAPPINGS) { lose("more mappings or files than can be recorded", cpu); return; }
  flush_run();
  if (is_new) {
    file = file_count++;
    strcpy(files[file].path, path); files[file].device = status.st_dev; files[file].inode = status.st_ino;
  }
  mappings[slot] = (struct mapping){ start, size, offset, file };
  if (slot == mapping_count) mapping_count++;

  put("{\"k\":\"map\",\"t\":"); put_number(cpu); put(",\"f\":"); put_number((uint64_t)file);
  put(",\"path\":\""); put_text(shown_path(path), 512);
  put("\",\"a\":"); put_number(offset); put(",\"n\":"); put_number(size); put(",\"size\":"); put_number((uint64_t)status.st_size);
  put(flags & 0x80000 ? ",\"sync\":true" : ",\"sync\":false");
  if (is_new) put_initial(path);
  put("}\n");
}
static void call_ends(qemu_id id, unsigned cpu, int64_t number, int64_t result) {
  (void)id;
  if (!is_recording()) return;
  uint64_t *words = threads[cpu % THREADS].syscall;
  pthread_mutex_lock(&lock);
  if (number == MSYNC && !result) {
    const struct mapping *m = mapping_at(words[1]);
    if (m) {
      begin_call(cpu, "msync");
      put(",\"f\":"); put_number((uint64_t)m->file); put(",\"a\":"); put_number(words[1] - m->start + m->offset);
      put(",\"n\":"); put_number(words[2]); put(",\"flags\":"); put_number(words[3]); end(0, 0);
    }
  } else if ((number == FSYNC || number == FDATASYNC) && !result) {
    int file = file_of((int)words[1]);
    if (file >= 0) { begin_call(cpu, "fsync"); put(",\"f\":"); put_number((uint64_t)file); end(0, 0); }
  } else if (number == MUNMAP && !result) unmapped(cpu, words[1], words[2]);
  else if (number == MMAP && (uint64_t)result < -4096ul) mapped(cpu, (uint64_t)result, words);
  pthread_mutex_unlock(&lock);
}

/* ---- begin and end */

static void finish(qemu_id id, void *unused) {
  (void)id; (void)unused;
  if (!is_recording()) return;
  flush_run();
  put("{\"k\":\"end\",\"events\":"); put_number(event_count); put(",\"lost\":"); put_number((uint64_t)lost_count); put("}\n");
  write_out();
  close(output);
  output = -1;
}
/* The program is the first argument of qemu that is neither an option nor the value of one. */
static void find_program(void) {
  char line[8192] = "";
  FILE *arguments = fopen("/proc/self/cmdline", "r");
  size_t size = arguments ? fread(line, 1, sizeof line - 1, arguments) : 0;
  if (arguments) fclose(arguments);
  static const char *const valued[] = { "-cpu", "-seed", "-plugin", "-L", "-E", "-s", "-d", "-D", "-B", "-R" };
  int skips = 1; /* qemu itself */
  for (size_t at = 0; at < size; at += strlen(line + at) + 1) {
    if (skips) { skips = 0; continue; }
    if (line[at] != '-') { if (!realpath(line + at, main_path)) main_path[0] = 0; return; }
    for (size_t k = 0; k < sizeof valued / sizeof *valued; k++) if (!strcmp(line + at, valued[k])) skips = 1;
  }
}
EXPORTED int qemu_plugin_install(qemu_id id, const void *info, int count, char **options) {
  const char *path = "pm.jsonl";
  (void)info;
  for (int k = 0; k < count; k++) {
    if (!strncmp(options[k], "out=", 4)) path = options[k] + 4;
    else if (!strncmp(options[k], "path=", 5)) wanted = strdup(options[k] + 5);
    else if (!strcmp(options[k], "names=full")) has_full_names = 1;
    else if (!strcmp(options[k], "serial=on")) is_serial = 1;
    else if (!strcmp(options[k], "calls=off")) has_calls = 0;
    else { fprintf(stderr, "pmrec: unknown option %s\n", options[k]); return 1; }
  }
  void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || madvise(page, 4096, MADV_WIPEONFORK)) { perror("pmrec: a page that fork clears"); return 1; }
  is_recorded_process = page;
  *is_recorded_process = 1;
  output = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (output < 0) { perror(path); return 1; }
  /* The program has the same descriptors: ours moves out of the way of its next ones. */
  int high = fcntl(output, F_DUPFD_CLOEXEC, 500);
  if (high >= 0) { close(output); output = high; }
  put("{\"k\":\"recording\",\"version\":1,\"recorder\":\"pmrec 3\",\"isa\":\"x86-64\",\"serial\":");
  put(is_serial ? "true}\n" : "false}\n");
  find_program();
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_vcpu_syscall_cb(id, call_begins);
  qemu_plugin_register_vcpu_syscall_ret_cb(id, call_ends);
  qemu_plugin_register_atexit_cb(id, finish, 0);
  return 0;
}
