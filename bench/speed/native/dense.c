/*
 * S4: two dense layers. The first is added in lanes of 16 bits, a tile of columns at a time in registers, and flushed
 * before they could overflow; the second, a few columns, in one vector. Needs TICKS, IMAGE_TICKS, PIXELS, HIDDEN,
 * CLASSES and, with H_ and C_ before them, V_KEEP, THRESHOLD, RESET, SHIFT of the two layers.
 */
#include "common.h"

#define TILE 128
#define WIDTH ((HIDDEN + TILE - 1) / TILE * TILE)
#define OUT 16
/* So many weights of 8 bits cannot leave 16 bits. */
#define FLUSH 256

typedef int16_t lanes __attribute__((vector_size(64)));
typedef int8_t bytes32 __attribute__((vector_size(32)));
typedef int32_t wide __attribute__((vector_size(64)));
typedef int8_t bytes16 __attribute__((vector_size(16)));

_Static_assert(CLASSES <= OUT, "the second layer is one vector");

static inline void add_rows(int32_t *acc, const int8_t *weight, const uint16_t *due, uint32_t count) {
  for (uint32_t from = 0; from < count; from += FLUSH) {
    uint32_t end = count - from > FLUSH ? from + FLUSH : count;
    for (int tile = 0; tile < WIDTH; tile += TILE) {
      lanes sum[TILE / 32] = {0};
      for (uint32_t n = from; n < end; n++) {
        const int8_t *row = weight + (size_t)due[n] * WIDTH + tile;
        for (int q = 0; q < TILE / 32; q++) {
          bytes32 part;
          memcpy(&part, row + 32 * q, 32);
          sum[q] += __builtin_convertvector(part, lanes);
        }
      }
      for (int q = 0; q < TILE / 32; q++)
        for (int k = 0; k < 32; k++) acc[tile + 32 * q + k] += sum[q][k];
    }
  }
}

/* Section 5 of docs/core.md for delta-current neurons without refractory time, bias and noise; weights << shift. */
static inline void update(int32_t *restrict v, int32_t *restrict acc, uint8_t *restrict fired, int count, uint32_t keep,
                          int32_t threshold, int32_t reset, int shift) {
  for (int n = 0; n < count; n++) {
    int32_t next = sat24(decay(v[n], keep) + sat24(acc[n] * (1 << shift)));
    int spike = next >= threshold;
    v[n] = spike ? reset : next;
    fired[n] = (uint8_t)spike;
    acc[n] = 0;
  }
}

int main(int argc, char **argv) {
  if (argc != 3) return 1;
  FILE *in = open_or_exit(argv[1], "rb");
  int8_t *first = load(in, (size_t)PIXELS * WIDTH);
  int8_t *second = load(in, (size_t)HIDDEN * OUT);
  uint32_t *start = load(in, 4 * (TICKS + 1));
  uint16_t *lines = load(in, 2 * (size_t)start[TICKS]);
  fclose(in);
  int32_t *v = take(4 * WIDTH), *acc = take(4 * WIDTH);
  int32_t *out_v = take(4 * OUT), *out_acc = take(4 * OUT);
  uint8_t *fired = take(WIDTH), *out_fired = take(OUT);
  uint32_t *counts = take(4 * (size_t)(TICKS / IMAGE_TICKS + 1) * OUT);
  uint16_t *spiked = take(2 * WIDTH);
  uint32_t spikes = 0;
  uint64_t spike_total = 0, events = 0;

  double from = seconds();
  for (uint32_t tick = 0; tick < TICKS; tick++) {
    /* All delays are one tick. */
    uint32_t due = tick == 0 ? 0 : start[tick - 1], due_end = tick == 0 ? 0 : start[tick];
    add_rows(acc, first, lines + due, due_end - due);
    wide sum = {0};
    for (uint32_t n = 0; n < spikes; n++) {
      bytes16 row;
      memcpy(&row, second + (size_t)spiked[n] * OUT, OUT);
      sum += __builtin_convertvector(row, wide);
    }
    memcpy(out_acc, &sum, sizeof sum);
    events += (uint64_t)(due_end - due) * HIDDEN + (uint64_t)spikes * CLASSES;

    update(v, acc, fired, HIDDEN, H_V_KEEP, H_THRESHOLD, H_RESET, H_SHIFT);
    update(out_v, out_acc, out_fired, OUT, C_V_KEEP, C_THRESHOLD, C_RESET, C_SHIFT);
    spikes = 0;
    for (int n = 0; n < WIDTH; n += 8) {
      uint64_t eight;
      memcpy(&eight, fired + n, 8);
      for (; eight != 0; eight &= eight - 1) spiked[spikes++] = (uint16_t)(n + (__builtin_ctzll(eight) >> 3));
    }
    uint32_t *count = counts + (size_t)(tick / IMAGE_TICKS) * OUT;
    for (int n = 0; n < OUT; n++) {
      count[n] += out_fired[n];
      spike_total += out_fired[n];
    }
    spike_total += spikes;
    if ((tick + 1) % IMAGE_TICKS == 0) {
      memset(v, 0, 4 * WIDTH);
      memset(out_v, 0, 4 * OUT);
    }
  }
  double taken = seconds() - from;

  report(taken, spike_total, events);
  FILE *file = open_or_exit(argv[2], "wb");
  save(file, v, 4 * HIDDEN);
  save(file, out_v, 4 * CLASSES);
  for (int image = 0; image < TICKS / IMAGE_TICKS; image++) save(file, counts + (size_t)image * OUT, 4 * CLASSES);
  fclose(file);
  return 0;
}
