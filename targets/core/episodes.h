/* The episodic buffer (docs/core.md, section 13): its memory is an array of words, in the order of a checkpoint. */
#ifndef ENGRAM_EPISODES_H
#define ENGRAM_EPISODES_H

#include "machine.h"

enum {
    ENGRAM_EPISODE_HEAD,
    ENGRAM_EPISODE_OPEN,
    ENGRAM_EPISODE_START,
    ENGRAM_EPISODE_RECORDED,
    ENGRAM_EPISODE_LOST,
    ENGRAM_EPISODE_REPLAYED,
    ENGRAM_EPISODE_TOTAL,
    ENGRAM_EPISODE_FROM,
    ENGRAM_EPISODE_LINKS,
    ENGRAM_EPISODE_LINK,
};

/* Its parts by slot; the words themselves come first. */
static inline uint32_t *engram_episode_count(const engram_machine *m, uint32_t slot)
{
    return m->episodes + ENGRAM_EPISODE_WORDS + slot;
}

static inline uint32_t *engram_episode_outcome(const engram_machine *m, uint32_t slot)
{
    return m->episodes + ENGRAM_EPISODE_WORDS + m->image.episodes->slots + slot;
}

static inline uint32_t *engram_episode_priority(const engram_machine *m, uint32_t slot)
{
    return m->episodes + ENGRAM_EPISODE_WORDS + 2u * m->image.episodes->slots + slot;
}

static inline uint32_t *engram_episode_events(const engram_machine *m, uint32_t slot)
{
    return m->episodes + ENGRAM_EPISODE_WORDS + 3u * m->image.episodes->slots + slot * m->image.episodes->events;
}

/* Words of the whole buffer; 0 if the image has none. */
static inline uint32_t engram_episode_size(const engram_machine *m)
{
    const engram_episodes *e = m->image.episodes;
    return e == 0 ? 0u : ENGRAM_EPISODE_WORDS + e->slots * (3u + (uint32_t)e->events);
}

static inline int engram_is_recorded(const engram_machine *m, uint32_t population)
{
    return (m->image.populations[population].flags &
            (ENGRAM_POPULATION_FLAG_RECORDED | ENGRAM_POPULATION_FLAG_OPENS)) != 0;
}

/* Where a tick of a replay stands; length 0: the tick is not of a replay. */
typedef struct {
    uint32_t slot;
    uint32_t at;
    uint32_t length;
    uint8_t link_ends;
    uint8_t ends;
} engram_replay;

engram_replay engram_replay_position(const engram_machine *m);

/* Visits the units of a position's spikes, in no order, some perhaps twice. */
typedef void (*engram_unit_action)(engram_machine *m, uint32_t unit);
void engram_replay_spikes(engram_machine *m, const engram_replay *replay, engram_unit_action act);

/* Step 2, in a replay or not. */
void engram_update_neurons(engram_machine *m, const engram_replay *replay);

void engram_episode_close(engram_machine *m);
void engram_episode_forget(engram_machine *m);
/* End of step 6, if no replay runs or has begun. */
void engram_episode_record(engram_machine *m);
/* Step 5.4. */
void engram_episode_step(engram_machine *m, const engram_replay *replay);

/* Whether the words of a checkpoint, taken before `tick`, can be a state of the buffer. */
int engram_episode_allowed(const engram_machine *m, const uint32_t *words, uint32_t tick);

#endif
