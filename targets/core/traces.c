/* Step 5: traces and modulators decay, rewards arrive, control events act (docs/core.md, section 8). */
#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "machine.h"

ENGRAM_HOT static void decay_trace(int32_t *x, uint32_t count, uint32_t keep)
{
    if (keep == ENGRAM_KEEP_ALL)
        return;
    for (const int32_t *end = x + count; x != end; x++)
        if (*x != 0)
            *x = (int32_t)engram_kept((uint32_t)*x, keep);
}

static void decay_on_turn(int32_t *x, uint32_t count, uint32_t keep, uint32_t cadence, uint32_t tick)
{
    if (x != 0 && (tick & engram_turn_mask(cadence)) == 0u)
        decay_trace(x, count, keep);
}

void engram_decay_traces(engram_machine *m)
{
    for (uint32_t n = 0; n < m->image.axon_group_count; n++) {
        const engram_axon_run *run = &m->axon_runs[n];
        const engram_axon_group *g = run->group;
        decay_on_turn(run->x[0], g->count, g->x1_keep, g->x1_cadence, m->tick);
        decay_on_turn(run->x[1], g->count, g->x2_keep, g->x2_cadence, m->tick);
    }
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_run *run = &m->neuron_runs[n];
        const engram_neuron_group *g = run->group;
        decay_on_turn(run->y[0], g->count, g->y1_keep, g->y1_cadence, m->tick);
        decay_on_turn(run->y[1], g->count, g->y2_keep, g->y2_cadence, m->tick);
        decay_on_turn(run->y[2], g->count, g->y3_keep, g->y3_cadence, m->tick);
    }
}

void engram_add_impulses(int32_t *trace, const uint32_t *bits, uint32_t first, uint32_t count, uint32_t mode,
                         int32_t impulse)
{
    if (trace == 0)
        return;
    engram_bit_walk walk = engram_walk_bits(bits, first, count);
    uint32_t n;
    if (mode != ENGRAM_TRACE_ADDITIVE)
        while (engram_next_bit(&walk, &n))
            trace[n] = impulse;
    else
        while (engram_next_bit(&walk, &n)) {
            const int32_t sum = trace[n] + impulse;
            trace[n] = sum > ENGRAM_STATE_MAX ? ENGRAM_STATE_MAX : sum;
        }
}

int32_t engram_modulator_mean(const engram_machine *m, uint32_t channel, uint32_t period)
{
    const engram_channel *c = &m->channels[channel];
    const uint32_t before = c->history[(m->tick - (1u << period)) & (ENGRAM_HISTORY - 1u)];
    return engram_sat16((int32_t)(c->sum - before) >> (8u + period));
}

/* Takes the rewards of this tick from the events behind its spikes: their sum for a channel; true if there are any. */
static int rewards_of(const engram_machine *m, uint32_t channel, int64_t *sum)
{
    int any = 0;
    *sum = 0;
    for (uint32_t n = m->input_spikes; n < m->input_events; n++) {
        const engram_event *event = engram_queue_at(n);
        if (event->key != ((uint32_t)ENGRAM_EVENT_REWARD << 24 | channel))
            continue;
        *sum += (int32_t)event->value;
        any = 1;
    }
    return any;
}

static int32_t sat24_wide(int64_t x)
{
    if (x > ENGRAM_STATE_MAX)
        return ENGRAM_STATE_MAX;
    return x < -ENGRAM_STATE_MAX ? -ENGRAM_STATE_MAX : (int32_t)x;
}

/* X of a channel: M, or for an error channel M minus what its neuron has. */
static int32_t signal_of(const engram_machine *m, uint32_t channel)
{
    const engram_modulator *record = &m->image.modulators[channel];
    const int32_t value = m->channels[channel].m;
    if (!(record->flags & ENGRAM_MODULATOR_FLAG_ERROR))
        return value;
    if (record->gate != ENGRAM_NO_CHANNEL && m->channels[record->gate].m == 0)
        return 0;
    const int32_t v = m->v[record->error_neuron];
    const int32_t read = record->error_shift >= 0 ? engram_sat24(v * (1 << record->error_shift)) : v >> -record->error_shift;
    return engram_sat24(value - read);
}

void engram_update_modulators(engram_machine *m)
{
    for (uint32_t n = 0; n < m->image.modulator_count; n++) {
        const engram_modulator *record = &m->image.modulators[n];
        engram_channel *c = &m->channels[n];
        if ((m->tick & engram_turn_mask(record->cadence)) == 0u)
            c->m = engram_decay(c->m, record->keep);
        int64_t reward;
        if (rewards_of(m, n, &reward)) {
            int32_t e = sat24_wide(reward);
            if (record->flags & ENGRAM_MODULATOR_FLAG_BASELINE) {
                e -= c->baseline;
                const int32_t error = engram_sat24(e);
                const int32_t part = (int32_t)engram_kept((uint32_t)(error < 0 ? -error : error), record->gain);
                c->baseline += error < 0 ? -part : part;
            }
            if (m->image.episodes != 0 && m->image.episodes->trigger == n) {
                m->feedback = e;
                m->has_feedback = 1;
            } else
                c->m = engram_sat24(c->m + e);
        }
    }
    for (uint32_t n = 0; n < m->image.modulator_count; n++) {
        engram_channel *c = &m->channels[n];
        c->history[m->tick & (ENGRAM_HISTORY - 1u)] = c->sum;
        c->sum += (uint32_t)signal_of(m, n);
    }
}
