/* The state hash (docs/core.md, section 10). */
#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "episodes.h"
#include "machine.h"
#include "port.h"
#include "rows.h"

static inline uint32_t hashed(uint32_t key, uint32_t value)
{
    return value == 0u ? 0u : engram_mix(key + value * 0x9e3779b1u);
}

static inline uint32_t key_of(uint32_t variable, uint32_t unit)
{
    return unit * 0x85ebca6bu + variable * 0xc2b2ae35u;
}

ENGRAM_HOT static uint32_t hash_neurons(const engram_machine *m)
{
    uint32_t sum = 0;
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_run *run = &m->neuron_runs[n];
        const engram_neuron_group *g = run->group;
        for (uint32_t j = 0; j < g->count; j++) {
            const uint32_t unit = g->first_unit + j;
            sum += hashed(key_of(ENGRAM_VARIABLE_V, unit), (uint32_t)m->v[g->first_neuron + j]);
            if (run->i != 0)
                sum += hashed(key_of(ENGRAM_VARIABLE_I, unit), (uint32_t)run->i[j]);
            sum += hashed(key_of(ENGRAM_VARIABLE_REFRACTORY, unit), m->refractory[g->first_neuron + j]);
            if (run->a != 0)
                sum += hashed(key_of(ENGRAM_VARIABLE_ADAPTATION, unit), (uint32_t)run->a[j]);
            for (uint32_t slot = 0; slot < 3u; slot++)
                if (run->y[slot] != 0)
                    sum += hashed(key_of(ENGRAM_VARIABLE_Y1 + slot, unit), (uint32_t)run->y[slot][j]);
        }
    }
    return sum;
}

static uint32_t hash_traces(const engram_machine *m)
{
    uint32_t sum = 0;
    for (uint32_t n = 0; n < m->image.axon_group_count; n++) {
        const engram_axon_run *run = &m->axon_runs[n];
        const engram_axon_group *g = run->group;
        const uint32_t delay_key = g->delay * 0x165667b1u;
        if (run->x[0] == 0 && run->x[1] == 0)
            continue;
        for (uint32_t i = 0; i < g->count; i++) {
            const uint32_t source = m->sources[g->first_axon + i];
            if (!(source & ENGRAM_PRIMARY_AXON))
                continue;
            for (uint32_t slot = 0; slot < 2u; slot++)
                if (run->x[slot] != 0)
                    sum += hashed(key_of(ENGRAM_VARIABLE_X1 + slot, engram_source_unit(source)) + delay_key,
                                  (uint32_t)run->x[slot][i]);
        }
    }
    return sum;
}

static uint32_t hash_arrivals(const engram_machine *m)
{
    uint32_t sum = 0;
    for (uint32_t ahead = 0; ahead <= m->slot_mask; ahead++) {
        engram_bit_walk walk = engram_walk_bits(engram_line_row(m, m->tick + ahead), 0, m->image.axon_count);
        uint32_t axon;
        while (engram_next_bit(&walk, &axon)) {
            const uint32_t source = m->sources[axon];
            if (source & ENGRAM_PRIMARY_AXON)
                sum += hashed(key_of(18u, engram_source_unit(source)) + engram_source_delay(source) * 0x165667b1u,
                              ahead + 1u);
        }
    }
    return sum;
}

ENGRAM_HOT static uint32_t hash_block(const engram_block_run *run)
{
    const engram_synapse_block *b = run->block;
    const uint32_t first_unit = run->neurons->group->first_unit + (b->first_neuron - run->neurons->group->first_neuron);
    uint32_t sum = 0;
    for (uint32_t row = 0; row < b->axon_count; row++) {
        const uint32_t row_key = engram_mix((uint32_t)b->projection * 0x9e3779b9u + engram_source_unit(run->sources[row]));
        const uint32_t start = engram_row_start(run, row), end = engram_row_start(run, row + 1u);
        for (uint32_t k = start; k < end; k++) {
            const uint32_t value = engram_pack(engram_weight_of(run, k), engram_tag_of(run, k));
            const uint32_t key = row_key + (first_unit + engram_row_target(run, start, k)) * 0x85ebca6bu;
            if (value != 0u)
                sum += engram_mix(key + value * 0x9e3779b1u);
            if (run->tags2 != 0)
                sum += hashed(key + 0x27d4eb2fu, (uint32_t)run->tags2[k] & 0xffffu);
        }
    }
    return sum;
}

static uint32_t hash_channels(const engram_machine *m)
{
    uint32_t sum = 0;
    for (uint32_t n = 0; n < m->image.modulator_count; n++) {
        const engram_channel *c = &m->channels[n];
        sum += hashed(key_of(48u, n), (uint32_t)c->m);
        sum += hashed(key_of(49u, n), (uint32_t)c->baseline);
        sum += hashed(key_of(50u, n), c->sum);
        for (uint32_t k = 0; k < ENGRAM_HISTORY; k++)
            sum += hashed(key_of(64u + k, n), c->history[k]);
    }
    return sum;
}

static uint32_t hash_episodes(const engram_machine *m)
{
    if (m->episodes == 0)
        return 0;
    const uint32_t slots = m->image.episodes->slots, events = m->image.episodes->events;
    uint32_t sum = 0;
    for (uint32_t n = 0; n < ENGRAM_EPISODE_WORDS; n++)
        sum += hashed(key_of(128u, n), m->episodes[n]);
    for (uint32_t slot = 0; slot < slots; slot++) {
        const uint32_t count = *engram_episode_count(m, slot);
        sum += hashed(key_of(129u, slot), count);
        sum += hashed(key_of(130u, slot), *engram_episode_outcome(m, slot));
        sum += hashed(key_of(131u, slot), *engram_episode_priority(m, slot));
        for (uint32_t n = 0; n < count; n++)
            sum += hashed(key_of(132u, slot * events + n), engram_episode_events(m, slot)[n]);
    }
    return sum;
}

uint32_t engram_state_hash(const engram_machine *m)
{
    uint32_t sum = hash_neurons(m) + hash_traces(m) + hash_arrivals(m) + hash_channels(m) + hash_episodes(m);
    for (uint32_t n = 0; n < m->image.block_count; n++)
        if (m->block_runs[n].rule != 0) {
            engram_port_alive();
            sum += hash_block(&m->block_runs[n]);
        }
    return engram_mix(m->tick * 0x27d4eb2fu + m->learning + sum);
}
