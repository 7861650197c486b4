/*
 * Step 2: membranes, thresholds, resets (docs/core.md, section 5). A group is walked in passes, each with few enough
 * numbers for the registers of a small processor; between them acc[n] holds what drives the membrane of neuron n.
 */
#include <string.h>

#include "arithmetic.h"
#include "engram_config.h"
#include "episodes.h"
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

/* h for a distance of V from the level. */
static int16_t pseudo_derivative(const engram_neuron_group *g, int32_t difference)
{
    const uint32_t distance = (uint32_t)(difference < 0 ? -difference : difference);
    if (distance > g->window_width)
        return 0;
    const uint32_t steps = distance >> g->window_shift;
    const uint32_t fall = (steps > 65535u ? 65535u : steps) * g->window_slope >> 16;
    return (int16_t)(fall < g->window_peak ? g->window_peak - fall : 0u);
}

/*
 * Section 5 from the membrane's decay on, for a group whose thresholds rise with each spike and fall back (a), or that has
 * a window (h); either may be absent.
 */
ENGRAM_HOT static void update_adaptive(const engram_membranes *now, int32_t *a, uint32_t a_keep, int16_t *h, int saturates)
{
    const int32_t impulse = now->group->adapt_impulse;
    const int spiking = now->group->model != ENGRAM_MODEL_READOUT;
    for (uint32_t n = 0; n < now->count; n++) {
        const int32_t drive = saturates ? engram_sat24(now->acc[n]) : now->acc[n];
        int32_t level = now->group->threshold;
        now->acc[n] = 0;
        if (a != 0) {
            level = engram_sat24(level + a[n]);
            a[n] = engram_decay(a[n], a_keep);
        }
        if (h != 0)
            h[n] = 0;
        if (now->refractory[n] != 0) {
            now->refractory[n]--;
            continue;
        }
        int32_t v = engram_sat24(engram_decay(now->v[n], now->keep) + drive + now->bias);
        if (h != 0)
            h[n] = pseudo_derivative(now->group, v - level);
        if (spiking && v >= level) {
            v = engram_neuron_spike(now, n, v);
            if (a != 0)
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
    if (run->a != 0 || run->h != 0)
        update_adaptive(&now, run->a, is_on_turn(m->tick, g->adapt_cadence, g->adapt_keep) ? g->adapt_keep : ENGRAM_KEEP_ALL,
                        run->h, direct);
    else if (g->count != 0u)
        engram_update_membranes(&now, direct);
}

/* In a replay recorded neurons stand still; which of them spike is known from the episode. */
static void stand_still(engram_machine *m, const engram_neuron_run *run)
{
    memset(m->acc + run->group->first_neuron, 0, run->group->count * 4u);
    if (run->h != 0)
        memset(run->h, 0, run->group->count * 2u);
}

static void spike_again(engram_machine *m, uint32_t unit)
{
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_group *g = m->neuron_runs[n].group;
        if (unit < g->first_unit || unit - g->first_unit >= g->count)
            continue;
        const uint32_t neuron = g->first_neuron + (unit - g->first_unit);
        m->spiked[neuron >> 5] |= 1u << (neuron & 31u);
    }
}

void engram_update_neurons(engram_machine *m, const engram_replay *replay)
{
    if (m->any_spiked)
        memset(m->spiked, 0, m->spiked_words * 4u);
    uint32_t tick_part = 0;
    if (m->has_noise)
        tick_part = engram_random_tick(m->image.network->seed, m->tick, ENGRAM_PURPOSE_NOISE);
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++)
        if (m->muted && engram_is_recorded(m, m->neuron_runs[n].group->population))
            stand_still(m, &m->neuron_runs[n]);
        else
            update_group(m, &m->neuron_runs[n], tick_part);
    if (m->muted)
        engram_replay_spikes(m, replay, spike_again);
    m->any_spiked = 0;
    for (uint32_t n = 0; n < m->spiked_words; n++)
        m->any_spiked |= m->spiked[n];
}
