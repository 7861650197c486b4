#include "checkpoint.h"

#include <string.h>

#include "arithmetic.h"
#include "crc32.h"
#include "engram_config.h"
#include "episodes.h"
#include "generated/engram_wire.h"
#include "port.h"
#include "rows.h"

/*
 * The content is a sequence of numbers of 2 or 4 bytes. A part is a run of equal ones; value reads the n-th, allowed
 * says whether a value may stand there, put writes it. The image keeps them in other places than the checkpoint.
 */
typedef struct {
    uint32_t count;
    uint32_t bytes; /* of a number */
    uint32_t (*value)(const engram_machine *m, uint32_t slot, uint32_t n);
    int (*allowed)(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value);
    void (*put)(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value);
    uint32_t slot;
} part;

#define HISTORY_PARTS 4u

/* --- modulators: slot 0 M, 1 B, 2 S, 3 R --- */

static uint32_t *channel_word(const engram_machine *m, uint32_t slot, uint32_t n)
{
    if (slot == 3u)
        return &m->channels[n / ENGRAM_HISTORY].history[n % ENGRAM_HISTORY];
    engram_channel *c = &m->channels[n];
    return slot == 0u ? (uint32_t *)&c->m : slot == 1u ? (uint32_t *)&c->baseline : &c->sum;
}

static uint32_t channel_value(const engram_machine *m, uint32_t slot, uint32_t n)
{
    return *channel_word(m, slot, n);
}

static int is_state(uint32_t value)
{
    return (int32_t)value >= -ENGRAM_STATE_MAX && (int32_t)value <= ENGRAM_STATE_MAX;
}

static int channel_allowed(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    (void)m;
    (void)n;
    return slot >= 2u || is_state(value);
}

static void channel_put(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    *channel_word(m, slot, n) = value;
}

/* --- episodic buffer; that its words fit together is checked for all of them at once --- */

static uint32_t episode_value(const engram_machine *m, uint32_t slot, uint32_t n)
{
    (void)slot;
    return m->episodes[n];
}

static int episode_allowed(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    (void)m;
    (void)slot;
    (void)n;
    (void)value;
    return 1;
}

static void episode_put(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    (void)slot;
    m->episodes[n] = value;
}

/* --- neurons: slot 0 V, 1 I, 2 A, 3 to 5 y1 to y3 --- */

/* Runs are asked for in rising order, so the one of the value before is nearly always right. */
static const engram_neuron_run *neuron_run(const engram_machine *m, uint32_t n)
{
    static uint32_t last;
    if (last >= m->image.neuron_group_count || n < m->neuron_runs[last].group->first_neuron)
        last = 0;
    while (n - m->neuron_runs[last].group->first_neuron >= m->neuron_runs[last].group->count)
        last++;
    return &m->neuron_runs[last];
}

static int32_t *neuron_word(const engram_machine *m, uint32_t slot, uint32_t n)
{
    if (slot == 0u)
        return &m->v[n];
    const engram_neuron_run *run = neuron_run(m, n);
    int32_t *words = slot == 1u ? run->i : slot == 2u ? run->a : run->y[slot - 3u];
    return words == 0 ? 0 : &words[n - run->group->first_neuron];
}

static uint32_t neuron_value(const engram_machine *m, uint32_t slot, uint32_t n)
{
    const int32_t *word = neuron_word(m, slot, n);
    return word == 0 ? 0u : (uint32_t)*word;
}

static int neuron_allowed(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    if (neuron_word(m, slot, n) == 0)
        return value == 0u;
    return is_state(value) && (slot < 3u || (int32_t)value >= 0);
}

static void neuron_put(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    int32_t *word = neuron_word(m, slot, n);
    if (word != 0)
        *word = (int32_t)value;
}

/* --- axons: slot 0, 1 x1, x2; delay line --- */

static int32_t *axon_word(const engram_machine *m, uint32_t slot, uint32_t n)
{
    static uint32_t last;
    if (last >= m->image.axon_group_count || n < m->axon_runs[last].group->first_axon)
        last = 0;
    while (n - m->axon_runs[last].group->first_axon >= m->axon_runs[last].group->count)
        last++;
    const engram_axon_run *run = &m->axon_runs[last];
    return run->x[slot] == 0 ? 0 : &run->x[slot][n - run->group->first_axon];
}

static uint32_t axon_value(const engram_machine *m, uint32_t slot, uint32_t n)
{
    const int32_t *word = axon_word(m, slot, n);
    return word == 0 ? 0u : (uint32_t)*word;
}

static int axon_allowed(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    return axon_word(m, slot, n) == 0 ? value == 0u : value <= ENGRAM_STATE_MAX;
}

static void axon_put(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    int32_t *word = axon_word(m, slot, n);
    if (word != 0)
        *word = (int32_t)value;
}

static uint32_t line_value(const engram_machine *m, uint32_t slot, uint32_t n)
{
    (void)slot;
    return m->line[n];
}

/* No bit behind the last axon. */
static int line_allowed(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    (void)slot;
    const uint32_t used = m->image.axon_count & 31u;
    return used == 0u || n % m->line_words != m->line_words - 1u || value >> used == 0u;
}

static void line_put(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    (void)slot;
    m->line[n] = value;
}

/* --- refractory counts --- */

static uint32_t refractory_value(const engram_machine *m, uint32_t slot, uint32_t n)
{
    (void)slot;
    return m->refractory[n];
}

static int refractory_allowed(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    (void)slot;
    return value <= neuron_run(m, n)->group->refractory;
}

static void refractory_put(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    (void)slot;
    m->refractory[n] = (uint16_t)value;
}

/* --- plastic synapses: slot 0 W, 1 T, 2 T2 --- */

static const engram_block_run *plastic_block(const engram_machine *m, uint32_t n)
{
    static uint32_t last;
    if (last >= m->image.block_count || m->block_runs[last].rule == 0 || n < m->block_runs[last].block->weight_offset)
        last = 0;
    while (m->block_runs[last].rule == 0 ||
           n - m->block_runs[last].block->weight_offset >= m->block_runs[last].block->synapse_count)
        last++;
    return &m->block_runs[last];
}

static uint32_t synapse_value(const engram_machine *m, uint32_t slot, uint32_t n)
{
    const engram_block_run *run = plastic_block(m, n);
    const uint32_t k = n - run->block->weight_offset;
    if (slot == 2u)
        return run->tags2 == 0 ? 0u : (uint32_t)run->tags2[k] & 0xffffu;
    return (uint32_t)(slot == 0u ? engram_weight_of(run, k) : engram_tag_of(run, k)) & 0xffffu;
}

static int synapse_allowed(const engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    const engram_block_run *run = plastic_block(m, n);
    const int32_t number = (int16_t)value;
    if (slot == 0u)
        return number >= run->block->w_min && number <= run->block->w_max;
    return (slot == 2u ? run->tags2 == 0 : run->packed == 0) ? number == 0 : number != -32768;
}

static void synapse_put(engram_machine *m, uint32_t slot, uint32_t n, uint32_t value)
{
    const engram_block_run *run = plastic_block(m, n);
    const uint32_t k = n - run->block->weight_offset;
    if (slot == 2u) {
        if (run->tags2 != 0)
            run->tags2[k] = (int16_t)value;
    } else if (run->packed != 0)
        run->packed[k] = slot == 0u ? value << 16 | (run->packed[k] & 0xffffu) : (run->packed[k] & 0xffff0000u) | value;
    else if (slot == 0u)
        run->plastic16[k] = (int16_t)value;
}

/* --- all parts in order --- */

#define MOST_PARTS 17u

static uint32_t list_parts(const engram_machine *m, part *parts)
{
    const engram_core *core = m->image.core;
    const uint32_t channels = m->image.modulator_count;
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < HISTORY_PARTS; slot++)
        parts[count++] = (part){slot == 3u ? channels * ENGRAM_HISTORY : channels, 4, channel_value, channel_allowed,
                                channel_put, slot};
    if (m->episodes != 0)
        parts[count++] = (part){engram_episode_size(m), 4, episode_value, episode_allowed, episode_put, 0};
    for (uint32_t slot = 0; slot < 6u; slot++)
        if (slot < 2u || (slot == 2u ? m->has_a : m->has_y[slot - 3u]))
            parts[count++] = (part){core->neuron_count, 4, neuron_value, neuron_allowed, neuron_put, slot};
    for (uint32_t slot = 0; slot < 2u; slot++)
        if (m->has_x[slot])
            parts[count++] = (part){core->axon_count, 4, axon_value, axon_allowed, axon_put, slot};
    parts[count++] = (part){m->line_words * (m->slot_mask + 1u), 4, line_value, line_allowed, line_put, 0};
    parts[count++] = (part){core->neuron_count, 2, refractory_value, refractory_allowed, refractory_put, 0};
    for (uint32_t slot = 0; slot < (m->has_tags2 ? 3u : 2u); slot++)
        parts[count++] = (part){m->image.weight16_count, 2, synapse_value, synapse_allowed, synapse_put, slot};
    return count;
}

_Static_assert(HISTORY_PARTS + 1u + 6u + 2u + 1u + 1u + 3u <= MOST_PARTS + 1u, "room for all parts");

uint32_t engram_checkpoint_size(const engram_machine *m)
{
    part parts[MOST_PARTS + 1u];
    uint32_t size = sizeof(engram_checkpoint_header);
    const uint32_t count = list_parts(m, parts);
    for (uint32_t n = 0; n < count; n++)
        size += parts[n].count * parts[n].bytes;
    return size;
}

/* Content bytes offset … of the state; offset counts from behind the header. */
static void read_content(const engram_machine *m, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    part parts[MOST_PARTS + 1u];
    const uint32_t count = list_parts(m, parts);
    for (uint32_t p = 0; p < count && size > 0u; p++) {
        const uint32_t width = parts[p].bytes, length = parts[p].count * width;
        if (offset >= length) {
            offset -= length;
            continue;
        }
        while (offset < length && size > 0u) {
            const uint32_t value = parts[p].value(m, parts[p].slot, offset / width);
            for (uint32_t k = offset % width; k < width && size > 0u; k++, offset++, size--)
                *bytes++ = (uint8_t)(value >> (8u * k));
        }
        offset = 0;
    }
}

engram_checkpoint_header engram_checkpoint_header_of(const engram_machine *m)
{
    engram_checkpoint_header header = {
        ENGRAM_CHECKPOINT_MAGIC, ENGRAM_CHECKPOINT_VERSION, (uint16_t)m->learning, m->image.header->content_hash, m->tick,
        engram_checkpoint_size(m), 0, 0, 0,
    };
    uint8_t bytes[256];
    const uint32_t content = header.length - (uint32_t)sizeof header;
    for (uint32_t offset = 0; offset < content; offset += sizeof bytes) {
        const uint32_t size = content - offset < sizeof bytes ? content - offset : (uint32_t)sizeof bytes;
        read_content(m, offset, bytes, size);
        header.content_crc = engram_crc32(header.content_crc, bytes, size);
        engram_port_alive();
    }
    header.header_crc = engram_crc32(0, &header, sizeof header - 4u);
    return header;
}

void engram_checkpoint_read(const engram_machine *m, const engram_checkpoint_header *header, uint32_t offset,
                            uint8_t *bytes, uint32_t size)
{
    if (offset < sizeof *header) {
        const uint32_t left = (uint32_t)sizeof *header - offset;
        const uint32_t now = size < left ? size : left;
        memcpy(bytes, (const uint8_t *)header + offset, now);
        bytes += now;
        offset += now;
        size -= now;
    }
    read_content(m, offset - (uint32_t)sizeof *header, bytes, size);
}

static uint32_t number_at(const uint8_t *bytes, uint32_t width)
{
    const uint32_t low = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
    return width == 2u ? low : low | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

engram_verdict engram_checkpoint_restore(engram_machine *m, const uint8_t *bytes, uint32_t size)
{
    const engram_checkpoint_header *header = (const engram_checkpoint_header *)(const void *)bytes;
    if (size < sizeof *header || header->magic != ENGRAM_CHECKPOINT_MAGIC)
        return engram_refused(0, "It is not a checkpoint.");
    if (engram_crc32(0, header, sizeof *header - 4u) != header->header_crc)
        return engram_refused(28, "The header of the checkpoint is damaged.");
    if (header->version != ENGRAM_CHECKPOINT_VERSION)
        return engram_refused(4, "The checkpoint has another format.");
    if (header->image_hash != m->image.header->content_hash) {
        const engram_verdict verdict = {ENGRAM_ERR_WRONG_IMAGE, m->image.header->content_hash,
                                        "The checkpoint was taken with another image."};
        return verdict;
    }
    if (header->length != size || size != engram_checkpoint_size(m))
        return engram_refused(16, "The checkpoint has a wrong length.");
    const uint8_t *content = bytes + sizeof *header;
    if (engram_crc32(0, content, size - (uint32_t)sizeof *header) != header->content_crc)
        return engram_refused(20, "The content of the checkpoint is damaged.");
    part parts[MOST_PARTS + 1u];
    const uint32_t count = list_parts(m, parts);
    const uint8_t *at = content;
    for (uint32_t p = 0; p < count; p++)
        for (uint32_t n = 0; n < parts[p].count; n++, at += parts[p].bytes) {
            if (!parts[p].allowed(m, parts[p].slot, n, number_at(at, parts[p].bytes)))
                return engram_refused((uint32_t)(at - bytes), "A value of the checkpoint is out of its range.");
            if ((n & 1023u) == 0u)
                engram_port_alive();
        }
    const uint32_t of_channels = m->image.modulator_count * (3u + ENGRAM_HISTORY);
    if (m->episodes != 0 &&
        !engram_episode_allowed(m, (const uint32_t *)(const void *)content + of_channels, header->tick))
        return engram_refused((uint32_t)sizeof *header + of_channels * 4u, "The episodic buffer of the checkpoint cannot be.");
    at = content;
    for (uint32_t p = 0; p < count; p++)
        for (uint32_t n = 0; n < parts[p].count; n++, at += parts[p].bytes)
            parts[p].put(m, parts[p].slot, n, number_at(at, parts[p].bytes));
    m->tick = header->tick;
    m->learning = header->flags & 1u;
    m->muted = 0;
    m->signals_on = 1;
    m->input_spikes = 0;
    m->input_events = 0;
    return engram_accepted();
}
