/*
 * S1: static synapses. Row = DELAY slot · NEURONS + source; a synapse is one word, weight << 16 | target.
 * Needs the constants of neurons.h and TICKS, DELAYS (rows of a source), FIRST_DELAY (of slot 0), SLOTS (power of two
 * above the longest delay).
 */
#include "neurons.h"

int main(int argc, char **argv) {
  if (argc != 3) return 1;
  FILE *in = open_or_exit(argv[1], "rb");
  uint32_t *start = load(in, 4 * (size_t)(DELAYS * NEURONS + 1));
  uint32_t *synapses = load(in, 4 * (size_t)start[DELAYS * NEURONS]);
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
        const uint32_t *row = start + d * NEURONS + due[n];
        const uint32_t *end = synapses + row[1];
        events += row[1] - row[0];
        for (const uint32_t *s = synapses + row[0]; s < end; s++) acc[*s & 0xffff] += (int32_t)*s >> 16;
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
