/* Step 3: neurons that spiked reach back to their synapses (docs/core.md, section 6). */
#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "learning.h"
#include "rows.h"

/* After all blocks, so that every post-event saw the traces before the impulse. */
static void add_impulses(const engram_machine *m)
{
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_run *run = &m->neuron_runs[n];
        const engram_neuron_group *g = run->group;
        engram_add_impulses(run->y[0], m->spiked, g->first_neuron, g->count, g->y1_mode, g->y1_impulse);
        engram_add_impulses(run->y[1], m->spiked, g->first_neuron, g->count, g->y2_mode, g->y2_impulse);
        engram_add_impulses(run->y[2], m->spiked, g->first_neuron, g->count, g->y3_mode, g->y3_impulse);
    }
}

/* The post-events of a block. */
static void learn_columns(const engram_machine *m, const engram_block_run *run, const engram_program *program,
                          int16_t *factors)
{
    const int alike = engram_columns_alike(program);
    engram_way way;
    if (alike)
        engram_choose_way(&way, run, program, factors);
    engram_bit_walk walk = engram_walk_bits(m->spiked, run->block->first_neuron, run->block->neuron_count);
    uint32_t column;
    while (engram_next_bit(&walk, &column)) {
        if (!alike) {
            engram_load_neuron(run, program, column, factors);
            engram_choose_way(&way, run, program, factors);
        }
        engram_learn_column(&way, run, program, factors, column);
    }
}

void engram_post_events(engram_machine *m)
{
    if (m->learning && m->image.rule_count != 0u) {
        int16_t factors[ENGRAM_FACTOR_SLOTS];
        engram_load_constants(m, factors);
        for (uint32_t n = 0; n < m->image.block_count; n++) {
            const engram_block_run *run = &m->block_runs[n];
            if (run->rule == 0 || run->rule->programs[ENGRAM_PROGRAM_POST].count == 0u)
                continue;
            learn_columns(m, run, &run->rule->programs[ENGRAM_PROGRAM_POST], factors);
        }
    }
    if (m->has_traces)
        add_impulses(m);
}

/* Near-events come after all post-events and their impulses. */
void engram_near_events(engram_machine *m)
{
    int16_t factors[ENGRAM_FACTOR_SLOTS];
    engram_load_constants(m, factors);
    for (uint32_t n = 0; n < m->image.block_count; n++) {
        const engram_block_run *run = &m->block_runs[n];
        if (run->rule == 0 || run->h == 0 || run->rule->programs[ENGRAM_PROGRAM_NEAR].count == 0u)
            continue;
        const engram_program *program = &run->rule->programs[ENGRAM_PROGRAM_NEAR];
        const int16_t *l = program->uses & ENGRAM_NEEDS_L ? run->l : 0;
        if (program->uses & ENGRAM_NEEDS_L && l == 0)
            continue;
        for (uint32_t column = 0; column < run->block->neuron_count; column++) {
            if (run->h[column] == 0 || (l != 0 && l[column] == 0))
                continue;
            engram_way way;
            engram_load_neuron(run, program, column, factors);
            engram_choose_way(&way, run, program, factors);
            engram_learn_column(&way, run, program, factors, column);
        }
    }
}
