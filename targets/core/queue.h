/* Events stamped with ticks to come: spikes, rewards, control events. */
#ifndef ENGRAM_QUEUE_H
#define ENGRAM_QUEUE_H

#include <stdint.h>

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

uint32_t engram_queue_free(void);
uint32_t engram_queue_size(void);
void engram_queue_clear(void);

/* Puts an event in its place; there must be room. Events of one tick and key come in the order of their values. */
void engram_queue_add(uint32_t tick, uint32_t key, uint32_t value);

/* The n-th event in order; n is below the size. */
const engram_event *engram_queue_at(uint32_t n);
void engram_queue_drop(uint32_t count);

#endif
