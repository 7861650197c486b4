#include "probes.h"

#include <string.h>

#include "engram_config.h"
#include "run.h"

static engram_probe_run probes[ENGRAM_PROBES];

const engram_probe_run *engram_probe_at(uint32_t n)
{
    return &probes[n];
}

void engram_probe_put(uint32_t number, const engram_probe_set *probe)
{
    engram_probe_run *run = &probes[number];
    engram_variable_find(&engram_core_machine, probe->core, probe->variable, &run->variable);
    run->on = 1;
    run->first = probe->first;
    run->count = probe->count;
    run->every_ticks = probe->every_ticks;
}

void engram_probe_remove(uint32_t number)
{
    if (number == 65535u)
        memset(probes, 0, sizeof probes);
    else if (number < ENGRAM_PROBES)
        probes[number].on = 0;
}

void engram_probes_reset(const engram_machine *m)
{
    memset(probes, 0, sizeof probes);
    for (uint32_t n = 0; n < m->image.probe_count && n < ENGRAM_PROBES; n++) {
        const engram_probe *p = &m->image.probes[n];
        const engram_probe_set set = {(uint16_t)n, p->core, p->variable, p->first, p->count, p->every_ticks};
        if (p->count != 0u)
            engram_probe_put(n, &set);
    }
}
