/* A tick: its steps in order, and step 6, routing (docs/core.md, sections 3 and 9). */
#include <string.h>

#include "axon_bits.h"
#include "engram_config.h"
#include "episodes.h"
#include "signals.h"
#include "machine.h"

int engram_find_input(const engram_machine *m, uint32_t unit, uint32_t *line, uint32_t *population)
{
    for (uint32_t n = 0; n < m->image.population_count; n++) {
        const engram_population *p = &m->image.populations[n];
        if (unit < p->first_unit || unit - p->first_unit >= p->size)
            continue;
        *line = p->first_input + (unit - p->first_unit);
        *population = n;
        return p->model == ENGRAM_MODEL_INPUT;
    }
    return 0;
}

/* What the loops over spikes need to put them in flight. */
typedef struct {
    const uint32_t *sources;
    uint32_t *line;
    uint32_t line_words;
    uint32_t slot_mask;
    uint32_t tick;
} flight;

static inline flight flight_of(const engram_machine *m)
{
    const flight f = {m->sources, m->line, m->line_words, m->slot_mask, m->tick};
    return f;
}

static inline void put_in_flight(const flight *f, const uint32_t *route, const uint32_t *end)
{
    for (; route < end; route++) {
        const uint32_t axon = *route;
        uint32_t *row = f->line + ((f->tick + engram_source_delay(f->sources[axon])) & f->slot_mask) * f->line_words;
        row[axon >> 5] |= 1u << (axon & 31u);
    }
}

static void input_again(engram_machine *m, uint32_t unit)
{
    uint32_t line, population;
    if (!engram_find_input(m, unit, &line, &population))
        return;
    const uint32_t *start = m->image.input_route_start + line;
    const flight f = flight_of(m);
    put_in_flight(&f, m->image.input_routes + start[0], m->image.input_routes + start[1]);
}

/* Spikes come in the order of units, and so do populations; units were checked when they came in (input.c). */
static void route_input(engram_machine *m)
{
    const flight f = flight_of(m);
    const uint32_t *routes = m->image.input_routes;
    const engram_population *population = m->image.populations;
    const engram_event *event = engram_queue_at(0), *end = engram_queue.events + ENGRAM_QUEUE_EVENTS;
    uint32_t left = m->input_spikes, before = UINT32_MAX;
    m->statistics.spikes_in += left;
    while (left != 0u) {
        while (event->value - population->first_unit >= population->size)
            population++;
        const uint32_t last = population->first_unit + population->size - 1u;
        const uint32_t first_line = population->first_input - population->first_unit;
        uint32_t spikes = 0;
        for (; left != 0u && event->value <= last; left--) {
            const uint32_t unit = event->value;
            if (++event == end)
                event = engram_queue.events;
            if (unit == before) {
                m->statistics.duplicate_spikes++;
                m->statistics.spikes_in--;
                continue;
            }
            before = unit;
            spikes++;
            const uint32_t *start = m->image.input_route_start + (first_line + unit);
            put_in_flight(&f, routes + start[0], routes + start[1]);
        }
        if (m->spikes_out[population - m->image.populations])
            m->statistics.spikes_out += spikes;
    }
}

static void route_neurons(engram_machine *m)
{
    const flight f = flight_of(m);
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_group *g = m->neuron_runs[n].group;
        const uint32_t leaves = m->muted ? 0u : m->spikes_out[g->population];
        engram_bit_walk walk = engram_walk_bits(m->spiked, g->first_neuron, g->count);
        uint32_t neuron;
        while (engram_next_bit(&walk, &neuron)) {
            m->statistics.spikes_out += leaves;
            const uint32_t *start = m->route_start + g->first_neuron + neuron;
            put_in_flight(&f, m->routes + start[0], m->routes + start[1]);
        }
    }
}

static void route(engram_machine *m, const engram_replay *replay)
{
    if (m->input_spikes != 0u)
        route_input(m);
    if (m->any_spiked)
        route_neurons(m);
    if (m->muted)
        engram_replay_spikes(m, replay, input_again);
    else if (m->episodes != 0 && m->episodes[ENGRAM_EPISODE_TOTAL] == 0u)
        engram_episode_record(m);
}

/*
 * In a replay the input of a tick is stamped anew, behind the replay's end. Tick UINT32_MAX is never run: what would lie
 * behind it waits there without end, and not at the front, where a wrapped tick would keep back all that follows.
 */
static void put_input_off(engram_machine *m)
{
    const uint32_t total = m->episodes[ENGRAM_EPISODE_TOTAL];
    const uint32_t later = total > UINT32_MAX - m->tick ? UINT32_MAX : m->tick + total;
    while (engram_queue_size() != 0u && engram_queue_at(0)->tick == m->tick) {
        const engram_event event = *engram_queue_at(0);
        engram_queue_drop(1);
        engram_queue_add(later, event.key, event.value);
    }
}

/* Counts the events of this tick at the front of the queue: first spikes, then rewards, then control events. */
static void take_input(engram_machine *m)
{
    const uint32_t tick = m->tick, size = engram_queue_size();
    const engram_event *event = engram_queue_at(0), *end = engram_queue.events + ENGRAM_QUEUE_EVENTS;
    uint32_t n = 0, spikes = 0;
    for (; n < size && event->tick == tick; n++) {
        if (engram_event_kind(event) == ENGRAM_EVENT_SPIKE)
            spikes++;
        if (++event == end)
            event = engram_queue.events;
    }
    m->input_spikes = spikes;
    m->input_events = n;
}

static void control_events(engram_machine *m)
{
    for (uint32_t n = m->input_spikes; n < m->input_events; n++) {
        const engram_event *event = engram_queue_at(n);
        if (engram_event_kind(event) == ENGRAM_EVENT_CONTROL)
            engram_apply_control(m, event->key >> 16 & 0xffu, event->key & 0xffffu, event->value);
    }
}

void engram_machine_tick(engram_machine *m)
{
    engram_replay replay;
    replay.length = 0;
    replay.at = 0;
    if (m->episodes != 0)
        replay = engram_replay_position(m);
    m->muted = replay.length != 0u;
    m->has_feedback = 0;
    m->has_request = 0;
    if (m->muted)
        put_input_off(m);
    take_input(m);
    /* What an image has not is not even asked for: a tick in which nothing happens is short. */
    if (m->has_signals)
        engram_update_signals(m);
    engram_deliver(m);
    engram_update_neurons(m, &replay);
    if (m->any_spiked)
        engram_post_events(m);
    if (m->learning && m->has_window)
        engram_near_events(m);
    if (m->image.rule_count != 0u)
        engram_sweep(m);
    if (m->has_traces)
        engram_decay_traces(m);
    if (m->image.modulator_count != 0u)
        engram_update_modulators(m);
    if (m->input_events != m->input_spikes)
        control_events(m);
    if (m->episodes != 0)
        engram_episode_step(m, &replay);
    route(m, &replay);
    m->tick++;
    m->statistics.ticks++;
}

void engram_machine_forget_input(engram_machine *m)
{
    engram_queue_drop(m->input_events);
    m->input_spikes = 0;
    m->input_events = 0;
}

void engram_machine_select_image(engram_machine *m)
{
    for (uint32_t n = 0; n < m->image.population_count; n++)
        m->spikes_out[n] = (m->image.populations[n].flags & ENGRAM_POPULATION_FLAG_SPIKES_OUT) != 0;
}

static void reset_block(const engram_machine *m, const engram_block_run *run)
{
    const engram_synapse_block *b = run->block;
    if (run->rule == 0)
        return;
    if (run->tags2 != 0)
        memset(run->tags2, 0, b->synapse_count * 2u);
    const int16_t *weight = m->image.weights16 + b->weight_offset;
    if (run->plastic16 != 0 && b->synapse_count != 0u)
        memcpy(run->plastic16, weight, b->synapse_count * 2u);
    if (run->packed != 0)
        for (uint32_t n = 0; n < b->synapse_count; n++)
            run->packed[n] = (uint32_t)weight[n] << 16;
}

void engram_machine_reset(engram_machine *m)
{
    const uint32_t neurons = m->image.core->neuron_count;
    m->tick = 0;
    m->learning = 1;
    m->input_spikes = 0;
    m->input_events = 0;
    m->muted = 0;
    m->signals_on = 1;
    if (m->episodes != 0)
        memset(m->episodes, 0, engram_episode_size(m) * 4u);
    if (m->image.modulator_count != 0u)
        memset(m->channels, 0, m->image.modulator_count * sizeof *m->channels);
    if (neurons != 0u) {
        memset(m->v, 0, neurons * 4u);
        memset(m->acc, 0, neurons * 4u);
        memset(m->refractory, 0, neurons * 2u);
        memset(m->spiked, 0, m->spiked_words * 4u);
        m->any_spiked = 0;
    }
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_run *run = &m->neuron_runs[n];
        const engram_neuron_group *g = run->group;
        if (run->i != 0)
            memset(run->i, 0, g->count * 4u);
        if (run->a != 0)
            memset(run->a, 0, g->count * 4u);
        if (run->h != 0)
            memset(run->h, 0, g->count * 2u);
        for (int slot = 0; slot < 3; slot++)
            if (run->y[slot] != 0)
                memset(run->y[slot], 0, g->count * 4u);
        if (g->flags & ENGRAM_NEURON_GROUP_FLAG_INITIAL_ARRAY && g->count != 0u)
            memcpy(m->v + g->first_neuron, m->image.initial + g->initial_offset, g->count * 4u);
    }
    for (uint32_t n = 0; n < m->image.axon_group_count; n++)
        for (int slot = 0; slot < 2; slot++)
            if (m->axon_runs[n].x[slot] != 0)
                memset(m->axon_runs[n].x[slot], 0, m->axon_runs[n].group->count * 4u);
    if (m->line_words != 0u)
        memset(m->line, 0, m->line_words * (m->slot_mask + 1u) * 4u);
    for (uint32_t n = 0; n < m->image.block_count; n++)
        reset_block(m, &m->block_runs[n]);
}
