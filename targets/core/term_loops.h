/*
 * The loops of terms.h: one pass over the factor values of up to a few dozen synapses each. They are C on every
 * processor; the shapes of terms that networks use most have loops of their own in kernels.h.
 */
#ifndef ENGRAM_TERM_LOOPS_H
#define ENGRAM_TERM_LOOPS_H

#include <stdint.h>

/* 16-bit values of synapses: stride apart, or, with places, at places[k] << scale. */
typedef struct {
    int16_t *values;
    uint32_t stride;
    const uint32_t *places;
    uint32_t scale;
} engram_halves;

/* A product's way to an increment: r = ((p + 64) >> 7) * mantissa, then (r + round) >> shift. */
typedef struct {
    int32_t mantissa;
    int32_t round;
    uint32_t shift;
} engram_scaling;

void engram_fill(int32_t *to, uint32_t count, int32_t value);

/* to[k] = trace[k] >> 8, or trace[places[k]] >> 8. */
void engram_load_traces(int32_t *to, uint32_t count, const int32_t *trace, const uint16_t *places);
/* to[k] = values[k], or values[places[k]]. */
void engram_load_signals(int32_t *to, uint32_t count, const int16_t *values, const uint16_t *places);
void engram_load_halves(int32_t *to, uint32_t count, const engram_halves *from);

/* to[k] = sat16((a[k] * b + round) >> shift), b[k] in the second. */
void engram_squeeze_by(int32_t *to, uint32_t count, const int32_t *a, int32_t b, uint32_t shift);
void engram_squeeze(int32_t *to, uint32_t count, const int32_t *a, const int32_t *b, uint32_t shift);

/* sum[k] += the increment of a[k] * b, which needs no clamp; b[k] in the second. */
void engram_add_by(int32_t *sum, uint32_t count, const int32_t *a, int32_t b, const engram_scaling *scaling);
void engram_add(int32_t *sum, uint32_t count, const int32_t *a, const int32_t *b, const engram_scaling *scaling);
/* The same with the clamp; b[k * step]: step is 0 or 1. */
void engram_add_wide(int32_t *sum, uint32_t count, const int32_t *a, const int32_t *b, uint32_t step,
                     const engram_scaling *scaling);

/* Each value becomes clamp(value + sum[k], low, high). */
void engram_change_halves(const engram_halves *of, uint32_t count, const int32_t *sum, int32_t low, int32_t high);

#endif
