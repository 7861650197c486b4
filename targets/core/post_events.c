/* Step 3: neurons that spiked reach back to their synapses (docs/core.md, section 6). */
#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "learning.h"
#include "rows.h"

static void learn_column(const engram_block_run *run, const engram_program *program, int32_t *factors, uint32_t column)
{
    engram_load_neuron(run, program, column, factors);
    engram_learn_column(run, program, factors, column);
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
            if (run->h[column] != 0 && !(program->uses & ENGRAM_NEEDS_L && (run->l == 0 || run->l[column] == 0)))
                learn_column(run, program, factors, column);
    }
}
