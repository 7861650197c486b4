/* Events stamped with ticks to come: spikes, rewards, control events. */
#ifndef ENGRAM_QUEUE_H
#define ENGRAM_QUEUE_H

#include <stdint.h>

#include "engram_config.h"

enum { ENGRAM_EVENT_SPIKE, ENGRAM_EVENT_REWARD, ENGRAM_EVENT_CONTROL };

/* key orders the events of a tick: kind << 24 | channel, or kind << 24 | code << 16 | population. */
typedef struct {
    uint32_t tick;
    uint32_t key;
    uint32_t value; /* unit, reward, argument */
} engram_event;

static inline uint32_t engram_event_kind(const engram_event *event)
{
    return event->key >> 24;
}

/* A ring kept in order, open to the loops over a tick's events. */
typedef struct {
    uint32_t first;
    uint32_t size;
    engram_event events[ENGRAM_QUEUE_EVENTS];
} engram_event_queue;

extern engram_event_queue engram_queue;

uint32_t engram_queue_free(void);
void engram_queue_clear(void);

/* Puts an event in its place; there must be room. Events of one tick and key come in the order of their values. */
void engram_queue_add(uint32_t tick, uint32_t key, uint32_t value);
void engram_queue_drop(uint32_t count);

static inline uint32_t engram_queue_size(void)
{
    return engram_queue.size;
}

/* The n-th event in order; n is below the size. */
static inline const engram_event *engram_queue_at(uint32_t n)
{
    return &engram_queue.events[(engram_queue.first + n) & (ENGRAM_QUEUE_EVENTS - 1u)];
}

#endif
