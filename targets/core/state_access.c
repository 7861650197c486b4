#include "state_access.h"

#include "arithmetic.h"
#include "episodes.h"
#include "generated/engram_wire.h"
#include "rows.h"

static int is_of_episodes(uint32_t variable)
{
    return variable >= ENGRAM_VARIABLE_EPISODE && variable <= ENGRAM_VARIABLE_EPISODE_EVENT;
}

static uint32_t episode_length(const engram_machine *m, uint32_t variable)
{
    const engram_episodes *e = m->image.episodes;
    if (e == 0)
        return 0;
    if (variable == ENGRAM_VARIABLE_EPISODE)
        return ENGRAM_EPISODE_WORDS;
    return variable == ENGRAM_VARIABLE_EPISODE_SLOT ? 3u * e->slots : (uint32_t)e->slots * e->events;
}

static int32_t episode_read(const engram_machine *m, uint32_t variable, uint32_t index)
{
    if (variable == ENGRAM_VARIABLE_EPISODE)
        return (int32_t)m->episodes[index];
    if (variable == ENGRAM_VARIABLE_EPISODE_EVENT)
        return (int32_t)engram_episode_events(m, 0)[index];
    /* Kept by kind, read by slot. */
    return (int32_t)engram_episode_count(m, 0)[index % 3u * m->image.episodes->slots + index / 3u];
}

uint32_t engram_variable_find(const engram_machine *m, uint32_t core, uint32_t variable, engram_variable *out)
{
    const engram_core *sizes = m->image.core;
    out->variable = variable;
    out->of_board = core == 65535u;
    out->narrow = variable >= ENGRAM_VARIABLE_WEIGHT && variable <= ENGRAM_VARIABLE_TAG2;
    if (out->of_board && is_of_episodes(variable)) {
        out->length = episode_length(m, variable);
        return ENGRAM_OK;
    }
    if (out->of_board) {
        out->length = m->image.modulator_count;
        return variable == ENGRAM_VARIABLE_MODULATOR || variable == ENGRAM_VARIABLE_BASELINE
                   ? ENGRAM_OK
                   : ENGRAM_ERR_UNKNOWN_VARIABLE;
    }
    if (core != 0u)
        return ENGRAM_ERR_UNKNOWN_CORE;
    if (variable <= ENGRAM_VARIABLE_ADAPTATION)
        out->length = sizes->neuron_count;
    else if (variable == ENGRAM_VARIABLE_X1 || variable == ENGRAM_VARIABLE_X2)
        out->length = sizes->axon_count;
    else if (out->narrow)
        out->length = sizes->synapse_count;
    else
        return ENGRAM_ERR_UNKNOWN_VARIABLE;
    return ENGRAM_OK;
}

/* The value as a word in memory, 0 if the part does not have it, and the range it may take. */
typedef struct {
    int32_t *word;
    int32_t low;
    int32_t high;
} cell;

static const cell no_cell = {0, 0, 0};

static cell neuron_cell(const engram_machine *m, uint32_t variable, uint32_t index)
{
    const engram_neuron_run *run = m->neuron_runs;
    while (index - run->group->first_neuron >= run->group->count)
        run++;
    const uint32_t n = index - run->group->first_neuron;
    cell found = {0, -ENGRAM_STATE_MAX, ENGRAM_STATE_MAX};
    if (variable == ENGRAM_VARIABLE_V)
        found.word = &m->v[index];
    else if (variable == ENGRAM_VARIABLE_I)
        found.word = run->i == 0 ? 0 : &run->i[n];
    else if (variable == ENGRAM_VARIABLE_ADAPTATION)
        found.word = run->a == 0 ? 0 : &run->a[n];
    else {
        int32_t *y = run->y[variable - ENGRAM_VARIABLE_Y1];
        found.word = y == 0 ? 0 : &y[n];
        found.low = 0;
    }
    return found;
}

static cell axon_cell(const engram_machine *m, uint32_t variable, uint32_t index)
{
    const engram_axon_run *run = m->axon_runs;
    while (index - run->group->first_axon >= run->group->count)
        run++;
    int32_t *x = run->x[variable - ENGRAM_VARIABLE_X1];
    const cell found = {x == 0 ? 0 : &x[index - run->group->first_axon], 0, ENGRAM_STATE_MAX};
    return found;
}

static cell channel_cell(const engram_machine *m, uint32_t variable, uint32_t index)
{
    engram_channel *c = &m->channels[index];
    const cell found = {variable == ENGRAM_VARIABLE_MODULATOR ? &c->m : &c->baseline, -ENGRAM_STATE_MAX,
                        ENGRAM_STATE_MAX};
    return found;
}

static cell wide_cell(const engram_machine *m, const engram_variable *variable, uint32_t index)
{
    if (variable->of_board)
        return channel_cell(m, variable->variable, index);
    if (variable->variable == ENGRAM_VARIABLE_REFRACTORY)
        return no_cell;
    return variable->variable <= ENGRAM_VARIABLE_ADAPTATION ? neuron_cell(m, variable->variable, index)
                                                    : axon_cell(m, variable->variable, index);
}

static const engram_block_run *block_of(const engram_machine *m, uint32_t synapse)
{
    const engram_block_run *run = m->block_runs;
    while (synapse - run->block->first_synapse >= run->block->synapse_count)
        run++;
    return run;
}

static uint32_t refractory_limit(const engram_machine *m, uint32_t index)
{
    const engram_neuron_run *run = m->neuron_runs;
    while (index - run->group->first_neuron >= run->group->count)
        run++;
    return run->group->refractory;
}

static int is_refractory(const engram_variable *variable)
{
    return !variable->of_board && variable->variable == ENGRAM_VARIABLE_REFRACTORY;
}

int32_t engram_variable_read(const engram_machine *m, const engram_variable *variable, uint32_t index)
{
    if (variable->of_board && is_of_episodes(variable->variable))
        return episode_read(m, variable->variable, index);
    if (variable->narrow) {
        const engram_block_run *run = block_of(m, index);
        const uint32_t k = index - run->block->first_synapse;
        if (variable->variable == ENGRAM_VARIABLE_TAG2)
            return run->tags2 == 0 ? 0 : run->tags2[k];
        if (variable->variable == ENGRAM_VARIABLE_TAG)
            return engram_tag_of(run, k);
        return run->static8 != 0 ? run->static8[k] : engram_weight_of(run, k);
    }
    if (is_refractory(variable))
        return m->refractory[index];
    const cell found = wide_cell(m, variable, index);
    return found.word == 0 ? 0 : *found.word;
}

static uint32_t in_range(int32_t value, int32_t low, int32_t high)
{
    return value >= low && value <= high ? ENGRAM_OK : ENGRAM_ERR_BAD_VALUE;
}

uint32_t engram_variable_writable(const engram_machine *m, const engram_variable *variable, uint32_t index, int32_t value)
{
    if (variable->of_board && is_of_episodes(variable->variable))
        return ENGRAM_ERR_READ_ONLY;
    if (variable->narrow) {
        const engram_block_run *run = block_of(m, index);
        if (variable->variable == ENGRAM_VARIABLE_TAG2)
            return run->tags2 == 0 ? ENGRAM_ERR_READ_ONLY : in_range(value, -32767, 32767);
        if (variable->variable == ENGRAM_VARIABLE_TAG)
            return run->packed == 0 ? ENGRAM_ERR_READ_ONLY : in_range(value, -32767, 32767);
        return run->static8 != 0 ? ENGRAM_ERR_READ_ONLY : in_range(value, run->block->w_min, run->block->w_max);
    }
    if (is_refractory(variable))
        return in_range(value, 0, (int32_t)refractory_limit(m, index));
    const cell found = wide_cell(m, variable, index);
    return found.word == 0 ? ENGRAM_ERR_READ_ONLY : in_range(value, found.low, found.high);
}

void engram_variable_write(engram_machine *m, const engram_variable *variable, uint32_t index, int32_t value)
{
    if (variable->narrow) {
        const engram_block_run *run = block_of(m, index);
        const uint32_t k = index - run->block->first_synapse;
        if (variable->variable == ENGRAM_VARIABLE_TAG2)
            run->tags2[k] = (int16_t)value;
        else if (variable->variable == ENGRAM_VARIABLE_TAG)
            run->packed[k] = (run->packed[k] & 0xffff0000u) | ((uint32_t)value & 0xffffu);
        else if (run->packed != 0)
            run->packed[k] = (uint32_t)value << 16 | (run->packed[k] & 0xffffu);
        else
            run->plastic16[k] = (int16_t)value;
        return;
    }
    if (is_refractory(variable))
        m->refractory[index] = (uint16_t)value;
    else
        *wide_cell(m, variable, index).word = value;
}
