/* Step 2: membranes, thresholds, resets (docs/core.md, section 5). */
#include "arithmetic.h"
#include "engram_config.h"
#include "machine.h"

/* What a group's neurons share in one tick. */
typedef struct {
    const engram_neuron_run *run;
    const engram_neuron_group *g;
    uint32_t random;   /* shared part of the noise */
    uint32_t v_keep;   /* ENGRAM_KEEP_ALL off turn */
    uint32_t i_keep;
} group_tick;

ENGRAM_HOT static void update_group(engram_machine *m, const group_tick *now)
{
    const engram_neuron_group *g = now->g;
    const uint32_t first = g->first_neuron;
    int32_t *v = m->v + first, *acc = m->acc + first;
    uint16_t *refractory = m->refractory + first;
    int32_t *current = now->run->i;
    const int32_t *bias = now->run->bias;
    const uint32_t v_keep = now->v_keep, i_keep = now->i_keep;
    const int32_t threshold = g->model == ENGRAM_MODEL_READOUT ? ENGRAM_STATE_MAX + 1 : g->threshold;
    const int32_t own_bias = g->bias;
    for (uint32_t n = 0; n < g->count; n++) {
        int32_t drive = engram_sat24(acc[n]);
        acc[n] = 0;
        if (current != 0) {
            const int32_t i = current[n];
            drive = engram_sat24((i == 0 ? 0 : engram_decay(i, i_keep)) + drive);
            current[n] = drive;
        }
        if (refractory[n] != 0) {
            refractory[n]--;
            continue;
        }
        int32_t x = v[n];
        if (x != 0)
            x = engram_decay(x, v_keep);
        x += drive + (bias != 0 ? bias[n] : own_bias);
        if (g->noise != 0)
            x += engram_noise(engram_random_unit(now->random, g->first_unit + n), (uint32_t)g->noise);
        x = engram_sat24(x);
        if (x >= threshold) {
            const uint32_t neuron = first + n;
            m->spiked[neuron >> 5] |= 1u << (neuron & 31u);
            if (g->reset_mode == ENGRAM_RESET_HARD)
                x = g->reset_value;
            else if (g->reset_mode == ENGRAM_RESET_SUBTRACT)
                x = engram_sat24(x - threshold);
            refractory[n] = g->refractory;
        }
        v[n] = x;
    }
}

void engram_update_neurons(engram_machine *m)
{
    for (uint32_t n = 0; n < m->spiked_words; n++)
        m->spiked[n] = 0;
    const uint32_t random = engram_random_tick(m->image.network->seed, m->tick, ENGRAM_PURPOSE_NOISE);
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_run *run = &m->neuron_runs[n];
        const engram_neuron_group *g = run->group;
        const group_tick now = {
            run,
            g,
            random,
            (m->tick & engram_turn_mask(g->v_cadence)) == 0u ? g->v_keep : ENGRAM_KEEP_ALL,
            (m->tick & engram_turn_mask(g->i_cadence)) == 0u ? g->i_keep : ENGRAM_KEEP_ALL,
        };
        update_group(m, &now);
    }
}
