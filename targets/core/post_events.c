/* Step 3: neurons that spiked reach back to their synapses (docs/core.md, section 6). */
#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "kernels.h"
#include "rows.h"

ENGRAM_HOT static void general_column(const engram_block_run *run, const engram_program *program, int32_t *factors,
                                      uint32_t column)
{
    const engram_synapse_block *b = run->block;
    if (run->columns == 0) {
        for (uint32_t row = 0; row < b->axon_count; row++) {
            engram_load_axon(run, program, row, factors);
            engram_update_synapse(run, program, row * b->neuron_count + column, factors);
        }
        return;
    }
    for (uint32_t k = run->columns[column]; k < run->columns[column + 1u]; k++) {
        engram_load_axon(run, program, run->column_axons[k], factors);
        engram_update_synapse(run, program, run->column_synapses[k], factors);
    }
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

/* One term of two factors, one of them a trace of the axon, the other c, changes the weight; there is no tag. */
ENGRAM_HOT static void weight_column(const engram_block_run *run, const engram_step *step, const int32_t *x, int32_t c,
                                     uint32_t column)
{
    const engram_synapse_block *b = run->block;
    const int32_t low = b->w_min, high = b->w_max, mantissa = step->mantissa;
    const uint32_t shift = step->shift, stride = b->neuron_count;
    const int sparse = run->columns != 0;
    uint32_t k = sparse ? run->columns[column] : 0u;
    const uint32_t end = sparse ? run->columns[column + 1u] : b->axon_count;
    for (uint32_t dense = column; k < end; k++, dense += stride) {
        const uint32_t i = sparse ? run->column_axons[k] : k;
        int16_t *weight = &run->plastic16[sparse ? run->column_synapses[k] : dense];
        const int32_t p = c * (x[i] >> 8);
        if (p < -64 || p > 63)
            *weight = (int16_t)engram_clamp(*weight + engram_increment(p, mantissa, shift), low, high);
    }
}

static int is_x(uint8_t slot)
{
    return slot == ENGRAM_FACTOR_X1 || slot == ENGRAM_FACTOR_X2;
}

/* Factors that are the same for all synapses of a column. */
static int is_of_column(uint8_t slot)
{
    return slot == ENGRAM_FACTOR_ONE || (slot >= ENGRAM_FACTOR_Y1 && slot <= ENGRAM_FACTOR_Y3) ||
           slot == ENGRAM_FACTOR_H || slot == ENGRAM_FACTOR_L || slot >= ENGRAM_CHANNEL_SLOT;
}

static void learn_column(const engram_block_run *run, const engram_program *program, int32_t *factors, uint32_t column)
{
    engram_load_neuron(run, program, column, factors);
    const engram_step *step = program->steps;
    if (program->shape == ENGRAM_SHAPE_SINGLE && (step->to_tag || run->packed == 0)) {
        const int first_is_x = is_x(step->factor1);
        const uint8_t x_slot = first_is_x ? step->factor1 : step->factor2;
        const uint8_t c_slot = first_is_x ? step->factor2 : step->factor1;
        if (is_x(x_slot) && is_of_column(c_slot)) {
            const int32_t *x = run->x[x_slot - ENGRAM_FACTOR_X1];
            const int32_t c = factors[c_slot];
            engram_tag_kernel kernel;
            if (c == 0 || x == 0)
                return;
            if (!step->to_tag) {
                weight_column(run, step, x, c, column);
                return;
            }
            if (engram_tag_kernel_for(&kernel, step, c, 0)) {
                tag_column(run, &kernel, x, column);
                return;
            }
        }
    }
    general_column(run, program, factors, column);
}

static void add_impulse(int32_t *trace, uint32_t mode, int32_t impulse)
{
    *trace = engram_sat24(mode == ENGRAM_TRACE_ADDITIVE ? *trace + impulse : impulse);
}

/* After all blocks, so that every post-event saw the traces before the impulse. */
static void add_impulses(const engram_machine *m)
{
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_run *run = &m->neuron_runs[n];
        const engram_neuron_group *g = run->group;
        engram_bit_walk walk = engram_walk_bits(m->spiked, g->first_neuron, g->count);
        uint32_t neuron;
        while (engram_next_bit(&walk, &neuron)) {
            if (run->y[0] != 0)
                add_impulse(&run->y[0][neuron], g->y1_mode, g->y1_impulse);
            if (run->y[1] != 0)
                add_impulse(&run->y[1][neuron], g->y2_mode, g->y2_impulse);
            if (run->y[2] != 0)
                add_impulse(&run->y[2][neuron], g->y3_mode, g->y3_impulse);
        }
    }
}

void engram_post_events(engram_machine *m)
{
    uint32_t any = 0;
    for (uint32_t n = 0; n < m->spiked_words; n++)
        any |= m->spiked[n];
    if (any == 0u)
        return;
    if (m->learning) {
        int32_t factors[ENGRAM_FACTOR_SLOTS];
        engram_load_constants(m, factors);
        for (uint32_t n = 0; n < m->image.block_count; n++) {
            const engram_block_run *run = &m->block_runs[n];
            if (run->rule == 0 || run->rule->programs[ENGRAM_PROGRAM_POST].count == 0u)
                continue;
            engram_bit_walk walk = engram_walk_bits(m->spiked, run->block->first_neuron, run->block->neuron_count);
            uint32_t column;
            while (engram_next_bit(&walk, &column))
                learn_column(run, &run->rule->programs[ENGRAM_PROGRAM_POST], factors, column);
        }
    }
    add_impulses(m);
}

/* Near-events come after all post-events and their impulses. */
void engram_near_events(engram_machine *m)
{
    if (!m->has_window || !m->learning)
        return;
    int32_t factors[ENGRAM_FACTOR_SLOTS];
    engram_load_constants(m, factors);
    for (uint32_t n = 0; n < m->image.block_count; n++) {
        const engram_block_run *run = &m->block_runs[n];
        if (run->rule == 0 || run->h == 0 || run->rule->programs[ENGRAM_PROGRAM_NEAR].count == 0u)
            continue;
        const engram_program *program = &run->rule->programs[ENGRAM_PROGRAM_NEAR];
        for (uint32_t column = 0; column < run->block->neuron_count; column++)
            if (run->h[column] != 0 && !(program->needs_l && (run->l == 0 || run->l[column] == 0)))
                learn_column(run, program, factors, column);
    }
}
