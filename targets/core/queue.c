#include "queue.h"

#include "engram_config.h"

_Static_assert((ENGRAM_QUEUE_EVENTS & (ENGRAM_QUEUE_EVENTS - 1u)) == 0, "a power of two");
#define MASK (ENGRAM_QUEUE_EVENTS - 1u)

/* A ring kept in order. Hosts send events mostly in the order of ticks, so a new one nearly always goes to the end. */
static engram_event events[ENGRAM_QUEUE_EVENTS];
static uint32_t first, size;

uint32_t engram_queue_free(void)
{
    return ENGRAM_QUEUE_EVENTS - size;
}

uint32_t engram_queue_size(void)
{
    return size;
}

void engram_queue_clear(void)
{
    size = 0;
}

static int before(const engram_event *a, const engram_event *b)
{
    if (a->tick != b->tick)
        return a->tick < b->tick;
    if (a->key != b->key)
        return a->key < b->key;
    return a->value < b->value;
}

void engram_queue_add(uint32_t tick, uint32_t key, uint32_t value)
{
    const engram_event event = {tick, key, value};
    uint32_t at = size++;
    for (; at > 0 && before(&event, &events[(first + at - 1u) & MASK]); at--)
        events[(first + at) & MASK] = events[(first + at - 1u) & MASK];
    events[(first + at) & MASK] = event;
}

const engram_event *engram_queue_at(uint32_t n)
{
    return &events[(first + n) & MASK];
}

void engram_queue_drop(uint32_t count)
{
    first = (first + count) & MASK;
    size -= count;
}
