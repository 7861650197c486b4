/* Control events (docs/core.md, section 8). */
#include <string.h>

#include "episodes.h"
#include "generated/engram_wire.h"
#include "machine.h"

#define ALL_POPULATIONS 65535u

static void clear_neurons(engram_machine *m, const engram_neuron_run *run, uint32_t bits)
{
    const engram_neuron_group *g = run->group;
    if (bits & ENGRAM_CLEAR_NEURONS) {
        memset(m->v + g->first_neuron, 0, g->count * 4u);
        memset(m->refractory + g->first_neuron, 0, g->count * 2u);
        if (run->i != 0)
            memset(run->i, 0, g->count * 4u);
        if (run->a != 0)
            memset(run->a, 0, g->count * 4u);
    }
    if (bits & ENGRAM_CLEAR_TRACES)
        for (int slot = 0; slot < 3; slot++)
            if (run->y[slot] != 0)
                memset(run->y[slot], 0, g->count * 4u);
}

static void clear_axons(engram_machine *m, const engram_axon_run *run, uint32_t bits)
{
    const engram_axon_group *g = run->group;
    if (bits & ENGRAM_CLEAR_TRACES)
        for (int slot = 0; slot < 2; slot++)
            if (run->x[slot] != 0)
                memset(run->x[slot], 0, g->count * 4u);
    if (bits & ENGRAM_CLEAR_IN_FLIGHT)
        for (uint32_t slot = 0; slot <= m->slot_mask; slot++)
            for (uint32_t axon = g->first_axon; axon < g->first_axon + g->count; axon++)
                engram_line_row(m, slot)[axon >> 5] &= ~(1u << (axon & 31u));
}

static void clear_tags(const engram_block_run *run)
{
    if (run->packed != 0)
        for (uint32_t n = 0; n < run->block->synapse_count; n++)
            run->packed[n] &= 0xffff0000u;
    if (run->tags2 != 0)
        memset(run->tags2, 0, run->block->synapse_count * 2u);
}

static void clear(engram_machine *m, uint32_t population, uint32_t bits)
{
    const int all = population == ALL_POPULATIONS;
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++)
        if (all || m->neuron_runs[n].group->population == population)
            clear_neurons(m, &m->neuron_runs[n], bits);
    for (uint32_t n = 0; n < m->image.axon_group_count; n++)
        if (all || m->axon_runs[n].group->population == population)
            clear_axons(m, &m->axon_runs[n], bits);
    if (bits & ENGRAM_CLEAR_TAGS)
        for (uint32_t n = 0; n < m->image.block_count; n++)
            if (all || m->block_runs[n].neurons->group->population == population)
                clear_tags(&m->block_runs[n]);
    if (bits & ENGRAM_CLEAR_MODULATORS)
        for (uint32_t n = 0; n < m->image.modulator_count; n++) {
            m->channels[n].m = 0;
            m->channels[n].sum = 0;
            memset(m->channels[n].history, 0, sizeof m->channels[n].history);
        }
}

void engram_apply_control(engram_machine *m, uint32_t code, uint32_t population, uint32_t argument)
{
    if (code == ENGRAM_CONTROL_CLEAR)
        clear(m, population, argument);
    else if (code == ENGRAM_CONTROL_LEARN)
        m->learning = argument != 0u;
    else if (m->episodes == 0)
        return;
    else if (code == ENGRAM_CONTROL_EPISODE && argument == 0u)
        engram_episode_close(m);
    else if (code == ENGRAM_CONTROL_EPISODE && argument == 1u)
        engram_episode_forget(m);
    else if (code == ENGRAM_CONTROL_REPLAY) {
        m->request = argument;
        m->has_request = 1;
    }
}
