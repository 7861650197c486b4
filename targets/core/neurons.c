/*
 * Step 2: membranes, thresholds, resets (docs/core.md, section 5). A group is walked in passes, each with few enough
 * numbers for the registers of a small processor; between them acc[n] holds what drives the membrane of neuron n.
 */
#include "arithmetic.h"
#include "engram_config.h"
#include "kernels.h"
#include "machine.h"

ENGRAM_HOT static void saturate_inputs(int32_t *acc, uint32_t count)
{
    for (const int32_t *end = acc + count; acc != end; acc++)
        *acc = engram_sat24(*acc);
}

/* Off turn nothing decays. */
ENGRAM_HOT static void add_to_currents(int32_t *acc, int32_t *current, uint32_t count)
{
    for (const int32_t *end = acc + count; acc != end; acc++, current++)
        *acc = *current = engram_sat24(*current + engram_sat24(*acc));
}

static void add_biases(int32_t *acc, const int32_t *bias, uint32_t count)
{
    for (const int32_t *end = acc + count; acc != end; acc++)
        *acc += *bias++;
}

int32_t engram_neuron_spike(const engram_membranes *now, uint32_t n, int32_t v)
{
    const engram_neuron_group *g = now->group;
    const uint32_t neuron = g->first_neuron + n;
    now->spiked[neuron >> 5] |= 1u << (neuron & 31u);
    now->refractory[n] = g->refractory;
    if (g->reset_mode == ENGRAM_RESET_HARD)
        return g->reset_value;
    return g->reset_mode == ENGRAM_RESET_SUBTRACT ? engram_sat24(v - g->threshold) : v;
}

/* Section 5 from the membrane's decay on, for a group whose thresholds rise with each spike and fall back. */
ENGRAM_HOT static void update_adaptive(const engram_membranes *now, int32_t *a, uint32_t a_keep, int saturates)
{
    const int32_t impulse = now->group->adapt_impulse;
    const int spiking = now->group->model != ENGRAM_MODEL_READOUT;
    for (uint32_t n = 0; n < now->count; n++) {
        const int32_t drive = saturates ? engram_sat24(now->acc[n]) : now->acc[n];
        const int32_t level = engram_sat24(now->threshold + a[n]);
        now->acc[n] = 0;
        if (a[n] != 0)
            a[n] = engram_decay(a[n], a_keep);
        if (now->refractory[n] != 0) {
            now->refractory[n]--;
            continue;
        }
        int32_t v = engram_sat24(engram_decay(now->v[n], now->keep) + drive + now->bias);
        if (spiking && v >= level) {
            v = engram_neuron_spike(now, n, v);
            a[n] = engram_sat24(a[n] + impulse);
        }
        now->v[n] = v;
    }
}

static int is_on_turn(uint32_t tick, uint32_t cadence, uint32_t keep)
{
    return keep != ENGRAM_KEEP_ALL && (tick & engram_turn_mask(cadence)) == 0u;
}

static void update_group(engram_machine *m, const engram_neuron_run *run, uint32_t tick_part)
{
    const engram_neuron_group *g = run->group;
    const uint32_t first = g->first_neuron;
    int32_t *acc = m->acc + first;
    /* Nothing stands between input and membrane: both are done in one pass. */
    const int direct = run->i == 0 && run->bias == 0 && g->noise == 0;
    if (run->i == 0) {
        if (!direct)
            saturate_inputs(acc, g->count);
    } else if (is_on_turn(m->tick, g->i_cadence, g->i_keep))
        engram_update_currents(acc, run->i, g->count, g->i_keep);
    else
        add_to_currents(acc, run->i, g->count);
    if (run->bias != 0)
        add_biases(acc, run->bias, g->count);
    if (g->noise != 0)
        engram_add_noise(acc, g->count, engram_random_key(tick_part, g->first_unit), (uint32_t)g->noise);
    const int32_t never = ENGRAM_STATE_MAX + 1;
    const engram_membranes now = {
        acc,
        m->v + first,
        m->refractory + first,
        g->count,
        is_on_turn(m->tick, g->v_cadence, g->v_keep) ? g->v_keep : ENGRAM_KEEP_ALL,
        run->bias != 0 ? 0 : g->bias,
        g->model == ENGRAM_MODEL_READOUT ? never : g->threshold,
        g,
        m->spiked,
    };
    if (run->a != 0)
        update_adaptive(&now, run->a, is_on_turn(m->tick, g->adapt_cadence, g->adapt_keep) ? g->adapt_keep : ENGRAM_KEEP_ALL,
                        direct);
    else if (g->count != 0u)
        engram_update_membranes(&now, direct);
}

void engram_update_neurons(engram_machine *m)
{
    for (uint32_t n = 0; n < m->spiked_words; n++)
        m->spiked[n] = 0;
    const uint32_t tick_part = engram_random_tick(m->image.network->seed, m->tick, ENGRAM_PURPOSE_NOISE);
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++)
        update_group(m, &m->neuron_runs[n], tick_part);
}
