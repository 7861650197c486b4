/* Step 1: due axons reach their synapses (docs/core.md, section 4). */
#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "kernels.h"
#include "learning.h"
#include "rows.h"

#if defined(__ARM_ARCH_6M__)
const uint8_t engram_bit_places[32] = {
    0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8, 31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10, 9,
};
#endif

static void deliver_static(const engram_block_run *run, const uint32_t *due)
{
    const engram_synapse_block *b = run->block;
    engram_bit_walk walk = engram_walk_bits(due, b->first_axon, b->axon_count);
    uint32_t row;
    while (engram_next_bit(&walk, &row)) {
        const uint32_t start = engram_row_start(run, row);
        if (run->targets == 0)
            engram_static_dense_row(run->static8 + start, run->acc, b->neuron_count, b->shift);
        else
            engram_static_sparse_row(run->static8 + start, run->targets + start, run->acc, run->rows[row + 1u] - start,
                                     b->shift);
    }
}

/* Neurons at a time of rows that are taken in pairs. */
#define PAIRED 128u

/*
 * Dense rows whose tags change by a trace of the neurons: what the traces add is the same for all rows of a tick, and two
 * rows share the way to the accumulators.
 */
static void deliver_pairs(const engram_block_run *run, const engram_way *way, const uint32_t *due)
{
    const engram_synapse_block *b = run->block;
    const engram_tag_kernel *kernel = &way->kernel.tag;
    int32_t increments[PAIRED];
    for (uint32_t first = 0; first < b->neuron_count; first += PAIRED) {
        const uint32_t left = b->neuron_count - first, count = left < PAIRED ? left : PAIRED;
        int32_t *acc = run->acc + first;
        uint32_t *words = run->packed + first, *waiting = 0;
        int made = 0;
        engram_bit_walk walk = engram_walk_bits(due, b->first_axon, b->axon_count);
        uint32_t row;
        while (engram_next_bit(&walk, &row)) {
            uint32_t *word = words + row * b->neuron_count;
            if (waiting == 0) {
                waiting = word;
                continue;
            }
            if (!made)
                engram_tag_increments(increments, way->trace + first, kernel, count);
            made = 1;
            engram_tag_row_pair(waiting, word, acc, increments, kernel, count);
            waiting = 0;
        }
        if (waiting != 0)
            engram_tag_row_dense(waiting, acc, way->trace + first, kernel, count);
    }
}

static void deliver_plastic(const engram_block_run *run, const engram_program *program, const uint32_t *due,
                            int16_t *factors)
{
    const engram_synapse_block *b = run->block;
    /* A silent row delivers nothing; it may learn. */
    const int silent = (b->flags & ENGRAM_BLOCK_FLAG_SILENT) != 0;
    const int alike = program == 0 || engram_rows_alike(program);
    engram_way way;
    if (alike)
        engram_choose_way(&way, run, program, factors);
    if (alike && !silent && way.loop == ENGRAM_LOOP_TRACE_TO_TAG && run->targets == 0) {
        deliver_pairs(run, &way, due);
        return;
    }
    engram_bit_walk walk = engram_walk_bits(due, b->first_axon, b->axon_count);
    uint32_t row;
    while (engram_next_bit(&walk, &row)) {
        const uint32_t start = engram_row_start(run, row);
        const uint32_t count = engram_row_start(run, row + 1u) - start;
        if (!alike) {
            engram_load_axon(run, program, row, factors);
            engram_choose_way(&way, run, program, factors);
        }
        if (silent)
            engram_learn_row(&way, run, program, factors, start, count);
        else
            engram_deliver_row(&way, run, program, factors, start, count);
    }
}

static int is_any(const uint32_t *bits, uint32_t first, uint32_t count)
{
    const uint32_t last = (first + count - 1u) >> 5;
    for (uint32_t n = first >> 5; n <= last; n++)
        if (bits[n] != 0u)
            return 1;
    return 0;
}

static void deliver_block(const engram_machine *m, const engram_block_run *run, const uint32_t *due, int16_t *factors)
{
    const engram_synapse_block *b = run->block;
    const int silent = (b->flags & ENGRAM_BLOCK_FLAG_SILENT) != 0;
    if (run->rule == 0) {
        if (!silent)
            deliver_static(run, due);
        return;
    }
    const engram_program *program = m->learning ? &run->rule->programs[ENGRAM_PROGRAM_PRE] : 0;
    if (program != 0 && program->count == 0u)
        program = 0;
    if ((!silent || program != 0) && is_any(due, b->first_axon, b->axon_count))
        deliver_plastic(run, program, due, factors);
}

/* After all blocks, so that every pre-event saw the traces before the impulse. */
static void add_impulses(const engram_machine *m, const uint32_t *due)
{
    for (uint32_t n = 0; n < m->image.axon_group_count; n++) {
        const engram_axon_run *run = &m->axon_runs[n];
        const engram_axon_group *g = run->group;
        engram_add_impulses(run->x[0], due, g->first_axon, g->count, g->x1_mode, g->x1_impulse);
        engram_add_impulses(run->x[1], due, g->first_axon, g->count, g->x2_mode, g->x2_impulse);
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
    int16_t factors[ENGRAM_FACTOR_SLOTS];
    if (m->image.rule_count != 0u)
        engram_load_constants(m, factors);
    for (uint32_t n = 0; n < m->image.block_count; n++)
        deliver_block(m, &m->block_runs[n], due, factors);
    if (m->has_traces)
        add_impulses(m, due);
    for (uint32_t n = 0; n < m->line_words; n++)
        due[n] = 0;
}
