#include "input.h"

#include "engram_config.h"
#include "generated/engram_wire.h"
#include "machine.h"
#include "queue.h"
#include "run.h"

#define ALL_POPULATIONS 65535u

static engram_answer answer(uint32_t error, uint32_t detail)
{
    const engram_answer made = {(uint16_t)error, detail};
    return made;
}

/* Once all events were checked: the tick one acts at. */
static uint32_t on_time(uint32_t tick)
{
    if (tick >= engram_core_machine.tick)
        return tick;
    engram_run_counted()->late_events++;
    return engram_core_machine.tick;
}

static int is_past(uint32_t tick)
{
    return tick < engram_core_machine.tick && !engram_run_is_realtime();
}

static engram_answer room_for(uint32_t events)
{
    const uint32_t room = engram_queue_free();
    return events > room ? answer(ENGRAM_ERR_QUEUE_FULL, room) : answer(ENGRAM_OK, 0);
}

/* --- spikes --- */

static engram_answer check_unit(uint32_t tick, uint32_t unit)
{
    uint32_t line, population;
    if (is_past(tick))
        return answer(ENGRAM_ERR_TICK_PAST, engram_core_machine.tick);
    if (!engram_find_input(&engram_core_machine, unit, &line, &population))
        return answer(ENGRAM_ERR_UNKNOWN_UNIT, unit);
    return answer(ENGRAM_OK, 0);
}

/* Spikes of a payload whose lengths are right; BAD_VALUE where ticks fall or pass the last one. */
static engram_answer count_spikes(const engram_spikes_in *spikes, uint32_t *count)
{
    engram_cursor at = engram_items(spikes->groups);
    uint32_t before = 0;
    *count = 0;
    engram_spike_group group;
    for (uint32_t n = 0; n < spikes->groups.count && engram_spike_group_take(&at, &group) == ENGRAM_OK; n++) {
        if (group.tick_offset < before || group.tick_offset > UINT32_MAX - spikes->base_tick)
            return answer(ENGRAM_ERR_BAD_VALUE, 0);
        before = group.tick_offset;
        *count += group.narrow.count + group.wide.count;
    }
    return answer(ENGRAM_OK, 0);
}

typedef engram_answer (*spike_action)(uint32_t tick, uint32_t unit);

static engram_answer add_spike(uint32_t tick, uint32_t unit)
{
    engram_queue_add(on_time(tick), (uint32_t)ENGRAM_EVENT_SPIKE << 24, unit);
    return answer(ENGRAM_OK, 0);
}

static engram_answer for_each_spike(const engram_spikes_in *spikes, spike_action act)
{
    engram_cursor at = engram_items(spikes->groups);
    engram_spike_group group;
    for (uint32_t n = 0; n < spikes->groups.count && engram_spike_group_take(&at, &group) == ENGRAM_OK; n++) {
        const uint32_t tick = spikes->base_tick + group.tick_offset;
        for (uint32_t k = 0; k < group.narrow.count; k++) {
            const engram_answer found = act(tick, engram_get_u16(group.narrow.at + 2u * k));
            if (found.error)
                return found;
        }
        for (uint32_t k = 0; k < group.wide.count; k++) {
            const engram_answer found = act(tick, engram_get_u32(group.wide.at + 4u * k));
            if (found.error)
                return found;
        }
    }
    return answer(ENGRAM_OK, 0);
}

engram_answer engram_input_spikes(const uint8_t *payload, uint32_t size)
{
    engram_spikes_in spikes;
    uint32_t count;
    engram_answer found = answer(engram_spikes_in_read(payload, size, &spikes), 0);
    if (!found.error)
        found = count_spikes(&spikes, &count);
    if (!found.error)
        found = room_for(count);
    if (!found.error)
        found = for_each_spike(&spikes, check_unit);
    return found.error ? found : for_each_spike(&spikes, add_spike);
}

/* --- rewards --- */

static engram_answer check_reward(const engram_reward_event *event)
{
    if (is_past(event->tick))
        return answer(ENGRAM_ERR_TICK_PAST, engram_core_machine.tick);
    if (event->channel >= engram_core_machine.image.modulator_count)
        return answer(ENGRAM_ERR_UNKNOWN_CHANNEL, event->channel);
    return answer(ENGRAM_OK, 0);
}

engram_answer engram_input_rewards(const uint8_t *payload, uint32_t size)
{
    engram_reward reward;
    engram_reward_event event;
    engram_answer found = answer(engram_reward_read(payload, size, &reward), 0);
    if (!found.error)
        found = room_for(reward.events.count);
    if (found.error)
        return found;
    engram_cursor at = engram_items(reward.events);
    for (uint32_t n = 0; n < reward.events.count && !found.error; n++)
        if (engram_reward_event_take(&at, &event) == ENGRAM_OK)
            found = check_reward(&event);
    if (found.error)
        return found;
    at = engram_items(reward.events);
    for (uint32_t n = 0; n < reward.events.count && engram_reward_event_take(&at, &event) == ENGRAM_OK; n++)
        engram_queue_add(on_time(event.tick), (uint32_t)ENGRAM_EVENT_REWARD << 24 | event.channel,
                         (uint32_t)event.value);
    return found;
}

/* --- control events --- */

static engram_answer check_control(const engram_control_event *event)
{
    if (is_past(event->tick))
        return answer(ENGRAM_ERR_TICK_PAST, engram_core_machine.tick);
    if (event->code < ENGRAM_CONTROL_CLEAR || event->code > ENGRAM_CONTROL_REPLAY)
        return answer(ENGRAM_ERR_UNKNOWN_CONTROL, event->code);
    if (event->population != ALL_POPULATIONS && event->population >= engram_core_machine.image.population_count)
        return answer(ENGRAM_ERR_UNKNOWN_POPULATION, event->population);
    return answer(ENGRAM_OK, 0);
}

engram_answer engram_input_controls(const uint8_t *payload, uint32_t size)
{
    engram_control control;
    engram_control_event event;
    engram_answer found = answer(engram_control_read(payload, size, &control), 0);
    if (!found.error)
        found = room_for(control.events.count);
    if (found.error)
        return found;
    engram_cursor at = engram_items(control.events);
    for (uint32_t n = 0; n < control.events.count && !found.error; n++)
        if (engram_control_event_take(&at, &event) == ENGRAM_OK)
            found = check_control(&event);
    if (found.error)
        return found;
    at = engram_items(control.events);
    for (uint32_t n = 0; n < control.events.count && engram_control_event_take(&at, &event) == ENGRAM_OK; n++)
        engram_queue_add(on_time(event.tick),
                         (uint32_t)ENGRAM_EVENT_CONTROL << 24 | (uint32_t)event.code << 16 | event.population,
                         event.argument);
    return found;
}
