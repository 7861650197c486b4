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

void engram_deliver_row(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                        uint32_t start, uint32_t count)
{
    if (program != 0 && program->shape == ENGRAM_SHAPE_TRACE && program->steps->target == ENGRAM_TERM_TARGET_T &&
        run->packed != 0) {
        const int32_t *y = trace_of(run, program);
        engram_tag_kernel kernel;
        if (y != 0 && engram_tag_kernel_for(&kernel, program->steps, factors[program->steps->factor[1]], run->block->shift)) {
            if (run->targets == 0)
                engram_tag_row_dense(run->packed + start, run->acc, y, &kernel, count);
            else
                engram_tag_row_sparse(run->packed + start, run->targets + start, run->acc, y, &kernel, count);
            return;
        }
    }
    plain_row(run, start, count);
    if (program != 0)
        engram_learn_row(run, program, factors, start, count);
}

void engram_learn_row(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                      uint32_t start, uint32_t count)
{
    if (program->shape == ENGRAM_SHAPE_TAG && run->packed != 0) {
        engram_weight_kernel kernel;
        if (engram_weight_kernel_for(&kernel, program->steps, factors[program->steps->factor[1]], run->block)) {
            engram_weight_row(run->packed + start, count, &kernel);
            return;
        }
    }
    const engram_span span = engram_row_span(run, start, count);
    engram_evaluate_terms(&span, program, factors);
}

static void tag_column(const engram_block_run *run, const engram_tag_kernel *kernel, const int32_t *x, uint32_t column)
{
    const engram_synapse_block *b = run->block;
    if (run->columns == 0) {
        engram_tag_column_dense(run->packed + column, b->neuron_count * 4u, x, kernel, b->axon_count);
        return;
    }
    const uint32_t start = run->columns[column];
    engram_tag_column_sparse(run->packed, run->column_synapses + start, run->column_axons + start, x, kernel,
                             run->columns[column + 1u] - start);
}

void engram_learn_column(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                         uint32_t column)
{
    if (program->shape == ENGRAM_SHAPE_TRACE && program->steps->target == ENGRAM_TERM_TARGET_T && run->packed != 0) {
        const int32_t *x = trace_of(run, program);
        const int32_t c = factors[program->steps->factor[1]];
        engram_tag_kernel kernel;
        if (x == 0 || c == 0)
            return;
        if (engram_tag_kernel_for(&kernel, program->steps, c, 0)) {
            tag_column(run, &kernel, x, column);
            return;
        }
    }
    const engram_span span = engram_column_span(run, column);
    engram_evaluate_terms(&span, program, factors);
}
