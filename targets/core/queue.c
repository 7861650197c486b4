#include "queue.h"

_Static_assert((ENGRAM_QUEUE_EVENTS & (ENGRAM_QUEUE_EVENTS - 1u)) == 0, "a power of two");

engram_event_queue engram_queue;

uint32_t engram_queue_free(void)
{
    return ENGRAM_QUEUE_EVENTS - engram_queue.size;
}

void engram_queue_clear(void)
{
    engram_queue.size = 0;
}

static int before(const engram_event *a, const engram_event *b)
{
    if (a->tick != b->tick)
        return a->tick < b->tick;
    if (a->key != b->key)
        return a->key < b->key;
    return a->value < b->value;
}

/* Hosts send events mostly in the order of ticks, so a new one nearly always goes to the end. */
void engram_queue_add(uint32_t tick, uint32_t key, uint32_t value)
{
    const engram_event event = {tick, key, value};
    const uint32_t mask = ENGRAM_QUEUE_EVENTS - 1u, first = engram_queue.first;
    engram_event *events = engram_queue.events;
    uint32_t at = engram_queue.size++;
    for (; at > 0 && before(&event, &events[(first + at - 1u) & mask]); at--)
        events[(first + at) & mask] = events[(first + at - 1u) & mask];
    events[(first + at) & mask] = event;
}

void engram_queue_drop(uint32_t count)
{
    engram_queue.first = (engram_queue.first + count) & (ENGRAM_QUEUE_EVENTS - 1u);
    engram_queue.size -= count;
}
