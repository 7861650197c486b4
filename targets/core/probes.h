/* Probes that are set. */
#ifndef ENGRAM_PROBES_H
#define ENGRAM_PROBES_H

#include "state_access.h"

typedef struct {
    int on;
    engram_variable variable;
    uint32_t first;
    uint32_t count;
    uint32_t every_ticks;
} engram_probe_run;

/* The n-th probe; n is below ENGRAM_PROBES. */
const engram_probe_run *engram_probe_at(uint32_t n);

#endif
