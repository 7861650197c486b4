/* Runs: lockstep and real time, and what they send to the host (docs/wire.md, Running). */
#ifndef ENGRAM_RUN_H
#define ENGRAM_RUN_H

#include "generated/engram_wire.h"
#include "machine.h"

typedef struct {
    uint32_t late_events;
    uint32_t dropped_records;
    uint32_t overrun_ticks;
    uint32_t worst_tick;        /* microseconds */
    uint32_t worst_tick_cycles;
    uint32_t cycles_low;
    uint32_t cycles_high;
} engram_run_counters;

typedef struct {
    uint32_t ticks; /* 0: until STOP */
    uint32_t hash_every;
    uint32_t progress_every;
    uint32_t tick_microseconds; /* 0: lockstep */
    uint8_t options;
} engram_run_request;

void engram_run_begin(const engram_run_request *request);
void engram_run_stop(void);
/* Before the counters of machine and run are zeroed: RUN_DONE still tells what the run has counted. */
void engram_run_before_clear(void);
/* Forgets a run without a word: the image is gone, or the board restarts. */
void engram_run_abandon(void);

int engram_run_active(void);
int engram_run_is_realtime(void);

/* Does a tick, or sends what the last one left; true if it did anything. max_payload is what the host agreed to. */
int engram_run_poll(uint32_t max_payload);

engram_run_counters *engram_run_counted(void);

/* Probes, by number. */
void engram_probes_reset(const engram_machine *m);
void engram_probe_put(uint32_t number, const engram_probe_set *probe);
void engram_probe_remove(uint32_t number); /* 65535: all */

#endif
