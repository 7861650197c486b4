/*
 * Delta-current LIF neurons of S1 to S3: section 5 of docs/core.md for one group, hard reset, no branch, so that the
 * compiler makes vectors of it. Needs NEURONS, V_KEEP, V_CADENCE, THRESHOLD, RESET, REFRACTORY, BIAS, NOISE, SEED.
 */
#ifndef ENGRAM_BENCH_NEURONS_H
#define ENGRAM_BENCH_NEURONS_H

#include "common.h"

#define PADDED ((NEURONS + 63) / 64 * 64)

static inline __attribute__((always_inline)) void update_all(int32_t *restrict v, int32_t *restrict acc,
                                                             int32_t *restrict refractory, uint8_t *restrict fired,
                                                             uint32_t of_tick, int on_turn) {
  for (int n = 0; n < NEURONS; n++) {
    int32_t before = v[n];
    int32_t next = on_turn ? decay(before, V_KEEP) : before;
    next += sat24(acc[n]) + BIAS;
    if (NOISE != 0) next += noise(of_tick, (uint32_t)n, NOISE);
    next = sat24(next);
    acc[n] = 0;
    int32_t left = refractory[n];
    int active = left == 0;
    int spike = active & (next >= THRESHOLD);
    v[n] = active ? (spike ? RESET : next) : before;
    refractory[n] = active ? (spike ? REFRACTORY : 0) : left - 1;
    fired[n] = (uint8_t)spike;
  }
}

/* Step 2 for all neurons; gives the number of those that spiked, which stand in `spiked`. */
static inline int update_neurons(int32_t *restrict v, int32_t *restrict acc, int32_t *restrict refractory,
                                 uint8_t *restrict fired, uint32_t *restrict spiked, uint32_t tick) {
  uint32_t of_tick = NOISE != 0 ? noise_of_tick(SEED, tick) : 0;
  if ((tick & ((1u << V_CADENCE) - 1)) == 0)
    update_all(v, acc, refractory, fired, of_tick, 1);
  else
    update_all(v, acc, refractory, fired, of_tick, 0);
  int count = 0;
  for (int n = 0; n < PADDED; n += 8) {
    uint64_t eight;
    memcpy(&eight, fired + n, 8);
    while (eight != 0) {
      int bit = __builtin_ctzll(eight);
      spiked[count++] = (uint32_t)(n + (bit >> 3));
      eight &= eight - 1;
    }
  }
  return count;
}

#endif
