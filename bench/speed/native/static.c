/*
 * S1: static synapses. Row = delay slot · NEURONS + source: targets of 16 bits, weights of 8 bits, a shift for the row.
 * While a row is added the next one is fetched. Needs the constants of neurons.h and TICKS, DELAYS (rows of a source), FIRST_DELAY (of slot 0), SLOTS (power of two
 * above the longest delay).
 */
#include "neurons.h"

static inline void fetch(const void *from, const void *end) {
  for (const char *line = from; line < (const char *)end; line += 64) __builtin_prefetch(line, 0, 3);
}

int main(int argc, char **argv) {
  if (argc != 3) return 1;
  FILE *in = open_or_exit(argv[1], "rb");
  uint32_t *start = load(in, 4 * (size_t)(DELAYS * NEURONS + 1));
  size_t synapses = start[DELAYS * NEURONS];
  uint8_t *shift = load(in, DELAYS * NEURONS);
  uint16_t *target = load(in, 2 * synapses);
  int8_t *weight = load(in, synapses);
  int32_t *v = load(in, 4 * PADDED);
  fclose(in);
  int32_t *acc = take(4 * PADDED);
  int32_t *refractory = take(4 * PADDED);
  uint8_t *fired = take(PADDED);
  /* Spikes of the last SLOTS ticks. */
  uint32_t *spikes = take(4 * (size_t)SLOTS * (NEURONS + 1));
  uint32_t *counts = take(4 * SLOTS);
  uint64_t spike_total = 0, events = 0;

  double from = seconds();
  for (uint32_t tick = 0; tick < TICKS; tick++) {
    for (uint32_t d = 0; d < DELAYS; d++) {
      uint32_t slot = (tick - FIRST_DELAY - d) & (SLOTS - 1);
      const uint32_t *due = spikes + (size_t)slot * (NEURONS + 1);
      for (uint32_t n = 0; n < counts[slot]; n++) {
        uint32_t row = d * NEURONS + due[n];
        const uint16_t *j = target + start[row];
        const int8_t *w = weight + start[row];
        uint32_t length = start[row + 1] - start[row];
        events += length;
        if (n + 1 < counts[slot]) {
          uint32_t next = d * NEURONS + due[n + 1];
          fetch(target + start[next], target + start[next + 1]);
          fetch(weight + start[next], weight + start[next + 1]);
        }
        int32_t scale = 1 << shift[row];
#pragma GCC unroll 8
        for (uint32_t k = 0; k < length; k++) acc[j[k]] += w[k] * scale;
      }
    }
    uint32_t slot = tick & (SLOTS - 1);
    counts[slot] =
        (uint32_t)update_neurons(v, acc, refractory, fired, spikes + (size_t)slot * (NEURONS + 1), tick);
    spike_total += counts[slot];
  }
  double taken = seconds() - from;

  report(taken, spike_total, events);
  FILE *out = open_or_exit(argv[2], "wb");
  save(out, v, 4 * NEURONS);
  save(out, refractory, 4 * NEURONS);
  fclose(out);
  return 0;
}
