/* Step 0: learning signals (docs/core.md, section 6). */
#include "arithmetic.h"
#include "engram_config.h"
#include "rows.h"
#include "signals.h"

/* Neurons with learning signals whose units follow each other. */
typedef struct {
    uint32_t neuron;
    uint32_t left; /* how many there are from it on; 0: there is none */
} signal_run;

/* From the neuron of a unit on, to the end of its group. */
static signal_run signals_from(const engram_machine *m, uint32_t unit)
{
    signal_run found = {0, 0};
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_group *g = m->neuron_runs[n].group;
        const uint32_t place = unit - g->first_unit;
        if (unit < g->first_unit || place >= g->count)
            continue;
        found.neuron = g->first_neuron + place;
        if (m->neuron_runs[n].l != 0)
            found.left = g->count - place;
        break;
    }
    return found;
}

static int32_t sum_of_row(const engram_block_run *run, uint32_t row, const int32_t *means)
{
    const uint32_t start = engram_row_start(run, row), end = engram_row_start(run, row + 1u);
    int32_t sum = 0;
    for (uint32_t k = start; k < end; k++) {
        const int32_t weight = run->static8 != 0 ? run->static8[k] : engram_weight_of(run, k) >> 8;
        sum += weight * means[engram_row_target(run, start, k)];
    }
    return sum;
}

/* Sums stand in acc, which is 0 between the neurons' step and the next deliveries. */
static void add_block(engram_machine *m, const engram_block_run *run, const int32_t *means)
{
    const engram_synapse_block *b = run->block;
    signal_run at = {0, 0};
    for (uint32_t row = 0; row < b->axon_count; row++) {
        if (run->rising && at.left > 1u) {
            at.neuron++;
            at.left--;
        } else
            at = signals_from(m, engram_source_unit(run->sources[row]));
        if (at.left != 0u)
            m->acc[at.neuron] += sum_of_row(run, row, means + b->feedback_channel);
    }
}

static void finish_group(engram_machine *m, const engram_neuron_run *run, const int32_t *means)
{
    const engram_neuron_group *g = run->group;
    for (uint32_t n = 0; n < g->count; n++) {
        int32_t *sum = &m->acc[g->first_neuron + n];
        const int32_t own = g->signal_channel == ENGRAM_NO_CHANNEL ? 0 : means[g->signal_channel + n];
        run->l[n] = (int16_t)engram_sat16((*sum >> g->signal_shift) + own);
        *sum = 0;
    }
}

void engram_update_signals(engram_machine *m)
{
    int32_t means[ENGRAM_MOST_CHANNELS];
    int any = 0;
    for (uint32_t n = 0; n < m->image.modulator_count; n++) {
        means[n] = engram_modulator_mean(m, n, m->image.network->signal_period);
        any |= means[n] != 0;
    }
    /* While all means are 0, so are all signals. */
    if (!any && !m->signals_on)
        return;
    m->signals_on = (uint8_t)any;
    for (uint32_t n = 0; n < m->image.block_count; n++)
        if (m->image.blocks[n].flags & ENGRAM_BLOCK_FLAG_FEEDBACK)
            add_block(m, &m->block_runs[n], means);
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++)
        if (m->neuron_runs[n].l != 0)
            finish_group(m, &m->neuron_runs[n], means);
}
