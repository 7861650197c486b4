/*
 * S4: two dense layers. Rows are added in lanes of 16 bits, a tile of columns at a time in registers, and flushed before
 * these could overflow; those of the second layer, a few columns, in one vector. Needs TICKS, IMAGE_TICKS, PIXELS, HIDDEN,
 * CLASSES and, with H_ and C_ before them, V_KEEP, THRESHOLD, RESET, SHIFT of the two layers.
 */
#include "common.h"

#define TILE 128
/* The processor's vectors. */
#ifdef __AVX512BW__
#define VBYTES 64
#else
#define VBYTES 32
#endif
#define WIDTH ((HIDDEN + TILE - 1) / TILE * TILE)
#define OUT 16
/* So many weights of 8 bits cannot leave 16 bits. */
#define FLUSH 255

typedef int16_t lanes __attribute__((vector_size(VBYTES), may_alias));
typedef int16_t lanes16 __attribute__((vector_size(32)));
#define LANES (VBYTES / 2)
#define VECTORS (TILE / VBYTES)
typedef int8_t bytes16 __attribute__((vector_size(16)));

_Static_assert(CLASSES <= OUT && HIDDEN <= 256, "the sums of the second layer fit one vector of 16 bits");

/*
 * Two weights to a lane: the sum of the high bytes is kept by itself, and taken off the sum of the lanes it leaves that
 * of the low ones. These were stored with 128 added (`bias_low`), so that they have no sign.
 */
static inline void add_rows(int32_t *acc, const int8_t *weight, const uint16_t *due, uint32_t count) {
  for (uint32_t from = 0; from < count; from += FLUSH) {
    uint32_t end = count - from > FLUSH ? from + FLUSH : count;
    for (int tile = 0; tile < WIDTH; tile += TILE) {
      lanes all[VECTORS] = {0}, high[VECTORS] = {0};
      for (uint32_t n = from; n < end; n++) {
        const lanes *row = (const lanes *)(weight + (size_t)due[n] * WIDTH + tile);
#pragma GCC unroll 8
        for (int q = 0; q < VECTORS; q++) {
          all[q] += row[q];
          high[q] += row[q] >> 8;
        }
      }
      int16_t even[TILE / 2], odd[TILE / 2];
      for (int q = 0; q < VECTORS; q++) {
        lanes low = all[q] - (high[q] << 8) - (int16_t)(128 * (end - from));
        memcpy(even + q * LANES, &low, sizeof low);
        memcpy(odd + q * LANES, &high[q], sizeof low);
      }
      for (int k = 0; k < TILE / 2; k++) {
        acc[tile + 2 * k] += even[k];
        acc[tile + 2 * k + 1] += odd[k];
      }
    }
  }
}

static inline void bias_low(int8_t *weight, size_t count) {
  for (size_t k = 0; k < count; k += 2) weight[k] = (int8_t)(weight[k] + 128);
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
  bias_low(first, (size_t)PIXELS * WIDTH);
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
    lanes16 sum = {0};
    for (uint32_t n = 0; n < spikes; n++) {
      bytes16 row;
      memcpy(&row, second + (size_t)spiked[n] * OUT, OUT);
      sum += __builtin_convertvector(row, lanes16);
    }
    for (int n = 0; n < OUT; n++) out_acc[n] = sum[n];
    events += (uint64_t)(due_end - due) * HIDDEN + (uint64_t)spikes * CLASSES;

    update(v, acc, fired, HIDDEN, H_V_KEEP, H_THRESHOLD, H_RESET, H_SHIFT);
    update(out_v, out_acc, out_fired, OUT, C_V_KEEP, C_THRESHOLD, C_RESET, C_SHIFT);
    spikes = 0;
    /* A quarter of them spike: without a branch this is faster than looking for them. */
    for (int n = 0; n < HIDDEN; n++) {
      spiked[spikes] = (uint16_t)n;
      spikes += fired[n];
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
