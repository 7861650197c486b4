#include "spike_batch.h"

#include "engram_config.h"
#include "generated/engram_wire.h"

#define HEAD 6u        /* base tick, count of groups */
#define EMPTY_GROUP 4u /* offset, two counts */

static uint8_t payload[ENGRAM_MAX_PAYLOAD];
static uint32_t size, spikes, groups, base_tick;
static uint32_t group_at, group_tick, narrow, wide;

void engram_batch_clear(void)
{
    size = HEAD;
    spikes = groups = narrow = wide = 0;
}

const uint8_t *engram_batch_payload(uint32_t *bytes)
{
    engram_put_u32(payload, base_tick);
    engram_put_u16(payload + 4, groups);
    *bytes = size;
    return payload;
}

uint32_t engram_batch_count(void)
{
    return spikes;
}

static void open_group(uint32_t tick)
{
    group_at = size;
    group_tick = tick;
    narrow = wide = 0;
    groups++;
    engram_put_u16(payload + group_at, tick - base_tick);
    payload[group_at + 2u] = 0;
    payload[group_at + 3u] = 0;
    size += EMPTY_GROUP;
}

/* Whether the open group takes the unit: narrow ones come before wide ones, 255 of each at most. */
static int group_takes(uint32_t tick, uint32_t unit)
{
    if (groups == 0u || group_tick != tick)
        return 0;
    return unit < 65536u ? wide == 0u && narrow < 255u : wide < 255u;
}

ENGRAM_HOT int engram_batch_add(uint32_t tick, uint32_t unit, uint32_t max_payload)
{
    const uint32_t bytes = unit < 65536u ? 2u : 4u;
    const int fits = group_takes(tick, unit);
    if (size + bytes + (fits ? 0u : EMPTY_GROUP) > max_payload)
        return 0;
    if (spikes == 0u)
        base_tick = tick;
    else if (tick - base_tick > 65535u || (!fits && groups == 65535u))
        return 0;
    if (!fits)
        open_group(tick);
    uint8_t *wide_count = payload + group_at + 3u + 2u * narrow;
    if (bytes == 2u) {
        engram_put_u16(wide_count, unit);
        payload[group_at + 2u] = (uint8_t)++narrow;
        wide_count[2] = 0;
    } else {
        *wide_count = (uint8_t)(wide + 1u);
        engram_put_u32(wide_count + 1u + 4u * wide, unit);
        wide++;
    }
    size += bytes;
    spikes++;
    return 1;
}
