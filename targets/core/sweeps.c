/* Step 4: tags decay, modulators turn them into weight (docs/core.md, section 7). */
#include "arithmetic.h"
#include "engram_config.h"
#include "kernels.h"
#include "learning.h"
#include "rows.h"

/* How the rows of a sweep learn: chosen once if they are alike. */
typedef struct {
    const engram_block_run *run;
    const engram_program *program;
    int32_t *factors;
    int alike;
    engram_way way;
} row_visit;

static void begin_visits(row_visit *visit, const engram_block_run *run, const engram_program *program, int32_t *factors)
{
    visit->run = run;
    visit->program = program;
    visit->factors = factors;
    visit->alike = engram_rows_alike(program);
    if (visit->alike)
        engram_choose_way(&visit->way, run, program, factors);
}

static void visit_row(row_visit *visit, uint32_t row)
{
    const engram_block_run *run = visit->run;
    const uint32_t start = engram_row_start(run, row);
    if (!visit->alike) {
        engram_load_axon(run, visit->program, row, visit->factors);
        engram_choose_way(&visit->way, run, visit->program, visit->factors);
    }
    engram_learn_row(&visit->way, run, visit->program, visit->factors, start, engram_row_start(run, row + 1u) - start);
}

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

static inline int next_row(row_walk *walk, uint32_t *row)
{
    const uint32_t rows = walk->run->block->axon_count;
    while (walk->row < rows) {
        const uint32_t at = walk->row;
        walk->row = walk->step > rows - at ? rows : at + walk->step;
        const uint32_t unit = engram_source_unit(walk->run->sources[at]);
        if (((walk->phase + unit) & walk->mask) == 0u) {
            *row = at;
            return 1;
        }
    }
    return 0;
}

/*
 * Puts the means of the modulators since the last visit among the factors; false if all that the program names are 0,
 * and l of all neurons if it names that: then nothing changes.
 */
static int load_means(const engram_machine *m, const engram_program *program, uint32_t period, int32_t *factors)
{
    int any = program->uses & ENGRAM_USES_L && m->signals_on;
    for (uint32_t n = 0; n < program->count; n++) {
        const engram_step *step = &program->steps[n];
        for (uint32_t k = 0; k < 3u; k++) {
            const uint32_t slot = step->factor[k];
            if (step->varies >> k & 1u || slot < ENGRAM_CHANNEL_SLOT || slot == ENGRAM_NO_FACTOR)
                continue;
            factors[slot] = engram_modulator_mean(m, slot - ENGRAM_CHANNEL_SLOT, period);
            any |= factors[slot] != 0;
        }
    }
    return any;
}

static void decay_second_tags(int16_t *tag, const int16_t *end, uint32_t keep)
{
    for (; tag != end; tag++)
        if (*tag != 0)
            *tag = (int16_t)engram_decay_by(*tag, keep);
}

static void sweep_block(const engram_machine *m, const engram_block_run *run, int32_t *factors)
{
    const engram_synapse_block *b = run->block;
    const engram_program *modulated = &run->rule->programs[ENGRAM_PROGRAM_MODULATED];
    const engram_program *rated = &run->rule->programs[ENGRAM_PROGRAM_RATED];
    uint32_t row;
    row_visit visit;
    if (m->learning && modulated->count != 0u && load_means(m, modulated, b->sweep_period, factors)) {
        row_walk walk = walk_rows(run, m->tick, b->sweep_period);
        begin_visits(&visit, run, modulated, factors);
        while (next_row(&walk, &row))
            visit_row(&visit, row);
    }
    const int rates = m->learning && rated->count != 0u;
    if (rates)
        begin_visits(&visit, run, rated, factors);
    const int decays = run->packed != 0 && b->tag_keep != ENGRAM_KEEP_ALL;
    /* Where both come at the same time they share a walk; a row is rated before its tags decay. */
    const int together = b->rated_period == b->tag_period;
    if (rates && !together) {
        row_walk walk = walk_rows(run, m->tick, b->rated_period);
        while (next_row(&walk, &row))
            visit_row(&visit, row);
    }
    if ((rates && together) || decays) {
        row_walk walk = walk_rows(run, m->tick, b->tag_period);
        while (next_row(&walk, &row)) {
            if (rates && together)
                visit_row(&visit, row);
            if (decays) {
                const uint32_t start = engram_row_start(run, row);
                engram_decay_tags(run->packed + start, engram_row_start(run, row + 1u) - start, b->tag_keep);
            }
        }
    }
    if (run->tags2 != 0 && b->tag2_keep != ENGRAM_KEEP_ALL) {
        row_walk walk = walk_rows(run, m->tick, b->tag2_period);
        while (next_row(&walk, &row))
            decay_second_tags(run->tags2 + engram_row_start(run, row), run->tags2 + engram_row_start(run, row + 1u),
                              b->tag2_keep);
    }
}

void engram_sweep(engram_machine *m)
{
    int32_t factors[ENGRAM_FACTOR_SLOTS];
    factors[ENGRAM_FACTOR_ONE] = 4096;
    for (uint32_t n = 0; n < m->image.block_count; n++)
        if (m->block_runs[n].rule != 0)
            sweep_block(m, &m->block_runs[n], factors);
}
