/* Laying an image out in the arena: what a tick reads and writes is in RAM, in the sums of docs/compiler.md. */
#include <string.h>

#include "check.h"
#include "engram_config.h"
#include "episodes.h"
#include "generated/engram_wire.h"
#include "machine.h"
#include "program.h"

engram_machine engram_core_machine;

static uint64_t arena[ENGRAM_ARENA_BYTES / 8u] ENGRAM_ARENA_SECTION;

/* Where the layout stands. The first round only counts; the second has memory. */
typedef struct {
    uint8_t *base;
    uint32_t used;
} layout;

static void *take(layout *at, uint32_t count, uint32_t size)
{
    const uint32_t offset = at->used;
    /* No product wraps: every count was checked against an image of less than 2^31 bytes, sizes are below 2^9. */
    const uint64_t bytes = ((uint64_t)count * size + 7u) & ~(uint64_t)7u;
    at->used = bytes > UINT32_MAX - offset ? UINT32_MAX : offset + (uint32_t)bytes;
    return at->base == 0 ? 0 : at->base + offset;
}

static void *copy(layout *at, const void *from, uint32_t count, uint32_t size)
{
    void *to = take(at, count, size);
    if (to != 0 && count != 0)
        memcpy(to, from, (size_t)count * size);
    return to;
}

static void lay_rules(engram_machine *m, layout *at)
{
    m->rule_runs = take(at, m->image.rule_count, sizeof(engram_rule_run));
    for (uint32_t n = 0; n < m->image.rule_count; n++) {
        const engram_rule *rule = &m->image.rules[n];
        engram_step *steps = take(at, rule->term_count, sizeof(engram_step));
        if (steps != 0)
            engram_program_rule(&m->rule_runs[n], rule, m->image.terms, steps);
    }
}

static void lay_neurons(engram_machine *m, layout *at)
{
    const uint32_t neurons = m->image.core->neuron_count;
    m->v = take(at, neurons, 4);
    m->acc = take(at, neurons, 4);
    m->refractory = take(at, neurons, 2);
    m->spiked_words = (neurons + 31u) / 32u;
    m->spiked = take(at, m->spiked_words, 4);
    m->route_start = copy(at, m->image.route_start, neurons + 1u, 4);
    m->routes = copy(at, m->image.routes, m->image.route_count, 4);
    m->neuron_runs = take(at, m->image.neuron_group_count, sizeof(engram_neuron_run));
    m->has_a = 0;
    memset(m->has_y, 0, sizeof m->has_y);
    for (uint32_t n = 0; n < m->image.neuron_group_count; n++) {
        const engram_neuron_group *g = &m->image.neuron_groups[n];
        const uint8_t modes[3] = {g->y1_mode, g->y2_mode, g->y3_mode};
        engram_neuron_run run = {g, 0, 0, {0, 0, 0}, 0, 0, 0};
        if (g->flags & ENGRAM_NEURON_GROUP_FLAG_EXPONENTIAL)
            run.i = take(at, g->count, 4);
        if (g->flags & ENGRAM_NEURON_GROUP_FLAG_ADAPTIVE) {
            run.a = take(at, g->count, 4);
            m->has_a = 1;
        }
        for (uint32_t slot = 0; slot < 3u; slot++)
            if (modes[slot] != ENGRAM_TRACE_ABSENT) {
                run.y[slot] = take(at, g->count, 4);
                m->has_y[slot] = 1;
                m->has_traces = 1;
            }
        if (g->noise != 0)
            m->has_noise = 1;
        if (g->flags & ENGRAM_NEURON_GROUP_FLAG_WINDOW) {
            run.h = take(at, g->count, 2);
            m->has_window = 1;
        }
        if (g->flags & ENGRAM_NEURON_GROUP_FLAG_SIGNAL) {
            run.l = take(at, g->count, 2);
            m->has_signals = 1;
        }
        if (g->flags & ENGRAM_NEURON_GROUP_FLAG_BIAS_ARRAY)
            run.bias = copy(at, m->image.bias + g->bias_offset, g->count, 4);
        if (m->neuron_runs != 0)
            m->neuron_runs[n] = run;
    }
}

static void lay_axons(engram_machine *m, layout *at)
{
    const uint32_t axons = m->image.axon_count;
    m->sources = copy(at, m->image.axons, axons, 4);
    uint32_t slots = 1;
    while (slots <= m->image.core->max_delay)
        slots <<= 1;
    m->slot_mask = slots - 1u;
    m->line_words = (axons + 31u) / 32u;
    m->line = take(at, m->line_words * slots, 4);
    m->axon_runs = take(at, m->image.axon_group_count, sizeof(engram_axon_run));
    memset(m->has_x, 0, sizeof m->has_x);
    for (uint32_t n = 0; n < m->image.axon_group_count; n++) {
        const engram_axon_group *g = &m->image.axon_groups[n];
        const uint8_t modes[2] = {g->x1_mode, g->x2_mode};
        engram_axon_run run = {g, {0, 0}};
        for (uint32_t slot = 0; slot < 2u; slot++)
            if (modes[slot] != ENGRAM_TRACE_ABSENT) {
                run.x[slot] = take(at, g->count, 4);
                m->has_x[slot] = 1;
                m->has_traces = 1;
            }
        if (m->axon_runs != 0) {
            m->axon_runs[n] = run;
            for (uint32_t axon = g->first_axon; axon < g->first_axon + g->count; axon++)
                m->sources[axon] |= (uint32_t)g->delay << ENGRAM_SOURCE_UNIT_BITS;
        }
    }
}

static const engram_neuron_run *neurons_of(const engram_machine *m, const engram_synapse_block *b)
{
    const engram_neuron_run *run = m->neuron_runs;
    while (b->first_neuron - run->group->first_neuron >= run->group->count)
        run++;
    return run;
}

static const engram_axon_run *axons_of(const engram_machine *m, const engram_synapse_block *b)
{
    const engram_axon_run *run = m->axon_runs;
    while (b->first_axon - run->group->first_axon >= run->group->count)
        run++;
    return run;
}

/* What a block shares with its neurons and axons. */
static void join(const engram_machine *m, engram_block_run *run)
{
    const engram_synapse_block *b = run->block;
    run->neurons = neurons_of(m, b);
    run->axons = axons_of(m, b);
    const uint32_t neuron = b->first_neuron - run->neurons->group->first_neuron;
    const uint32_t axon = b->first_axon - run->axons->group->first_axon;
    run->acc = m->acc + b->first_neuron;
    for (uint32_t slot = 0; slot < 3u; slot++)
        run->y[slot] = run->neurons->y[slot] == 0 ? 0 : run->neurons->y[slot] + neuron;
    for (uint32_t slot = 0; slot < 2u; slot++)
        run->x[slot] = run->axons->x[slot] == 0 ? 0 : run->axons->x[slot] + axon;
    run->h = run->neurons->h == 0 ? 0 : run->neurons->h + neuron;
    run->l = run->neurons->l == 0 ? 0 : run->neurons->l + neuron;
    run->sources = m->sources + b->first_axon;
    const uint32_t last = engram_source_unit(run->sources[b->axon_count - 1u]);
    run->rising = last - engram_source_unit(run->sources[0]) == b->axon_count - 1u;
}

static void lay_block(engram_machine *m, layout *at, const engram_synapse_block *b, engram_block_run *out)
{
    engram_block_run run;
    memset(&run, 0, sizeof run);
    run.block = b;
    if (!(b->flags & ENGRAM_BLOCK_FLAG_PLASTIC))
        run.static8 = copy(at, m->image.weights8 + b->weight_offset, b->synapse_count, 1);
    else if (b->flags & ENGRAM_BLOCK_FLAG_TAG)
        run.packed = take(at, b->synapse_count, 4);
    else
        run.plastic16 = take(at, b->synapse_count, 2);
    if (b->flags & ENGRAM_BLOCK_FLAG_PLASTIC && b->flags & ENGRAM_BLOCK_FLAG_TAG2) {
        run.tags2 = take(at, b->synapse_count, 2);
        m->has_tags2 = 1;
    }
    if (b->kind == ENGRAM_BLOCK_SPARSE) {
        run.rows = copy(at, m->image.index + b->row_offset, b->axon_count + 1u, 4);
        run.targets = copy(at, m->image.targets + b->target_offset, b->synapse_count, 2);
        if (b->flags & ENGRAM_BLOCK_FLAG_TRANSPOSED) {
            run.columns = copy(at, m->image.index + b->column_offset, b->neuron_count + 1u, 4);
            run.column_synapses = copy(at, m->image.index + b->column_synapse_offset, b->synapse_count, 4);
            run.column_axons = copy(at, m->image.column_axons + b->column_axon_offset, b->synapse_count, 2);
        }
    }
    if (out == 0)
        return;
    if (b->flags & ENGRAM_BLOCK_FLAG_PLASTIC)
        run.rule = &m->rule_runs[b->rule];
    join(m, &run);
    *out = run;
}

static void lay_out(engram_machine *m, layout *at)
{
    m->channels = take(at, m->image.modulator_count, sizeof(engram_channel));
    m->spikes_out = take(at, m->image.population_count, 1);
    if (m->image.episodes != 0)
        m->episodes = take(at, engram_episode_size(m), 4);
    lay_rules(m, at);
    lay_neurons(m, at);
    lay_axons(m, at);
    m->block_runs = take(at, m->image.block_count, sizeof(engram_block_run));
    for (uint32_t n = 0; n < m->image.block_count; n++)
        lay_block(m, at, &m->image.blocks[n], m->block_runs == 0 ? 0 : &m->block_runs[n]);
}

uint32_t engram_machine_memory(void)
{
    return sizeof arena;
}

void engram_machine_unload(void)
{
    engram_core_machine.loaded = 0;
    engram_core_machine.memory_used = 0;
    engram_queue_clear();
}

engram_verdict engram_machine_load(const uint8_t *image, uint32_t size)
{
    engram_machine *m = &engram_core_machine;
    engram_machine_unload();
    memset(m, 0, sizeof *m);
    engram_verdict verdict =
        engram_image_open(image, size, &m->image, (uint32_t *)(void *)arena, ENGRAM_ARENA_BYTES / 8u * 2u);
    if (verdict.error)
        return verdict;
    if (m->image.network->unit_count >> ENGRAM_SOURCE_UNIT_BITS != 0u)
        return engram_refused(engram_image_offset(&m->image, m->image.network), "There are too many units.");
    layout count = {0, 0};
    lay_out(m, &count);
    if (count.used > sizeof arena) {
        verdict.error = ENGRAM_ERR_OUT_OF_MEMORY;
        verdict.detail = count.used - (uint32_t)sizeof arena;
        verdict.reason = "The image needs more memory than the board has.";
        return verdict;
    }
    layout place = {(uint8_t *)arena, 0};
    lay_out(m, &place);
    m->memory_used = place.used;
    engram_machine_select_image(m);
    engram_machine_reset(m);
    m->loaded = 1;
    return verdict;
}
