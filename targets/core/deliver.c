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

static void deliver_block(const engram_machine *m, const engram_block_run *run, const uint32_t *due, int32_t *factors)
{
    const engram_synapse_block *b = run->block;
    const engram_program *program = run->rule != 0 && m->learning ? &run->rule->programs[ENGRAM_PROGRAM_PRE] : 0;
    if (program != 0 && program->count == 0u)
        program = 0;
    /* A silent row delivers nothing; it may learn. */
    const int silent = (b->flags & ENGRAM_BLOCK_FLAG_SILENT) != 0;
    if (silent && program == 0)
        return;
    engram_bit_walk walk = engram_walk_bits(due, b->first_axon, b->axon_count);
    uint32_t row;
    while (engram_next_bit(&walk, &row)) {
        const uint32_t start = engram_row_start(run, row);
        const uint32_t count = engram_row_start(run, row + 1u) - start;
        if (program != 0)
            engram_load_axon(run, program, row, factors);
        if (silent)
            engram_learn_row(run, program, factors, start, count);
        else if (run->static8 == 0)
            engram_deliver_row(run, program, factors, start, count);
        else if (run->targets == 0)
            engram_static_dense_row(run->static8 + start, run->acc, count, b->shift);
        else
            engram_static_sparse_row(run->static8 + start, run->targets + start, run->acc, count, b->shift);
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
