/* Step 1: due axons reach their synapses (docs/core.md, section 4). */
#include "axon_bits.h"
#include "engram_config.h"
#include "kernels.h"
#include "rows.h"

#if defined(__ARM_ARCH_6M__)
const uint8_t engram_bit_places[32] = {
    0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8, 31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10, 9,
};
#endif

#define INLINE static inline __attribute__((always_inline))

/* A plastic row whose synapses do not learn now. */
INLINE void plain_row(const engram_block_run *run, uint32_t start, uint32_t count)
{
    int32_t *acc = run->acc;
    const uint32_t shift = run->block->shift;
    if (run->packed != 0) {
        const uint32_t *word = run->packed + start;
        if (run->targets == 0)
            for (const uint32_t *end = word + count; word != end; word++, acc++)
                *acc += engram_scaled((int32_t)*word >> 24, shift);
        else
            for (const uint16_t *target = run->targets + start, *end = target + count; target != end; target++, word++)
                acc[*target] += engram_scaled((int32_t)*word >> 24, shift);
        return;
    }
    const int16_t *weight = run->plastic16 + start;
    if (run->targets == 0)
        for (const int16_t *end = weight + count; weight != end; weight++, acc++)
            *acc += engram_scaled(*weight >> 8, shift);
    else
        for (const uint16_t *target = run->targets + start, *end = target + count; target != end; target++, weight++)
            acc[*target] += engram_scaled(*weight >> 8, shift);
}

ENGRAM_HOT static void unlearning_row(const engram_block_run *run, uint32_t start, uint32_t count)
{
    plain_row(run, start, count);
}

/* One term of two factors, one of them a trace of the neuron, the other c, changes the tag; no kernel fits it. */
ENGRAM_HOT static void tag_row(const engram_block_run *run, const engram_step *step, const int32_t *y, int32_t c,
                               uint32_t start, uint32_t count)
{
    for (uint32_t k = start; k < start + count; k++) {
        const uint32_t j = engram_row_target(run, start, k);
        const uint32_t value = run->packed[k];
        run->acc[j] += engram_scaled((int32_t)value >> 24, run->block->shift);
        const int32_t p = c * (y[j] >> 8);
        if (p < -64 || p > 63) {
            const int32_t tag = (int16_t)(value & 0xffffu) + engram_increment(p, step->mantissa, step->shift);
            run->packed[k] = (value & 0xffff0000u) | ((uint32_t)engram_sat16(tag) & 0xffffu);
        }
    }
}

/* The same for the weight, where there is no tag. */
ENGRAM_HOT static void weight_row(const engram_block_run *run, const engram_step *step, const int32_t *y, int32_t c,
                                  uint32_t start, uint32_t count)
{
    const int32_t low = run->block->w_min, high = run->block->w_max, mantissa = step->mantissa;
    const uint32_t weight_shift = run->block->shift, shift = step->shift;
    const uint16_t *target = run->targets != 0 ? run->targets + start : 0;
    int32_t *acc = run->acc;
    int16_t *weight = run->plastic16 + start;
    for (const int16_t *end = weight + count; weight != end; weight++) {
        const uint32_t j = target != 0 ? *target++ : 0u;
        const int32_t w = *weight;
        acc[j] += engram_scaled(w >> 8, weight_shift);
        const int32_t p = c * (y[j] >> 8);
        if (p < -64 || p > 63)
            *weight = (int16_t)engram_clamp(w + engram_increment(p, mantissa, shift), low, high);
        if (target == 0) {
            acc++;
            y++;
        }
    }
}

ENGRAM_HOT static void general_row(const engram_block_run *run, const engram_program *program, int32_t *factors,
                                   uint32_t start, uint32_t count)
{
    const uint32_t shift = run->block->shift;
    for (uint32_t k = start; k < start + count; k++) {
        const uint32_t j = engram_row_target(run, start, k);
        run->acc[j] += engram_scaled(engram_weight_of(run, k) >> 8, shift);
        engram_load_neuron(run, program, j, factors);
        engram_update_synapse(run, program, k, factors);
    }
}

static int is_y(uint8_t slot)
{
    return slot >= ENGRAM_FACTOR_Y1 && slot <= ENGRAM_FACTOR_Y3;
}

/* Factors that are the same for all synapses of a row. */
static int is_of_row(uint8_t slot)
{
    return slot < ENGRAM_FACTOR_Y1 || slot >= ENGRAM_CHANNEL_SLOT;
}

static void learning_row(const engram_block_run *run, const engram_program *program, int32_t *factors, uint32_t axon,
                         uint32_t start, uint32_t count)
{
    engram_load_axon(run, program, axon, factors);
    const engram_step *step = program->steps;
    if (program->shape == ENGRAM_SHAPE_SINGLE && (step->to_tag || run->packed == 0)) {
        const int first_is_y = is_y(step->factor1);
        const uint8_t y_slot = first_is_y ? step->factor1 : step->factor2;
        const uint8_t c_slot = first_is_y ? step->factor2 : step->factor1;
        if (is_y(y_slot) && is_of_row(c_slot)) {
            const int32_t *y = run->y[y_slot - ENGRAM_FACTOR_Y1];
            const int32_t c = factors[c_slot];
            engram_tag_kernel kernel;
            if (c == 0 || y == 0)
                unlearning_row(run, start, count);
            else if (!step->to_tag)
                weight_row(run, step, y, c, start, count);
            else if (!engram_tag_kernel_for(&kernel, step, c, run->block->shift))
                tag_row(run, step, y, c, start, count);
            else if (run->targets == 0)
                engram_tag_row_dense(run->packed + start, run->acc, y, &kernel, count);
            else
                engram_tag_row_sparse(run->packed + start, run->targets + start, run->acc, y, &kernel, count);
            return;
        }
    }
    general_row(run, program, factors, start, count);
}

/* A silent row delivers nothing; it may learn. */
static void silent_row(const engram_block_run *run, const engram_program *program, int32_t *factors, uint32_t axon,
                       uint32_t start, uint32_t count)
{
    engram_load_axon(run, program, axon, factors);
    for (uint32_t k = start; k < start + count; k++) {
        engram_load_neuron(run, program, engram_row_target(run, start, k), factors);
        engram_update_synapse(run, program, k, factors);
    }
}

static void deliver_block(const engram_machine *m, const engram_block_run *run, const uint32_t *due, int32_t *factors)
{
    const engram_synapse_block *b = run->block;
    const engram_program *program = run->rule != 0 && m->learning ? &run->rule->programs[ENGRAM_PROGRAM_PRE] : 0;
    const int silent = (b->flags & ENGRAM_BLOCK_FLAG_SILENT) != 0;
    if (silent && (program == 0 || program->count == 0u))
        return;
    engram_bit_walk walk = engram_walk_bits(due, b->first_axon, b->axon_count);
    uint32_t row;
    while (engram_next_bit(&walk, &row)) {
        const uint32_t start = engram_row_start(run, row);
        const uint32_t count = engram_row_start(run, row + 1u) - start;
        if (silent)
            silent_row(run, program, factors, row, start, count);
        else if (run->static8 != 0) {
            if (run->targets == 0)
                engram_static_dense_row(run->static8 + start, run->acc, count, b->shift);
            else
                engram_static_sparse_row(run->static8 + start, run->targets + start, run->acc, count, b->shift);
        } else if (program == 0 || program->count == 0u)
            unlearning_row(run, start, count);
        else
            learning_row(run, program, factors, row, start, count);
    }
}

/* After all blocks, so that every pre-event saw the traces before the impulse. */
static void add_impulses(const engram_machine *m, const uint32_t *due)
{
    for (uint32_t n = 0; n < m->image.axon_group_count; n++) {
        const engram_axon_run *run = &m->axon_runs[n];
        const engram_axon_group *g = run->group;
        if (run->x[0] == 0 && run->x[1] == 0)
            continue;
        engram_bit_walk walk = engram_walk_bits(due, g->first_axon, g->count);
        uint32_t axon;
        while (engram_next_bit(&walk, &axon)) {
            if (run->x[0] != 0)
                run->x[0][axon] =
                    engram_sat24(g->x1_mode == ENGRAM_TRACE_ADDITIVE ? run->x[0][axon] + g->x1_impulse : g->x1_impulse);
            if (run->x[1] != 0)
                run->x[1][axon] =
                    engram_sat24(g->x2_mode == ENGRAM_TRACE_ADDITIVE ? run->x[1][axon] + g->x2_impulse : g->x2_impulse);
        }
    }
}

void engram_deliver(engram_machine *m)
{
    uint32_t *due = engram_line_row(m, m->tick);
    uint32_t any = 0;
    for (uint32_t n = 0; n < m->line_words; n++)
        any |= due[n];
    if (any == 0u)
        return;
    int32_t factors[ENGRAM_FACTOR_SLOTS];
    engram_load_constants(m, factors);
    for (uint32_t n = 0; n < m->image.block_count; n++)
        deliver_block(m, &m->block_runs[n], due, factors);
    add_impulses(m, due);
    for (uint32_t n = 0; n < m->line_words; n++)
        due[n] = 0;
}
