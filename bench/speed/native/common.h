/* What the bare loops share: reading the network, integer arithmetic of docs/core.md, the result. */
#ifndef ENGRAM_BENCH_COMMON_H
#define ENGRAM_BENCH_COMMON_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define ALIGNMENT (1u << 21)
#define STATE_MAX 0x7fffff
#ifndef CLOCK_ID
#define CLOCK_ID CLOCK_MONOTONIC
#endif

static inline void *take(size_t bytes) {
  size_t size = (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
  /* Small arrays share pages as the libraries place them; large ones get huge pages where there are any. */
  if (bytes < ALIGNMENT) size = (bytes + 128) / 64 * 64;
  void *memory = aligned_alloc(bytes < ALIGNMENT ? 64 : ALIGNMENT, size);
  if (memory == NULL) exit(3);
#ifdef MADV_HUGEPAGE
  if (bytes >= ALIGNMENT) madvise(memory, size, MADV_HUGEPAGE);
#endif
  memset(memory, 0, size);
  return memory;
}

/* The next array of the file. */
static inline void *load(FILE *file, size_t bytes) {
  void *memory = take(bytes);
  if (bytes > 0 && fread(memory, 1, bytes, file) != bytes) exit(4);
  return memory;
}

static inline void save(FILE *file, const void *memory, size_t bytes) {
  if (bytes > 0 && fwrite(memory, 1, bytes, file) != bytes) exit(5);
}

static inline FILE *open_or_exit(const char *path, const char *mode) {
  FILE *file = fopen(path, mode);
  if (file == NULL) exit(2);
  return file;
}

static inline double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline int32_t clamp(int32_t x, int32_t low, int32_t high) {
  return x > high ? high : x < low ? low : x;
}

static inline int32_t sat24(int32_t x) { return clamp(x, -STATE_MAX, STATE_MAX); }

/* keep < 65536 */
static inline int32_t decay(int32_t x, uint32_t keep) {
  uint32_t a = (uint32_t)(x < 0 ? -x : x);
  int32_t kept = (int32_t)((a >> 16) * keep + (((a & 0xffff) * keep) >> 16));
  return x < 0 ? -kept : kept;
}

static inline uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ (x >> 16);
}

static inline uint32_t noise_of_tick(uint32_t seed, uint32_t tick) {
  return mix(mix(seed + 0x9e3779b9u) + tick * 0x85ebca6bu);
}

static inline int32_t noise(uint32_t of_tick, uint32_t unit, int32_t amplitude) {
  int32_t s = (int32_t)(mix(of_tick + unit * 0xc2b2ae35u) >> 16) - 32768;
  int32_t a = s < 0 ? -s : s;
  int32_t size = a * (amplitude >> 15) + ((a * (amplitude & 0x7fff)) >> 15);
  return s < 0 ? -size : size;
}

static inline void report(double taken, uint64_t spikes, uint64_t events) {
  printf("{\"seconds\":%.9f,\"spikes\":%llu,\"events\":%llu}\n", taken, (unsigned long long)spikes,
         (unsigned long long)events);
}

#endif
