/* Recording episodes, and the choice of what is replayed (docs/core.md, section 13). */
#include "episodes.h"

#include <string.h>

#include "arithmetic.h"
#include "axon_bits.h"
#include "engram_config.h"
#include "generated/engram_wire.h"

#define UNIT_MASK ((1u << ENGRAM_EPISODE_UNIT_BITS) - 1u)
#define NONE UINT32_MAX
#define BY_PRIORITY 65535u

void engram_episode_close(engram_machine *m)
{
    m->episodes[ENGRAM_EPISODE_OPEN] = 0;
    m->episodes[ENGRAM_EPISODE_START] = 0;
}

void engram_episode_forget(engram_machine *m)
{
    uint32_t kept[3];
    memcpy(kept, m->episodes + ENGRAM_EPISODE_RECORDED, sizeof kept);
    memset(m->episodes, 0, engram_episode_size(m) * 4u);
    memcpy(m->episodes + ENGRAM_EPISODE_RECORDED, kept, sizeof kept);
}

/* --- recording --- */

static void open_episode(engram_machine *m)
{
    const uint32_t slot = m->episodes[ENGRAM_EPISODE_HEAD];
    *engram_episode_count(m, slot) = 0;
    *engram_episode_outcome(m, slot) = 0;
    *engram_episode_priority(m, slot) = 0;
    memset(engram_episode_events(m, slot), 0, m->image.episodes->events * 4u);
    m->episodes[ENGRAM_EPISODE_HEAD] = slot + 1u == m->image.episodes->slots ? 0u : slot + 1u;
    m->episodes[ENGRAM_EPISODE_OPEN] = 1;
    m->episodes[ENGRAM_EPISODE_START] = m->tick;
    m->episodes[ENGRAM_EPISODE_RECORDED]++;
}

static uint32_t slot_before_head(const engram_machine *m, uint32_t k)
{
    const uint32_t slots = m->image.episodes->slots;
    return (m->episodes[ENGRAM_EPISODE_HEAD] + 2u * slots - 1u - k) % slots;
}

static void record_unit(engram_machine *m, const engram_population *p, uint32_t unit)
{
    if (m->episodes[ENGRAM_EPISODE_OPEN] == 0u) {
        if (!(p->flags & ENGRAM_POPULATION_FLAG_OPENS))
            return;
        open_episode(m);
    }
    const uint32_t slot = slot_before_head(m, 0);
    uint32_t *count = engram_episode_count(m, slot);
    if (*count == m->image.episodes->events) {
        m->episodes[ENGRAM_EPISODE_LOST]++;
        return;
    }
    engram_episode_events(m, slot)[(*count)++] =
        (m->tick - m->episodes[ENGRAM_EPISODE_START]) << ENGRAM_EPISODE_UNIT_BITS | unit;
}

static void record_inputs(engram_machine *m, const engram_population *p)
{
    uint32_t before = NONE;
    for (uint32_t n = 0; n < m->input_spikes; n++) {
        const uint32_t unit = engram_queue_at(n)->value;
        if (unit != before && unit >= p->first_unit && unit - p->first_unit < p->size)
            record_unit(m, p, unit);
        before = unit;
    }
}

static void record_neurons(engram_machine *m, const engram_population *p, uint32_t population)
{
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_group *g = m->neuron_runs[n].group;
        if (g->population != population)
            continue;
        engram_bit_walk walk = engram_walk_bits(m->spiked, g->first_neuron, g->count);
        uint32_t neuron;
        while (engram_next_bit(&walk, &neuron))
            record_unit(m, p, g->first_unit + neuron);
    }
}

/* Populations, and inside them groups, stand in the order of their units. */
void engram_episode_record(engram_machine *m)
{
    for (uint32_t n = 0; n < m->image.population_count; n++) {
        const engram_population *p = &m->image.populations[n];
        if (!engram_is_recorded(m, n))
            continue;
        if (p->model == ENGRAM_MODEL_INPUT)
            record_inputs(m, p);
        else
            record_neurons(m, p, n);
    }
    if (m->episodes[ENGRAM_EPISODE_OPEN] != 0u &&
        m->tick - m->episodes[ENGRAM_EPISODE_START] >= m->image.episodes->duration - 1u)
        engram_episode_close(m);
}

/* --- replay --- */

/* Ticks from the first spike of an episode to its last, both counted; words may be those of a checkpoint. */
static uint32_t span_of(const engram_machine *m, const uint32_t *words, uint32_t slot)
{
    const engram_episodes *e = m->image.episodes;
    const uint32_t count = words[ENGRAM_EPISODE_WORDS + slot];
    const uint32_t *events = words + ENGRAM_EPISODE_WORDS + 3u * e->slots + slot * e->events;
    return (events[count - 1u] >> ENGRAM_EPISODE_UNIT_BITS) + 1u;
}

static uint32_t length_of(const engram_machine *m, const uint32_t *words, uint32_t slot)
{
    return ((span_of(m, words, slot) - 1u) >> m->image.episodes->speed) + 1u;
}

engram_replay engram_replay_position(const engram_machine *m)
{
    engram_replay replay = {0, 0, 0, 0, 0};
    if (m->episodes == 0 || m->episodes[ENGRAM_EPISODE_TOTAL] == 0u)
        return replay;
    uint32_t at = m->tick - m->episodes[ENGRAM_EPISODE_FROM] - 1u;
    replay.ends = at + 1u == m->episodes[ENGRAM_EPISODE_TOTAL];
    for (uint32_t n = 0; n < m->episodes[ENGRAM_EPISODE_LINKS]; n++) {
        const uint32_t slot = m->episodes[ENGRAM_EPISODE_LINK + n];
        const uint32_t length = length_of(m, m->episodes, slot), whole = length + m->image.episodes->settle;
        if (at < whole) {
            replay.slot = slot;
            replay.at = at;
            replay.length = length;
            replay.link_ends = at + 1u == whole;
            break;
        }
        at -= whole;
    }
    return replay;
}

void engram_replay_spikes(engram_machine *m, const engram_replay *replay, engram_unit_action act)
{
    if (replay->at >= replay->length)
        return;
    const engram_episodes *e = m->image.episodes;
    const uint32_t *events = engram_episode_events(m, replay->slot);
    const uint32_t count = *engram_episode_count(m, replay->slot);
    const uint32_t last = span_of(m, m->episodes, replay->slot) - 1u;
    for (uint32_t n = 0; n < count; n++) {
        const uint32_t offset = events[n] >> ENGRAM_EPISODE_UNIT_BITS;
        const uint32_t place = e->flags & ENGRAM_EPISODE_FLAG_REVERSE ? last - offset : offset;
        if (place >> e->speed == replay->at)
            act(m, events[n] & UNIT_MASK);
    }
}

/* The k-th newest episode, unless it is empty. */
static uint32_t newest(const engram_machine *m, uint32_t k)
{
    const uint32_t slot = slot_before_head(m, k);
    return *engram_episode_count(m, slot) == 0u ? NONE : slot;
}

static int is_link(const engram_machine *m, uint32_t slot, uint32_t links)
{
    for (uint32_t n = 0; n < links; n++)
        if (m->episodes[ENGRAM_EPISODE_LINK + n] == slot)
            return 1;
    return 0;
}

/* Of highest priority, of equals the newest, that is none of the links yet; its priority is halved. */
static uint32_t most_urgent(engram_machine *m, uint32_t links)
{
    uint32_t found = NONE, most = 0;
    for (uint32_t k = 0; k < m->image.episodes->slots; k++) {
        const uint32_t slot = newest(m, k);
        if (slot == NONE || is_link(m, slot, links) || *engram_episode_priority(m, slot) <= most)
            continue;
        found = slot;
        most = *engram_episode_priority(m, slot);
    }
    if (found != NONE)
        *engram_episode_priority(m, found) = most >> 1;
    return found;
}

static void clear_for_replay(engram_machine *m)
{
    engram_apply_control(m, ENGRAM_CONTROL_CLEAR, 65535u, m->image.episodes->clear);
}

static void begin(engram_machine *m)
{
    const engram_episodes *e = m->image.episodes;
    engram_episode_close(m);
    const uint32_t request = m->has_request ? m->request : 0u;
    uint32_t slot = NONE;
    if (request == BY_PRIORITY)
        slot = most_urgent(m, 0);
    else if (request < e->slots)
        slot = newest(m, request);
    if (slot == NONE) {
        if (m->has_feedback)
            m->channels[e->trigger].m = engram_sat24(m->channels[e->trigger].m + m->feedback);
        return;
    }
    if (m->has_feedback) {
        const int32_t outcome = engram_sat24(m->feedback);
        *engram_episode_outcome(m, slot) = (uint32_t)outcome;
        *engram_episode_priority(m, slot) = (uint32_t)(outcome < 0 ? -outcome : outcome);
    }
    memset(m->episodes + ENGRAM_EPISODE_LINK, 0, ENGRAM_MOST_LINKS * 4u);
    uint32_t links = 0, total = 0;
    while (slot != NONE) {
        m->episodes[ENGRAM_EPISODE_LINK + links++] = slot;
        total += length_of(m, m->episodes, slot) + e->settle;
        slot = links > e->earlier ? NONE : most_urgent(m, links);
    }
    m->episodes[ENGRAM_EPISODE_TOTAL] = total;
    m->episodes[ENGRAM_EPISODE_FROM] = m->tick;
    m->episodes[ENGRAM_EPISODE_LINKS] = links;
    m->episodes[ENGRAM_EPISODE_REPLAYED] += links;
    clear_for_replay(m);
}

void engram_episode_step(engram_machine *m, const engram_replay *replay)
{
    if (replay->length == 0u) {
        if (m->has_feedback || m->has_request)
            begin(m);
        return;
    }
    const uint32_t trigger = m->image.episodes->trigger;
    if (replay->at + 1u == replay->length && trigger != ENGRAM_NO_CHANNEL)
        m->channels[trigger].m =
            engram_sat24(m->channels[trigger].m + (int32_t)*engram_episode_outcome(m, replay->slot));
    if (replay->ends)
        memset(m->episodes + ENGRAM_EPISODE_TOTAL, 0, (ENGRAM_EPISODE_WORDS - ENGRAM_EPISODE_TOTAL) * 4u);
    else if (replay->link_ends)
        clear_for_replay(m);
}

/* --- checkpoints --- */

static int is_recorded_unit(const engram_machine *m, uint32_t unit)
{
    for (uint32_t n = 0; n < m->image.population_count; n++) {
        const engram_population *p = &m->image.populations[n];
        if (unit >= p->first_unit && unit - p->first_unit < p->size)
            return engram_is_recorded(m, n);
    }
    return 0;
}

static int slot_allowed(const engram_machine *m, const uint32_t *words, uint32_t slot)
{
    const engram_episodes *e = m->image.episodes;
    const uint32_t *slots = words + ENGRAM_EPISODE_WORDS;
    const uint32_t count = slots[slot], priority = slots[2u * e->slots + slot];
    const int32_t outcome = (int32_t)slots[(uint32_t)e->slots + slot];
    const uint32_t *events = slots + 3u * e->slots + slot * e->events;
    if (count > e->events || priority > ENGRAM_STATE_MAX || outcome < -ENGRAM_STATE_MAX || outcome > ENGRAM_STATE_MAX)
        return 0;
    for (uint32_t n = 0; n < e->events; n++)
        if (n < count ? !is_recorded_unit(m, events[n] & UNIT_MASK) : events[n] != 0u)
            return 0;
    return 1;
}

static int replay_allowed(const engram_machine *m, const uint32_t *words, uint32_t tick)
{
    const uint32_t total = words[ENGRAM_EPISODE_TOTAL], links = words[ENGRAM_EPISODE_LINKS];
    const uint32_t from = words[ENGRAM_EPISODE_FROM];
    if (total == 0u)
        return from == 0u && links == 0u;
    if (links == 0u || words[ENGRAM_EPISODE_OPEN] != 0u || tick - from - 1u >= total)
        return 0;
    uint32_t sum = 0;
    for (uint32_t n = 0; n < links; n++) {
        const uint32_t slot = words[ENGRAM_EPISODE_LINK + n];
        if (words[ENGRAM_EPISODE_WORDS + slot] == 0u)
            return 0;
        sum += length_of(m, words, slot) + m->image.episodes->settle;
    }
    return sum == total;
}

int engram_episode_allowed(const engram_machine *m, const uint32_t *words, uint32_t tick)
{
    const engram_episodes *e = m->image.episodes;
    const uint32_t links = words[ENGRAM_EPISODE_LINKS];
    if (words[ENGRAM_EPISODE_HEAD] >= e->slots || words[ENGRAM_EPISODE_OPEN] > 1u || links > ENGRAM_MOST_LINKS ||
        (words[ENGRAM_EPISODE_OPEN] == 0u && words[ENGRAM_EPISODE_START] != 0u))
        return 0;
    for (uint32_t n = 0; n < ENGRAM_MOST_LINKS; n++)
        if (n < links ? words[ENGRAM_EPISODE_LINK + n] >= e->slots : words[ENGRAM_EPISODE_LINK + n] != 0u)
            return 0;
    for (uint32_t slot = 0; slot < e->slots; slot++)
        if (!slot_allowed(m, words, slot))
            return 0;
    return replay_allowed(m, words, tick);
}
