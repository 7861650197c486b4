/* Step 4: tags decay, modulators turn them into weight (docs/core.md, section 7). */
#include "arithmetic.h"
#include "engram_config.h"
#include "kernels.h"
#include "learning.h"
#include "rows.h"

/* Which rows of a block a sweep visits in this tick. Where units rise without gaps they are every 2^n-th one. */
typedef struct {
    const engram_block_run *run;
    uint32_t phase; /* what is added to a unit: the tick */
    uint32_t mask;
    uint32_t row;
    uint32_t step;
} row_walk;

static row_walk walk_rows(const engram_block_run *run, uint32_t tick, uint32_t period)
{
    row_walk walk = {run, tick, engram_turn_mask(period), 0, 1};
    if (run->rising) {
        const uint32_t unit = engram_source_unit(run->sources[0]);
        walk.row = (0u - (tick + unit)) & walk.mask;
        walk.step = walk.mask + 1u;
    }
    return walk;
}

/* The synapses of a row. */
typedef struct {
    uint32_t start;
    uint32_t count;
    uint32_t row;
} synapse_run;

static inline int next_row(row_walk *walk, synapse_run *synapses)
{
    const engram_block_run *run = walk->run;
    const uint32_t rows = run->block->axon_count;
    while (walk->row < rows) {
        const uint32_t at = walk->row;
        walk->row = walk->step > rows - at ? rows : at + walk->step;
        if (walk->mask != 0u && ((walk->phase + engram_source_unit(run->sources[at])) & walk->mask) != 0u)
            continue;
        synapses->row = at;
        synapses->start = engram_row_start(run, at);
        synapses->count = engram_row_start(run, at + 1u) - synapses->start;
        return 1;
    }
    return 0;
}

/* For what is done to each synapse by itself: in a sweep of every tick all rows are one. */
static inline int next_rows(row_walk *walk, synapse_run *synapses)
{
    if (walk->mask != 0u)
        return next_row(walk, synapses);
    if (walk->row != 0u)
        return 0;
    walk->row = 1;
    synapses->start = 0;
    synapses->count = walk->run->block->synapse_count;
    return 1;
}

static void learn_rows(const engram_machine *m, const engram_block_run *run, const engram_program *program,
                       uint32_t period, int16_t *factors)
{
    const int alike = engram_rows_alike(program);
    row_walk walk = walk_rows(run, m->tick, period);
    synapse_run synapses;
    engram_way way;
    if (alike)
        engram_choose_way(&way, run, program, factors);
    if (alike && way.loop == ENGRAM_LOOP_TAG_TO_WEIGHT) {
        while (next_rows(&walk, &synapses))
            engram_learn_row(&way, run, program, factors, synapses.start, synapses.count);
        return;
    }
    while (next_row(&walk, &synapses)) {
        if (!alike) {
            engram_load_axon(run, program, synapses.row, factors);
            engram_choose_way(&way, run, program, factors);
        }
        engram_learn_row(&way, run, program, factors, synapses.start, synapses.count);
    }
}

/*
 * Puts the means of the modulators since the last visit among the factors; false if all that the program names are 0,
 * and l of all neurons if it names that: then nothing changes.
 */
static int load_means(const engram_machine *m, const engram_program *program, uint32_t period, int16_t *factors)
{
    int any = program->uses & ENGRAM_USES_L && m->signals_on;
    for (uint32_t n = 0; n < program->count; n++) {
        const engram_step *step = &program->steps[n];
        for (uint32_t k = 0; k < 3u; k++) {
            const uint32_t slot = step->factor[k];
            if (step->varies >> k & 1u || slot < ENGRAM_CHANNEL_SLOT || slot == ENGRAM_NO_FACTOR)
                continue;
            factors[slot] = (int16_t)engram_modulator_mean(m, slot - ENGRAM_CHANNEL_SLOT, period);
            any |= factors[slot] != 0;
        }
    }
    return any;
}

static void decay_tags(const engram_machine *m, const engram_block_run *run)
{
    const engram_synapse_block *b = run->block;
    row_walk walk = walk_rows(run, m->tick, b->tag_period);
    synapse_run synapses;
    while (next_rows(&walk, &synapses))
        engram_decay_tags(run->packed + synapses.start, synapses.count, b->tag_keep);
}

static void decay_second_tags(const engram_machine *m, const engram_block_run *run)
{
    const engram_synapse_block *b = run->block;
    row_walk walk = walk_rows(run, m->tick, b->tag2_period);
    synapse_run synapses;
    while (next_rows(&walk, &synapses)) {
        int16_t *tag = run->tags2 + synapses.start;
        for (const int16_t *end = tag + synapses.count; tag != end; tag++)
            if (*tag != 0)
                *tag = (int16_t)engram_decay_by(*tag, b->tag2_keep);
    }
}

static void sweep_block(const engram_machine *m, const engram_block_run *run, int16_t *factors)
{
    const engram_synapse_block *b = run->block;
    const engram_program *modulated = &run->rule->programs[ENGRAM_PROGRAM_MODULATED];
    const engram_program *rated = &run->rule->programs[ENGRAM_PROGRAM_RATED];
    if (m->learning && modulated->count != 0u && load_means(m, modulated, b->sweep_period, factors))
        learn_rows(m, run, modulated, b->sweep_period, factors);
    if (m->learning && rated->count != 0u)
        learn_rows(m, run, rated, b->rated_period, factors);
    if (run->packed != 0 && b->tag_keep != ENGRAM_KEEP_ALL)
        decay_tags(m, run);
    if (run->tags2 != 0 && b->tag2_keep != ENGRAM_KEEP_ALL)
        decay_second_tags(m, run);
}

void engram_sweep(engram_machine *m)
{
    int16_t factors[ENGRAM_FACTOR_SLOTS];
    factors[ENGRAM_FACTOR_ONE] = 4096;
    for (uint32_t n = 0; n < m->image.block_count; n++)
        if (m->block_runs[n].rule != 0)
            sweep_block(m, &m->block_runs[n], factors);
}
