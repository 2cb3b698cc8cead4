/* A log in persistent memory: records of 64 bytes behind a tail that counts them.
 *   log FILE COUNT   appends COUNT records */
#define _GNU_SOURCE
#include <fcntl.h>
#include <immintrin.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "pmmark.h"

struct record { uint64_t number; char text[56]; };
struct log { uint64_t tail, unused[7]; struct record records[255]; };

static void write_back(const void *from, size_t size) {
  for (uintptr_t line = (uintptr_t)from & ~63ul; line < (uintptr_t)from + size; line += 64) _mm_clwb((void *)line);
}
static void persist(const void *from, size_t size) {
  write_back(from, size);
  _mm_sfence();
}

static void append(struct log *log, uint64_t number) {
  struct record *record = &log->records[log->tail % 255];
  record->number = number;
  memset(record->text, 'a' + (int)(number % 26), sizeof record->text);
  persist(record, sizeof *record);
  log->tail++;
  persist(&log->tail, sizeof log->tail);
}

int main(int count, char **given) {
  if (count < 3) return 2;
  int file = open(given[1], O_RDWR | O_CREAT, 0600);
  if (file < 0 || ftruncate(file, sizeof(struct log))) return 2;
  struct log *log = mmap(0, sizeof *log, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (log == MAP_FAILED) return 2;
  for (int number = 1; number <= atoi(given[2]); number++) {
    append(log, (uint64_t)number);
    PM_ACK_NAMED(number, "append");
  }
  return 0;
}
