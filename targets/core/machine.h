/*
 * The core of docs/core.md on one processor: its state in memory, and what can be done with it. There is one machine;
 * everything it holds lies in one arena that engram_machine_load lays out (docs/firmware.md).
 */
#ifndef ENGRAM_MACHINE_H
#define ENGRAM_MACHINE_H

#include <stdint.h>

#include "image.h"
#include "queue.h"

#define ENGRAM_HISTORY 64u
#define ENGRAM_MOST_CHANNELS 239u
/* Factor values during an event: codes 0 to 10 as they are, then the modulator channels. */
#define ENGRAM_CHANNEL_SLOT 11u
#define ENGRAM_FACTOR_SLOTS (ENGRAM_CHANNEL_SLOT + ENGRAM_MOST_CHANNELS)

/*
 * A term as it is evaluated. A factor is the same for all synapses that the event reaches, then its place is a slot of the
 * factor values, or it varies among them, then it is the number of a buffer (terms.h). Of the first two the one that
 * varies comes first.
 */
typedef struct {
    uint8_t factor[3]; /* the third ENGRAM_NO_FACTOR: none */
    uint8_t varies;    /* bit n: factor n does */
    uint8_t pre_shift;
    uint8_t shift;
    uint8_t target; /* ENGRAM_TERM_TARGET_… */
    int8_t mantissa;
} engram_step;

/* The terms of a rule that act on one event. */
typedef struct {
    const engram_step *steps;
    uint16_t varies; /* bit s: slot s varies among the synapses; its buffer is the number of bits below */
    uint8_t count;
    uint8_t uses;  /* ENGRAM_USES_… */
    uint8_t shape; /* ENGRAM_SHAPE_…: which loop serves it */
    uint8_t targets; /* bit t: some term has the target t */
    uint8_t thirds;  /* some term has a third factor */
} engram_program;

/* NEEDS_L: every term has l; with l = 0 nothing can change. */
enum { ENGRAM_USES_X = 1, ENGRAM_USES_Y = 2, ENGRAM_USES_H = 4, ENGRAM_USES_L = 8, ENGRAM_NEEDS_L = 16 };

/*
 * A single term of two factors is served by loops of its own: of a trace, or of the tag onto the weight, with a factor
 * that does not vary; of the tag and l onto the weight.
 */
enum { ENGRAM_SHAPE_NONE, ENGRAM_SHAPE_GENERAL, ENGRAM_SHAPE_TRACE, ENGRAM_SHAPE_TAG, ENGRAM_SHAPE_TAG_AND_L };

enum { ENGRAM_PROGRAM_PRE, ENGRAM_PROGRAM_POST, ENGRAM_PROGRAM_NEAR, ENGRAM_PROGRAM_MODULATED, ENGRAM_PROGRAM_RATED, ENGRAM_PROGRAMS };

typedef struct {
    engram_program programs[ENGRAM_PROGRAMS];
} engram_rule_run;

/* A neuron group with its state. */
typedef struct {
    const engram_neuron_group *group;
    int32_t *i;    /* 0 without an exponential synapse */
    int32_t *a;    /* 0 without an adaptive threshold */
    int32_t *y[3]; /* 0: absent */
    const int32_t *bias; /* 0: the group's */
    int16_t *h; /* of this tick; 0 without a window */
    int16_t *l; /* of this tick; 0 without a learning signal */
} engram_neuron_run;

typedef struct {
    const engram_axon_group *group;
    int32_t *x[2]; /* 0: absent */
} engram_axon_run;

/* A synapse block with its state. Weights are static8, or plastic16, or with a tag packed: W << 16 | (T & 0xffff). */
typedef struct {
    const engram_synapse_block *block;
    const engram_rule_run *rule; /* 0: static */
    const engram_neuron_run *neurons;
    const engram_axon_run *axons;
    int8_t *static8;
    int16_t *plastic16;
    uint32_t *packed;
    int16_t *tags2; /* 0: absent */
    int32_t *acc;      /* of its first neuron */
    int32_t *y[3];     /* of its first neuron; 0: absent */
    int32_t *x[2];     /* of its first axon; 0: absent */
    int16_t *h;        /* of its first neuron; 0: absent */
    int16_t *l;        /* likewise */
    const uint32_t *sources; /* of its axons */
    uint32_t *rows;    /* sparse */
    uint16_t *targets; /* sparse */
    uint32_t *columns; /* with a transposed index */
    uint32_t *column_synapses;
    uint16_t *column_axons;
    uint8_t rising; /* its axons' units follow each other without gaps */
} engram_block_run;

typedef struct {
    int32_t m;
    int32_t baseline;
    uint32_t sum;
    uint32_t history[ENGRAM_HISTORY];
} engram_channel;

typedef struct {
    uint32_t ticks;
    uint32_t spikes_in;
    uint32_t spikes_out;
    uint32_t duplicate_spikes;
} engram_machine_statistics;

typedef struct {
    int loaded;
    engram_image image;
    uint32_t tick;
    uint32_t learning;
    engram_neuron_run *neuron_runs;
    engram_axon_run *axon_runs;
    engram_block_run *block_runs;
    engram_rule_run *rule_runs;
    engram_channel *channels;
    int32_t *v;
    int32_t *acc;
    uint16_t *refractory;
    uint32_t *route_start;
    uint32_t *routes;
    uint32_t *sources;      /* of all axons: primary, delay, unit */
    uint32_t *line;         /* delay line: slots rows of line_words words */
    uint32_t line_words;
    uint32_t slot_mask;
    uint32_t *spiked;       /* a bit for each neuron that spiked in the tick that has just run */
    uint32_t spiked_words;
    uint32_t any_spiked;    /* not 0 if a bit is set */
    uint8_t *spikes_out;    /* by population: its spikes leave the board */
    uint32_t input_spikes;  /* at the queue's front: the input spikes of the tick that has just run */
    uint32_t input_events;  /* and all its events */
    uint32_t *episodes;     /* words of the episodic buffer (episodes.h); 0: none */
    uint32_t memory_used;
    uint32_t request;       /* of this tick: which episode to replay */
    int32_t feedback;       /* of this tick: what came on the trigger's channel */
    uint8_t has_request;
    uint8_t has_feedback;
    uint8_t muted;          /* the tick that has just run is of a replay: no spike leaves */
    uint8_t has_signals;    /* some group has l */
    uint8_t signals_on;     /* some l may be other than 0 */
    uint8_t has_window;     /* some group has h */
    uint8_t has_noise;      /* some group has it */
    uint8_t has_traces;     /* some group has some */
    uint8_t has_tags2;      /* some block has T2: then it is in checkpoints */
    uint8_t has_a;    /* some group has it: then it is in checkpoints */
    uint8_t has_y[3]; /* likewise */
    uint8_t has_x[2];
    engram_machine_statistics statistics;
} engram_machine;

extern engram_machine engram_core_machine;

/* Checks and loads an image that stays where it is; the machine is in the image's state. Before that it is unloaded. */
engram_verdict engram_machine_load(const uint8_t *image, uint32_t size);
void engram_machine_unload(void);

/* Bytes of the arena, and of them used. */
uint32_t engram_machine_memory(void);

/* Back to the state of the image. Queued events stay the queue's business. */
void engram_machine_reset(engram_machine *m);

/* The image's choice of populations whose spikes leave the board. */
void engram_machine_select_image(engram_machine *m);

/* Runs one tick. Its input spikes stay at the front of the queue until engram_machine_forget_input. */
void engram_machine_tick(engram_machine *m);
void engram_machine_forget_input(engram_machine *m);

uint32_t engram_state_hash(const engram_machine *m);

/* --- steps of a tick --- */
void engram_deliver(engram_machine *m);
/* If any neuron spiked; if learning is on; if there are rules. */
void engram_post_events(engram_machine *m);
void engram_near_events(engram_machine *m);
void engram_sweep(engram_machine *m);
void engram_decay_traces(engram_machine *m);
void engram_update_modulators(engram_machine *m);
void engram_apply_control(engram_machine *m, uint32_t code, uint32_t population, uint32_t argument);

/* --- parts --- */

/* A source word holds bit 31 of the image (primary), the axon's delay in 6 bits, and the unit. */
#define ENGRAM_SOURCE_UNIT_BITS 25u

static inline uint32_t engram_source_unit(uint32_t source)
{
    return source & ((1u << ENGRAM_SOURCE_UNIT_BITS) - 1u);
}

static inline uint32_t engram_source_delay(uint32_t source)
{
    return source >> ENGRAM_SOURCE_UNIT_BITS & 63u;
}

/* Row of the delay line for a tick. */
static inline uint32_t *engram_line_row(const engram_machine *m, uint32_t tick)
{
    return m->line + (tick & m->slot_mask) * m->line_words;
}

/* The impulse of a trace, for each bit that is set among count from the first on; no trace: nothing. */
void engram_add_impulses(int32_t *trace, const uint32_t *bits, uint32_t first, uint32_t count, uint32_t mode,
                         int32_t impulse);

/* Mean of a modulator since the last visit of a row swept every 2^period ticks (section 7). */
int32_t engram_modulator_mean(const engram_machine *m, uint32_t channel, uint32_t period);

/* Place of an input unit in the input routes and its population; false if it is no input line. */
int engram_find_input(const engram_machine *m, uint32_t unit, uint32_t *line, uint32_t *population);

#endif
