/*
 * The innermost loops: everything that is done once a synapse. kernels.c has them in C; kernels_armv6m_*.S have them for
 * the Cortex-M0+, whose compiler needs about twice the cycles. The same suites hold both against the emulator.
 */
#ifndef ENGRAM_KERNELS_H
#define ENGRAM_KERNELS_H

#include <stdint.h>

#include "machine.h"

/* Kernels are called from flash and lie in RAM, too far for a plain call: the linker would add a piece of code to each. */
#if defined(__ARM_ARCH_6M__)
#define ENGRAM_KERNELS_IN_ASSEMBLY 1
#define ENGRAM_FAR __attribute__((long_call))
#else
#define ENGRAM_FAR
#endif

/*
 * A term that adds coefficient * trace to a tag: with f = trace >> 8 the increment is
 * (f * mantissa + 2^(shift - 1)) >> shift. For 7 <= shift <= 16 it lies within +-32767, whatever the trace; a trace is
 * never negative, so it has the sign of the mantissa.
 */
typedef struct {
    int32_t mantissa;
    uint32_t shift;
    uint32_t weight_shift; /* of the block: for rows, which deliver the weight at the same time */
} engram_tag_kernel;

/* True if the term, with its other factor being c, is such a one. */
static inline int engram_tag_kernel_for(engram_tag_kernel *kernel, const engram_step *step, int32_t c,
                                        uint32_t weight_shift)
{
    /* c = 4096: ((4096 f + 64) >> 7) * mantissa = 32 * f * mantissa, and a shift of 5 undoes the 32. */
    if (c != 4096 || step->mantissa == 0 || step->shift < 12u || step->shift > 21u)
        return 0;
    kernel->mantissa = step->mantissa;
    kernel->shift = step->shift - 5u;
    kernel->weight_shift = weight_shift;
    return 1;
}

/*
 * A term of two factors, one that varies and c, or both varying and c not used, whose increment never needs to be clamped.
 * Offsets are known to the assembly.
 */
typedef struct {
    int32_t c;
    int32_t mantissa;
    uint32_t shift; /* 1 … 30 */
    int32_t low;    /* of the weight */
    int32_t high;
    uint32_t weight_shift; /* for rows, which deliver the weight at the same time */
} engram_product_kernel;

/* True if no increment, of factors up to 32767 and |c|, is larger than most. */
static inline int engram_product_kernel_for(engram_product_kernel *kernel, const engram_step *step, int32_t c,
                                            const engram_synapse_block *block, int32_t most)
{
    const int32_t product = 32767 * (c < 0 ? -c : c);
    const int32_t largest = ((product + 64) >> 7) * (step->mantissa < 0 ? -step->mantissa : step->mantissa);
    if (step->shift == 0u || (largest + (1 << (step->shift - 1u))) >> step->shift > most)
        return 0;
    kernel->c = c;
    kernel->mantissa = step->mantissa;
    kernel->shift = step->shift;
    kernel->low = block->w_min;
    kernel->high = block->w_max;
    kernel->weight_shift = block->shift;
    return 1;
}

/* acc[j] += weight[j] << shift for count neurons. */
ENGRAM_FAR void engram_static_dense_row(const int8_t *weight, int32_t *acc, uint32_t count, uint32_t shift);
/* acc[target[k]] += weight[k] << shift for count synapses. */
ENGRAM_FAR void engram_static_sparse_row(const int8_t *weight, const uint16_t *target, int32_t *acc, uint32_t count,
                                         uint32_t shift);

/* Words are W << 16 | (T & 0xffff). Delivers the acting weights of a dense row and updates its tags by the traces y. */
ENGRAM_FAR void engram_tag_row_dense(uint32_t *word, int32_t *acc, const int32_t *y, const engram_tag_kernel *kernel,
                                     uint32_t count);
/*
 * The same for two dense rows, with increments that engram_tag_increments has made of the traces; in which form is its
 * business.
 */
ENGRAM_FAR void engram_tag_increments(int32_t *to, const int32_t *trace, const engram_tag_kernel *kernel, uint32_t count);
ENGRAM_FAR void engram_tag_row_pair(uint32_t *first, uint32_t *second, int32_t *acc, const int32_t *increments,
                                    const engram_tag_kernel *kernel, uint32_t count);
/* Updates the tags of a dense column, words stride bytes apart, by the traces x. */
ENGRAM_FAR void engram_tag_column_dense(uint32_t *word, uint32_t stride, const int32_t *x,
                                        const engram_tag_kernel *kernel, uint32_t count);

/* The same for sparse rows, by target[k], and for sparse columns, by synapse[k] of the block and its axon[k]. */
ENGRAM_FAR void engram_tag_row_sparse(uint32_t *word, const uint16_t *target, int32_t *acc, const int32_t *y,
                                      const engram_tag_kernel *kernel, uint32_t count);
ENGRAM_FAR void engram_tag_column_sparse(uint32_t *words, const uint32_t *synapse, const uint16_t *axon,
                                         const int32_t *x, const engram_tag_kernel *kernel, uint32_t count);

/*
 * Updates the tags of a column by the traces x with any c, every increment within +-32767; and the same for the weights
 * of blocks without tags. A dense column's synapses are stride bytes apart.
 */
ENGRAM_FAR void engram_product_column_dense(uint32_t *word, uint32_t stride, const int32_t *x,
                                            const engram_product_kernel *kernel, uint32_t count);
ENGRAM_FAR void engram_product_column_sparse(uint32_t *words, const uint32_t *synapse, const uint16_t *axon,
                                             const int32_t *x, const engram_product_kernel *kernel, uint32_t count);
ENGRAM_FAR void engram_weight16_column_dense(int16_t *weight, uint32_t stride, const int32_t *x,
                                             const engram_product_kernel *kernel, uint32_t count);
ENGRAM_FAR void engram_weight16_column_sparse(int16_t *weights, const uint32_t *synapse, const uint16_t *axon,
                                              const int32_t *x, const engram_product_kernel *kernel, uint32_t count);

/* Delivers the acting weights of a row without tags and updates them by the traces y. */
ENGRAM_FAR void engram_weight16_row_dense(int16_t *weight, int32_t *acc, const int32_t *y,
                                          const engram_product_kernel *kernel, uint32_t count);
ENGRAM_FAR void engram_weight16_row_sparse(int16_t *weight, const uint16_t *target, int32_t *acc, const int32_t *y,
                                           const engram_product_kernel *kernel, uint32_t count);

/* acc[n] += noise of that amplitude for units one after the other; key is that of the first: section 2. */
ENGRAM_FAR void engram_add_noise(int32_t *acc, uint32_t count, uint32_t key, uint32_t amplitude);
/* acc[n] = current[n] = sat24(decay(current[n]) + sat24(acc[n])), keep <= 65535. */
ENGRAM_FAR void engram_update_currents(int32_t *acc, int32_t *current, uint32_t count, uint32_t keep);

/* The membranes of a group in one tick. Offsets of the first seven are known to the assembly. */
typedef struct {
    int32_t *acc; /* what drives the membranes; left 0 */
    int32_t *v;
    uint16_t *refractory;
    uint32_t count; /* at least 1 */
    uint32_t keep;  /* ENGRAM_KEEP_ALL off turn */
    int32_t bias;   /* of all */
    int32_t threshold;
    const engram_neuron_group *group;
    uint32_t *spiked; /* bits of all neurons of the core */
} engram_membranes;

/* Section 5 from the membrane's decay on; engram_neuron_spike for each at its threshold. saturates: acc first goes through sat24. */
ENGRAM_FAR void engram_update_membranes(const engram_membranes *now, int saturates);
/* The n-th neuron of the group is at its threshold with membrane v; its membrane after the spike. */
int32_t engram_neuron_spike(const engram_membranes *now, uint32_t n, int32_t v);

/* T = sign(T) * floor(|T| * keep / 65536), keep <= 65535. */
ENGRAM_FAR void engram_decay_tags(uint32_t *word, uint32_t count, uint32_t keep);
/* W = clamp(W + increment of T * c); of T * l[k], l[target[k]]. */
ENGRAM_FAR void engram_weight_row(uint32_t *word, uint32_t count, const engram_product_kernel *kernel);
ENGRAM_FAR void engram_tag_and_l_row_dense(uint32_t *word, const int16_t *l, const engram_product_kernel *kernel,
                                           uint32_t count);
ENGRAM_FAR void engram_tag_and_l_row_sparse(uint32_t *word, const uint16_t *target, const int16_t *l,
                                            const engram_product_kernel *kernel, uint32_t count);

#endif
