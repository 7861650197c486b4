#include "learning.h"

#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "terms.h"

void engram_load_axon(const engram_block_run *run, const engram_program *program, uint32_t axon, int16_t *factors)
{
    if (!(program->uses & ENGRAM_USES_X))
        return;
    factors[ENGRAM_FACTOR_X1] = run->x[0] != 0 ? (int16_t)(run->x[0][axon] >> 8) : 0;
    factors[ENGRAM_FACTOR_X2] = run->x[1] != 0 ? (int16_t)(run->x[1][axon] >> 8) : 0;
}

void engram_load_neuron(const engram_block_run *run, const engram_program *program, uint32_t neuron, int16_t *factors)
{
    if (program->uses & ENGRAM_USES_H)
        factors[ENGRAM_FACTOR_H] = run->h != 0 ? run->h[neuron] : 0;
    if (program->uses & ENGRAM_USES_L)
        factors[ENGRAM_FACTOR_L] = run->l != 0 ? run->l[neuron] : 0;
    if (!(program->uses & ENGRAM_USES_Y))
        return;
    factors[ENGRAM_FACTOR_Y1] = run->y[0] != 0 ? (int16_t)(run->y[0][neuron] >> 8) : 0;
    factors[ENGRAM_FACTOR_Y2] = run->y[1] != 0 ? (int16_t)(run->y[1][neuron] >> 8) : 0;
    factors[ENGRAM_FACTOR_Y3] = run->y[2] != 0 ? (int16_t)(run->y[2][neuron] >> 8) : 0;
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

static uint8_t choose_for_trace(engram_way *way, const engram_block_run *run, const engram_program *program, int32_t c)
{
    const engram_step *step = program->steps;
    const uint32_t slot = engram_lowest_bit(program->varies);
    const int by_column = slot < ENGRAM_FACTOR_Y1;
    way->trace = by_column ? run->x[slot - ENGRAM_FACTOR_X1] : run->y[slot - ENGRAM_FACTOR_Y1];
    if (way->trace == 0 || c == 0)
        return ENGRAM_LOOP_NOTHING;
    if (step->target == ENGRAM_TERM_TARGET_T) {
        if (run->packed == 0)
            return ENGRAM_LOOP_NOTHING;
        if (engram_tag_kernel_for(&way->kernel.tag, step, c, run->block->shift))
            return ENGRAM_LOOP_TRACE_TO_TAG;
        if (by_column && engram_product_kernel_for(&way->kernel.product, step, c, run->block, MOST_TAG))
            return ENGRAM_LOOP_PRODUCT_TO_TAG;
    } else if (run->packed == 0 && engram_product_kernel_for(&way->kernel.product, step, c, run->block, MOST_WEIGHT))
        return ENGRAM_LOOP_PRODUCT_TO_WEIGHT;
    return ENGRAM_LOOP_GENERAL;
}

static uint8_t choose_for_tag(engram_way *way, const engram_block_run *run, const engram_step *step, int32_t c)
{
    if (run->packed == 0 || c == 0)
        return ENGRAM_LOOP_NOTHING;
    return engram_product_kernel_for(&way->kernel.product, step, c, run->block, MOST_WEIGHT) ? ENGRAM_LOOP_TAG_TO_WEIGHT
                                                                                             : ENGRAM_LOOP_GENERAL;
}

void engram_choose_way(engram_way *way, const engram_block_run *run, const engram_program *program,
                       const int16_t *factors)
{
    way->loop = ENGRAM_LOOP_GENERAL;
    if (program == 0)
        way->loop = ENGRAM_LOOP_NOTHING;
    else if (program->shape == ENGRAM_SHAPE_TRACE)
        way->loop = choose_for_trace(way, run, program, factors[program->steps->factor[1]]);
    else if (program->shape == ENGRAM_SHAPE_TAG)
        way->loop = choose_for_tag(way, run, program->steps, factors[program->steps->factor[1]]);
    else if (program->shape == ENGRAM_SHAPE_TAG_AND_L && run->l == 0)
        way->loop = ENGRAM_LOOP_NOTHING;
    else if (program->shape == ENGRAM_SHAPE_TAG_AND_L &&
             choose_for_tag(way, run, program->steps, 32767) == ENGRAM_LOOP_TAG_TO_WEIGHT)
        way->loop = ENGRAM_LOOP_TAG_AND_L_TO_WEIGHT;
}

void engram_deliver_other_row(const engram_way *way, const engram_block_run *run, const engram_program *program,
                        const int16_t *factors, uint32_t start, uint32_t count)
{
    const uint16_t *target = run->targets;
    if (way->loop == ENGRAM_LOOP_PRODUCT_TO_WEIGHT) {
        int16_t *weight = run->plastic16 + start;
        if (target == 0)
            engram_weight16_row_dense(weight, run->acc, way->trace, &way->kernel.product, count);
        else
            engram_weight16_row_sparse(weight, target + start, run->acc, way->trace, &way->kernel.product, count);
        return;
    }
    plain_row(run, start, count);
    engram_learn_row(way, run, program, factors, start, count);
}

void engram_learn_row(const engram_way *way, const engram_block_run *run, const engram_program *program,
                      const int16_t *factors, uint32_t start, uint32_t count)
{
    if (way->loop == ENGRAM_LOOP_NOTHING)
        return;
    if (way->loop == ENGRAM_LOOP_TAG_TO_WEIGHT)
        engram_weight_row(run->packed + start, count, &way->kernel.product);
    else if (way->loop == ENGRAM_LOOP_TAG_AND_L_TO_WEIGHT && run->targets == 0)
        engram_tag_and_l_row_dense(run->packed + start, run->l, &way->kernel.product, count);
    else if (way->loop == ENGRAM_LOOP_TAG_AND_L_TO_WEIGHT)
        engram_tag_and_l_row_sparse(run->packed + start, run->targets + start, run->l, &way->kernel.product,
                                    count);
    else {
        const engram_span span = engram_row_span(run, start, count);
        engram_evaluate_terms(&span, program, factors);
    }
}

void engram_learn_column(const engram_way *way, const engram_block_run *run, const engram_program *program,
                         const int16_t *factors, uint32_t column)
{
    const uint32_t stride = run->block->neuron_count;
    if (way->loop == ENGRAM_LOOP_NOTHING)
        return;
    if (way->loop == ENGRAM_LOOP_GENERAL) {
        const engram_span span = engram_column_span(run, column);
        engram_evaluate_terms(&span, program, factors);
        return;
    }
    if (run->columns == 0) {
        const uint32_t count = run->block->axon_count;
        if (way->loop == ENGRAM_LOOP_TRACE_TO_TAG)
            engram_tag_column_dense(run->packed + column, stride * 4u, way->trace, &way->kernel.tag, count);
        else if (way->loop == ENGRAM_LOOP_PRODUCT_TO_TAG)
            engram_product_column_dense(run->packed + column, stride * 4u, way->trace, &way->kernel.product, count);
        else
            engram_weight16_column_dense(run->plastic16 + column, stride * 2u, way->trace, &way->kernel.product, count);
        return;
    }
    const uint32_t start = run->columns[column], count = run->columns[column + 1u] - start;
    const uint32_t *synapses = run->column_synapses + start;
    const uint16_t *axons = run->column_axons + start;
    if (way->loop == ENGRAM_LOOP_TRACE_TO_TAG)
        engram_tag_column_sparse(run->packed, synapses, axons, way->trace, &way->kernel.tag, count);
    else if (way->loop == ENGRAM_LOOP_PRODUCT_TO_TAG)
        engram_product_column_sparse(run->packed, synapses, axons, way->trace, &way->kernel.product, count);
    else
        engram_weight16_column_sparse(run->plastic16, synapses, axons, way->trace, &way->kernel.product, count);
}
