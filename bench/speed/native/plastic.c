/*
 * S2 (pair STDP on the weights) and S3 (TAGGED: STDP into tags, reward on the weights). Axons 0 … EXCITATORY−1 have
 * plastic rows, the others static ones; all delays are one tick, so axon and neuron have one number.
 * A pre-event changes a synapse by what depends on its neuron alone, a post-event by what depends on its axon alone:
 * both are worked out for all neurons and axons as their traces decay.
 * Needs the constants of neurons.h and TICKS, EXCITATORY, WEIGHT_SHIFT, W_MIN, W_MAX, X_KEEP, Y_KEEP, X_IMPULSE,
 * Y_IMPULSE, PRE_MANTISSA, PRE_SHIFT, POST_MANTISSA, POST_SHIFT; with TAGGED also REWARD_MANTISSA, REWARD_SHIFT,
 * TAG_KEEP, TAG_PERIOD, SWEEP_PERIOD, REWARD_KEEP, REWARDS.
 */
#include "neurons.h"

/* The increment of a term from its q: docs/core.md, section 6. shift > 0. */
static inline int32_t increment(int32_t q, int32_t mantissa, int32_t shift) {
  return clamp((q * mantissa + (1 << (shift - 1))) >> shift, -65535, 65535);
}

/* That of a trace alone: times the factor one, 4096, its q is 32 times its high bits. */
#define OF_TRACE(trace, mantissa, shift) increment(((trace) >> 8) * 32, mantissa, shift)

#if TAGGED
#define LOW (-32767)
#define HIGH 32767
#else
#define LOW W_MIN
#define HIGH W_MAX
#endif

/* Decays traces, which are never negative, and works out what they will do to a synapse. */
static inline void decay_traces(int32_t *restrict trace, int32_t *restrict change, int count, uint32_t keep,
                                int32_t mantissa, int32_t shift) {
  for (int n = 0; n < count; n++) {
    uint32_t now = (uint32_t)trace[n];
    int32_t next = (int32_t)((now >> 16) * keep + (((now & 0xffff) * keep) >> 16));
    trace[n] = next;
    change[n] = OF_TRACE(next, mantissa, shift);
  }
}

static inline int32_t add_impulse(int32_t trace, int32_t impulse) {
  return trace + impulse > STATE_MAX ? STATE_MAX : trace + impulse;
}

int main(int argc, char **argv) {
  if (argc != 3) return 1;
  FILE *in = open_or_exit(argv[1], "rb");
  uint32_t *static_start = load(in, 4 * (NEURONS + 1));
  uint32_t *static_synapses = load(in, 4 * (size_t)static_start[NEURONS]);
  uint32_t *start = load(in, 4 * (EXCITATORY + 1));
  size_t synapses = start[EXCITATORY];
  uint16_t *target = load(in, 2 * synapses);
  int16_t *weight = load(in, 2 * synapses);
  uint32_t *column_start = load(in, 4 * (NEURONS + 1));
  uint32_t *column_synapse = load(in, 4 * synapses);
  uint16_t *column_axon = load(in, 2 * synapses);
  int32_t *v = load(in, 4 * PADDED);
#if TAGGED
  uint32_t *reward_tick = load(in, 4 * (REWARDS + 1));
  int32_t *reward_value = load(in, 4 * (REWARDS + 1));
  int32_t m = 0;
  uint32_t sum = 0, history[64] = {0};
  int next_reward = 0;
#endif
  fclose(in);
  int32_t *acc = take(4 * PADDED);
  int32_t *refractory = take(4 * PADDED);
  uint8_t *fired = take(PADDED);
  uint32_t *spiked = take(4 * PADDED);
  int32_t *x = take(4 * PADDED);
  int32_t *y = take(4 * PADDED);
  int32_t *pre = take(4 * PADDED);
  int32_t *post = take(4 * PADDED);
#if TAGGED
  int16_t *tag = take(2 * synapses);
  int16_t *changed = tag;
#else
  int16_t *changed = weight;
#endif
  int count = 0;
  uint64_t spike_total = 0, events = 0;

  double from = seconds();
  for (uint32_t tick = 0; tick < TICKS; tick++) {
    /* 1. Deliver. */
    for (int n = 0; n < count; n++) {
      uint32_t axon = spiked[n];
      if (axon < EXCITATORY) {
        uint32_t end = start[axon + 1];
        events += end - start[axon];
        for (uint32_t k = start[axon]; k < end; k++) {
          uint32_t j = target[k];
          acc[j] += (weight[k] >> 8) * (1 << WEIGHT_SHIFT);
          changed[k] = (int16_t)clamp(changed[k] + pre[j], LOW, HIGH);
        }
        x[axon] = add_impulse(x[axon], X_IMPULSE);
        post[axon] = OF_TRACE(x[axon], POST_MANTISSA, POST_SHIFT);
      } else {
        uint32_t end = static_start[axon + 1];
        events += end - static_start[axon];
        for (uint32_t k = static_start[axon]; k < end; k++)
          acc[static_synapses[k] & 0xffff] += (int32_t)static_synapses[k] >> 16;
      }
    }
    /* 2. Neurons. */
    count = update_neurons(v, acc, refractory, fired, spiked, tick);
    spike_total += (uint64_t)count;
    /* 3. Post-events. */
    for (int n = 0; n < count; n++) {
      uint32_t j = spiked[n];
      for (uint32_t k = column_start[j]; k < column_start[j + 1]; k++) {
        int16_t *synapse = changed + column_synapse[k];
        *synapse = (int16_t)clamp(*synapse + post[column_axon[k]], LOW, HIGH);
      }
      y[j] = add_impulse(y[j], Y_IMPULSE);
    }
#if TAGGED
    /* 4. Sweeps: modulated, then the tag's. */
    int32_t mean = (int32_t)(sum - history[(tick - (1u << SWEEP_PERIOD)) & 63]) >> (8 + SWEEP_PERIOD);
    mean = clamp(mean, -32767, 32767);
    if (mean != 0)
      for (uint32_t axon = -tick & ((1u << SWEEP_PERIOD) - 1); axon < EXCITATORY; axon += 1u << SWEEP_PERIOD)
        for (uint32_t k = start[axon]; k < start[axon + 1]; k++)
          weight[k] = (int16_t)clamp(weight[k] + increment((mean * tag[k] + 64) >> 7, REWARD_MANTISSA, REWARD_SHIFT), W_MIN,
                                     W_MAX);
    uint32_t mask = TAG_PERIOD >= 31 ? 0x7fffffffu : (1u << TAG_PERIOD) - 1;
    for (uint64_t axon = -tick & mask; axon < EXCITATORY; axon += (uint64_t)mask + 1)
      for (uint32_t k = start[axon]; k < start[axon + 1]; k++) {
        int16_t t = tag[k];
        uint16_t kept = (uint16_t)(((uint32_t)(uint16_t)(t < 0 ? -t : t) * TAG_KEEP) >> 16);
        tag[k] = (int16_t)(t < 0 ? -kept : kept);
      }
#endif
    /* 5. Traces and the modulator. */
    decay_traces(x, post, EXCITATORY, X_KEEP, POST_MANTISSA, POST_SHIFT);
    decay_traces(y, pre, NEURONS, Y_KEEP, PRE_MANTISSA, PRE_SHIFT);
#if TAGGED
    m = decay(m, REWARD_KEEP);
    while (next_reward < REWARDS && reward_tick[next_reward] == tick) m = sat24(m + reward_value[next_reward++]);
    history[tick & 63] = sum;
    sum += (uint32_t)m;
#endif
  }
  double taken = seconds() - from;

  report(taken, spike_total, events);
  FILE *out = open_or_exit(argv[2], "wb");
  save(out, v, 4 * NEURONS);
  save(out, refractory, 4 * NEURONS);
  save(out, x, 4 * EXCITATORY);
  save(out, y, 4 * NEURONS);
  save(out, weight, 2 * synapses);
#if TAGGED
  save(out, tag, 2 * synapses);
#endif
  fclose(out);
  return 0;
}
