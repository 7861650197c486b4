#include "learning.h"

#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "kernels.h"
#include "terms.h"

void engram_load_axon(const engram_block_run *run, const engram_program *program, uint32_t axon, int32_t *factors)
{
    if (!(program->uses & ENGRAM_USES_X))
        return;
    factors[ENGRAM_FACTOR_X1] = run->x[0] != 0 ? run->x[0][axon] >> 8 : 0;
    factors[ENGRAM_FACTOR_X2] = run->x[1] != 0 ? run->x[1][axon] >> 8 : 0;
}

void engram_load_neuron(const engram_block_run *run, const engram_program *program, uint32_t neuron, int32_t *factors)
{
    if (program->uses & ENGRAM_USES_H)
        factors[ENGRAM_FACTOR_H] = run->h != 0 ? run->h[neuron] : 0;
    if (program->uses & ENGRAM_USES_L)
        factors[ENGRAM_FACTOR_L] = run->l != 0 ? run->l[neuron] : 0;
    if (!(program->uses & ENGRAM_USES_Y))
        return;
    factors[ENGRAM_FACTOR_Y1] = run->y[0] != 0 ? run->y[0][neuron] >> 8 : 0;
    factors[ENGRAM_FACTOR_Y2] = run->y[1] != 0 ? run->y[1][neuron] >> 8 : 0;
    factors[ENGRAM_FACTOR_Y3] = run->y[2] != 0 ? run->y[2][neuron] >> 8 : 0;
}

/* The trace that varies in a program of ENGRAM_SHAPE_TRACE; 0: absent. */
static const int32_t *trace_of(const engram_block_run *run, const engram_program *program)
{
    const uint32_t slot = engram_lowest_bit(program->varies);
    return slot < ENGRAM_FACTOR_Y1 ? run->x[slot - ENGRAM_FACTOR_X1] : run->y[slot - ENGRAM_FACTOR_Y1];
}

/* A plastic row whose synapses do not learn now. */
ENGRAM_HOT static void plain_row(const engram_block_run *run, uint32_t start, uint32_t count)
{
    int32_t *acc = run->acc;
    const uint32_t shift = run->block->shift;
    const uint16_t *target = run->targets == 0 ? 0 : run->targets + start;
    const uint16_t *last = target == 0 ? 0 : target + count;
    if (run->packed != 0) {
        const uint32_t *word = run->packed + start;
        if (target == 0)
            for (const uint32_t *end = word + count; word != end; word++, acc++)
                *acc += engram_scaled((int32_t)*word >> 24, shift);
        else
            for (; target != last; target++, word++)
                acc[*target] += engram_scaled((int32_t)*word >> 24, shift);
        return;
    }
    const int16_t *weight = run->plastic16 + start;
    if (target == 0)
        for (const int16_t *end = weight + count; weight != end; weight++, acc++)
            *acc += engram_scaled(*weight >> 8, shift);
    else
        for (; target != last; target++, weight++)
            acc[*target] += engram_scaled(*weight >> 8, shift);
}

/* Largest increments that loops take without a clamp: of a tag they keep 16 bits. */
#define MOST_TAG 32767
#define MOST_WEIGHT 65535

/* A trace of the neurons changes the tag or, without one, the weight, at the delivery; false: no loop for it. */
static int deliver_by_trace(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                            uint32_t start, uint32_t count)
{
    const engram_step *step = program->steps;
    const int32_t *y = trace_of(run, program);
    const int32_t c = factors[step->factor[1]];
    const uint16_t *target = run->targets == 0 ? 0 : run->targets + start;
    if (y == 0 || c == 0)
        return 0;
    if (step->target == ENGRAM_TERM_TARGET_T) {
        engram_tag_kernel kernel;
        if (run->packed == 0 || !engram_tag_kernel_for(&kernel, step, c, run->block->shift))
            return 0;
        if (target == 0)
            engram_tag_row_dense(run->packed + start, run->acc, y, &kernel, count);
        else
            engram_tag_row_sparse(run->packed + start, target, run->acc, y, &kernel, count);
        return 1;
    }
    engram_product_kernel kernel;
    if (run->packed != 0 || !engram_product_kernel_for(&kernel, step, c, run->block, MOST_WEIGHT))
        return 0;
    if (target == 0)
        engram_weight16_row_dense(run->plastic16 + start, run->acc, y, &kernel, count);
    else
        engram_weight16_row_sparse(run->plastic16 + start, target, run->acc, y, &kernel, count);
    return 1;
}

void engram_deliver_row(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                        uint32_t start, uint32_t count)
{
    if (program != 0 && program->shape == ENGRAM_SHAPE_TRACE && deliver_by_trace(run, program, factors, start, count))
        return;
    plain_row(run, start, count);
    if (program != 0)
        engram_learn_row(run, program, factors, start, count);
}

/* The tag changes the weight, by c or by l; false: no loop for it. */
static int learn_by_tag(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                        uint32_t start, uint32_t count)
{
    const engram_step *step = program->steps;
    const int by_l = program->shape == ENGRAM_SHAPE_TAG_AND_L;
    engram_product_kernel kernel;
    if (run->packed == 0 || (by_l && run->l == 0) ||
        !engram_product_kernel_for(&kernel, step, by_l ? 32767 : factors[step->factor[1]], run->block, MOST_WEIGHT))
        return 0;
    if (!by_l)
        engram_weight_row(run->packed + start, count, &kernel);
    else if (run->targets == 0)
        engram_tag_and_l_row_dense(run->packed + start, run->l, &kernel, count);
    else
        engram_tag_and_l_row_sparse(run->packed + start, run->targets + start, run->l, &kernel, count);
    return 1;
}

void engram_learn_row(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                      uint32_t start, uint32_t count)
{
    if ((program->shape == ENGRAM_SHAPE_TAG || program->shape == ENGRAM_SHAPE_TAG_AND_L) &&
        learn_by_tag(run, program, factors, start, count))
        return;
    const engram_span span = engram_row_span(run, start, count);
    engram_evaluate_terms(&span, program, factors);
}

/* A trace of the axons changes the tag or, without one, the weight; false: no loop for it. */
static int learn_by_trace(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                          uint32_t column)
{
    const engram_synapse_block *b = run->block;
    const engram_step *step = program->steps;
    const int32_t *x = trace_of(run, program);
    const int32_t c = factors[step->factor[1]];
    const int tags = step->target == ENGRAM_TERM_TARGET_T;
    if (x == 0 || c == 0 || (tags && run->packed == 0))
        return 1;
    if (!tags && run->packed != 0)
        return 0;
    const uint32_t start = run->columns == 0 ? 0u : run->columns[column];
    const uint32_t count = run->columns == 0 ? b->axon_count : run->columns[column + 1u] - start;
    const uint32_t *synapses = run->columns == 0 ? 0 : run->column_synapses + start;
    const uint16_t *axons = run->columns == 0 ? 0 : run->column_axons + start;
    engram_tag_kernel kernel;
    if (tags && engram_tag_kernel_for(&kernel, step, c, 0)) {
        if (synapses == 0)
            engram_tag_column_dense(run->packed + column, b->neuron_count * 4u, x, &kernel, count);
        else
            engram_tag_column_sparse(run->packed, synapses, axons, x, &kernel, count);
        return 1;
    }
    engram_product_kernel product;
    if (!engram_product_kernel_for(&product, step, c, b, tags ? MOST_TAG : MOST_WEIGHT))
        return 0;
    if (tags && synapses == 0)
        engram_product_column_dense(run->packed + column, b->neuron_count * 4u, x, &product, count);
    else if (tags)
        engram_product_column_sparse(run->packed, synapses, axons, x, &product, count);
    else if (synapses == 0)
        engram_weight16_column_dense(run->plastic16 + column, b->neuron_count * 2u, x, &product, count);
    else
        engram_weight16_column_sparse(run->plastic16, synapses, axons, x, &product, count);
    return 1;
}

void engram_learn_column(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                         uint32_t column)
{
    if (program->shape == ENGRAM_SHAPE_TRACE && learn_by_trace(run, program, factors, column))
        return;
    const engram_span span = engram_column_span(run, column);
    engram_evaluate_terms(&span, program, factors);
}
