#include "kernels.h"

#include "arithmetic.h"
#include "engram_config.h"

#ifndef ENGRAM_KERNELS_IN_ASSEMBLY

ENGRAM_HOT void engram_static_dense_row(const int8_t *weight, int32_t *acc, uint32_t count, uint32_t shift)
{
    for (uint32_t j = 0; j < count; j++)
        acc[j] += engram_scaled(weight[j], shift);
}

ENGRAM_HOT void engram_static_sparse_row(const int8_t *weight, const uint16_t *target, int32_t *acc, uint32_t count,
                                         uint32_t shift)
{
    for (uint32_t k = 0; k < count; k++)
        acc[target[k]] += engram_scaled(weight[k], shift);
}

static inline uint32_t with_tag(uint32_t word, int32_t tag)
{
    return (word & 0xffff0000u) | ((uint32_t)engram_sat16(tag) & 0xffffu);
}

static inline int32_t tag_of(uint32_t word)
{
    return (int16_t)(word & 0xffffu);
}

static inline int32_t tag_increment(const engram_tag_kernel *kernel, int32_t trace)
{
    return ((trace >> 8) * kernel->mantissa + (1 << (kernel->shift - 1u))) >> kernel->shift;
}

ENGRAM_HOT void engram_tag_row_dense(uint32_t *word, int32_t *acc, const int32_t *y, const engram_tag_kernel *kernel,
                                     uint32_t count)
{
    for (uint32_t j = 0; j < count; j++) {
        acc[j] += engram_scaled((int32_t)word[j] >> 24, kernel->weight_shift);
        word[j] = with_tag(word[j], tag_of(word[j]) + tag_increment(kernel, y[j]));
    }
}

ENGRAM_HOT void engram_tag_increments(int32_t *to, const int32_t *trace, const engram_tag_kernel *kernel, uint32_t count)
{
    for (uint32_t j = 0; j < count; j++)
        to[j] = tag_increment(kernel, trace[j]);
}

ENGRAM_HOT void engram_tag_row_pair(uint32_t *first, uint32_t *second, int32_t *acc, const int32_t *increments,
                                    const engram_tag_kernel *kernel, uint32_t count)
{
    for (uint32_t j = 0; j < count; j++) {
        const int32_t weight = ((int32_t)first[j] >> 24) + ((int32_t)second[j] >> 24);
        acc[j] += engram_scaled(weight, kernel->weight_shift);
        first[j] = with_tag(first[j], tag_of(first[j]) + increments[j]);
        second[j] = with_tag(second[j], tag_of(second[j]) + increments[j]);
    }
}

ENGRAM_HOT void engram_tag_column_dense(uint32_t *word, uint32_t stride, const int32_t *x,
                                        const engram_tag_kernel *kernel, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++, word += stride / 4u)
        *word = with_tag(*word, tag_of(*word) + tag_increment(kernel, x[i]));
}

ENGRAM_HOT void engram_tag_row_sparse(uint32_t *word, const uint16_t *target, int32_t *acc, const int32_t *y,
                                      const engram_tag_kernel *kernel, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        acc[target[k]] += engram_scaled((int32_t)word[k] >> 24, kernel->weight_shift);
        word[k] = with_tag(word[k], tag_of(word[k]) + tag_increment(kernel, y[target[k]]));
    }
}

ENGRAM_HOT void engram_tag_column_sparse(uint32_t *words, const uint32_t *synapse, const uint16_t *axon,
                                         const int32_t *x, const engram_tag_kernel *kernel, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        uint32_t *word = &words[synapse[k]];
        *word = with_tag(*word, tag_of(*word) + tag_increment(kernel, x[axon[k]]));
    }
}

ENGRAM_HOT void engram_add_noise(int32_t *acc, uint32_t count, uint32_t key, uint32_t amplitude)
{
    for (const int32_t *end = acc + count; acc != end; acc++, key += ENGRAM_UNIT_FACTOR)
        *acc += engram_noise(engram_mix(key), amplitude);
}

ENGRAM_HOT void engram_update_currents(int32_t *acc, int32_t *current, uint32_t count, uint32_t keep)
{
    for (const int32_t *end = acc + count; acc != end; acc++, current++)
        *acc = *current = engram_sat24(engram_decay_by(*current, keep) + engram_sat24(*acc));
}

ENGRAM_HOT void engram_update_membranes(const engram_membranes *now, int saturates)
{
    for (uint32_t n = 0; n < now->count; n++) {
        const int32_t drive = saturates ? engram_sat24(now->acc[n]) : now->acc[n];
        now->acc[n] = 0;
        if (now->refractory[n] != 0) {
            now->refractory[n]--;
            continue;
        }
        const int32_t v = engram_sat24(engram_decay(now->v[n], now->keep) + drive + now->bias);
        now->v[n] = v >= now->threshold ? engram_neuron_spike(now, n, v) : v;
    }
}

ENGRAM_HOT void engram_decay_tags(uint32_t *word, uint32_t count, uint32_t keep)
{
    for (const uint32_t *end = word + count; word != end; word++) {
        const int32_t tag = tag_of(*word);
        const int32_t size = (int32_t)(((uint32_t)(tag < 0 ? -tag : tag) * keep) >> 16);
        *word = with_tag(*word, tag < 0 ? -size : size);
    }
}

static inline int32_t product_increment(const engram_product_kernel *kernel, int32_t product)
{
    return (((product + 64) >> 7) * kernel->mantissa + (1 << (kernel->shift - 1u))) >> kernel->shift;
}

/* The word with its weight changed. */
static inline uint32_t with_weight(uint32_t word, int32_t change, const engram_product_kernel *kernel)
{
    const int32_t weight = engram_clamp(((int32_t)word >> 16) + change, kernel->low, kernel->high);
    return (uint32_t)weight << 16 | (word & 0xffffu);
}

ENGRAM_HOT void engram_weight_row(uint32_t *word, uint32_t count, const engram_product_kernel *kernel)
{
    for (const uint32_t *end = word + count; word != end; word++)
        *word = with_weight(*word, product_increment(kernel, tag_of(*word) * kernel->c), kernel);
}

ENGRAM_HOT void engram_tag_and_l_row_dense(uint32_t *word, const int16_t *l, const engram_product_kernel *kernel,
                                           uint32_t count)
{
    for (const uint32_t *end = word + count; word != end; word++)
        *word = with_weight(*word, product_increment(kernel, tag_of(*word) * *l++), kernel);
}

ENGRAM_HOT void engram_tag_and_l_row_sparse(uint32_t *word, const uint16_t *target, const int16_t *l,
                                            const engram_product_kernel *kernel, uint32_t count)
{
    for (const uint32_t *end = word + count; word != end; word++)
        *word = with_weight(*word, product_increment(kernel, tag_of(*word) * l[*target++]), kernel);
}

ENGRAM_HOT void engram_product_column_dense(uint32_t *word, uint32_t stride, const int32_t *x,
                                            const engram_product_kernel *kernel, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++, word += stride / 4u)
        *word = with_tag(*word, tag_of(*word) + product_increment(kernel, (x[i] >> 8) * kernel->c));
}

ENGRAM_HOT void engram_product_column_sparse(uint32_t *words, const uint32_t *synapse, const uint16_t *axon,
                                             const int32_t *x, const engram_product_kernel *kernel, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        uint32_t *word = &words[synapse[k]];
        *word = with_tag(*word, tag_of(*word) + product_increment(kernel, (x[axon[k]] >> 8) * kernel->c));
    }
}

static inline void change_weight(int16_t *weight, int32_t trace, const engram_product_kernel *kernel)
{
    const int32_t change = product_increment(kernel, (trace >> 8) * kernel->c);
    *weight = (int16_t)engram_clamp(*weight + change, kernel->low, kernel->high);
}

ENGRAM_HOT void engram_weight16_column_dense(int16_t *weight, uint32_t stride, const int32_t *x,
                                             const engram_product_kernel *kernel, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++, weight += stride / 2u)
        change_weight(weight, x[i], kernel);
}

ENGRAM_HOT void engram_weight16_column_sparse(int16_t *weights, const uint32_t *synapse, const uint16_t *axon,
                                              const int32_t *x, const engram_product_kernel *kernel, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++)
        change_weight(&weights[synapse[k]], x[axon[k]], kernel);
}

ENGRAM_HOT void engram_weight16_row_dense(int16_t *weight, int32_t *acc, const int32_t *y,
                                          const engram_product_kernel *kernel, uint32_t count)
{
    for (uint32_t j = 0; j < count; j++) {
        acc[j] += engram_scaled(weight[j] >> 8, kernel->weight_shift);
        change_weight(&weight[j], y[j], kernel);
    }
}

ENGRAM_HOT void engram_weight16_row_sparse(int16_t *weight, const uint16_t *target, int32_t *acc, const int32_t *y,
                                           const engram_product_kernel *kernel, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        acc[target[k]] += engram_scaled(weight[k] >> 8, kernel->weight_shift);
        change_weight(&weight[k], y[target[k]], kernel);
    }
}

#endif
