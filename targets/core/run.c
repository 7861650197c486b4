#include "run.h"

#include <string.h>

#include "axon_bits.h"
#include "engram_config.h"
#include "port.h"
#include "probes.h"
#include "records.h"
#include "spike_batch.h"
#include "stream.h"

/* What is sent after a tick, in order; a run that finds no room goes on later where it stood. */
enum { REST, SPIKES, SAMPLES, HASH, PROGRESS, LAST_SPIKES, LAST_HASHES, DONE };

#define SPIKES_AT_LEAST_EVERY 20000u /* microseconds, in real time */
#define HASH_BYTES 8u
/* Real time: what a run that cannot keep up is behind by at most; more would wrap. */
#define LONGEST_LAG 0x40000000 /* microseconds */

static engram_run_counters counters;

static struct {
    int active;
    int stopped;
    engram_run_request request;
    int phase;
    uint32_t cursor;      /* within the phase */
    uint32_t part;        /* of a probe's sample */
    uint32_t max_payload;
    uint32_t ticks_run;
    uint32_t worst_tick;
    uint32_t due;         /* real time: when the next tick begins */
    uint32_t batch_since; /* real time: when the batch got its first spike */
    engram_machine_statistics before;
    engram_run_counters counters_before;
    uint32_t hash_count;
} run;

static uint8_t hashes[ENGRAM_MAX_PAYLOAD];

engram_run_counters *engram_run_counted(void)
{
    return &counters;
}

int engram_run_active(void)
{
    return run.active;
}

int engram_run_is_realtime(void)
{
    return run.active && run.request.tick_microseconds != 0u;
}

void engram_run_begin(const engram_run_request *request)
{
    memset(&run, 0, sizeof run);
    run.active = 1;
    run.request = *request;
    run.before = engram_core_machine.statistics;
    run.counters_before = counters;
    run.due = engram_port_microseconds();
    engram_batch_clear();
    engram_records_begin(request->tick_microseconds != 0u);
}

void engram_run_stop(void)
{
    run.stopped = 1;
}

void engram_run_before_clear(void)
{
    const engram_machine_statistics *machine = &engram_core_machine.statistics;
    run.before.spikes_in -= machine->spikes_in;
    run.before.spikes_out -= machine->spikes_out;
    run.before.duplicate_spikes -= machine->duplicate_spikes;
    run.counters_before.late_events -= counters.late_events;
    run.counters_before.overrun_ticks -= counters.overrun_ticks;
}

void engram_run_abandon(void)
{
    run.active = 0;
}

static int send_batch(void)
{
    uint32_t size;
    const uint8_t *payload = engram_batch_payload(&size);
    if (engram_batch_count() != 0u &&
        !engram_record_push(ENGRAM_MSG_SPIKES_OUT, payload, size, engram_batch_count(), 0, engram_get_u32(payload)))
        return 0;
    engram_batch_clear();
    return 1;
}

static int add_spike(uint32_t tick, uint32_t unit)
{
    if (engram_batch_count() == 0u)
        run.batch_since = engram_port_microseconds();
    if (engram_batch_add(tick, unit, run.max_payload))
        return 1;
    if (!send_batch())
        return 0;
    run.batch_since = engram_port_microseconds();
    return engram_batch_add(tick, unit, run.max_payload);
}

/* Spikes of the tick that has run, by unit: populations are in the order of units, and so are neuron groups. */
static int send_spikes(const engram_machine *m)
{
    if (m->muted)
        return 1;
    const uint32_t tick = m->tick - 1u;
    uint32_t place = 0; /* counts spikes that leave the board; those before the cursor have been sent */
    uint32_t group = 0, input = 0, before = UINT32_MAX;
    for (uint32_t p = 0; p < m->image.population_count; p++) {
        const engram_population *population = &m->image.populations[p];
        const uint32_t end = population->first_unit + population->size;
        if (population->model == ENGRAM_MODEL_INPUT) {
            for (; input < m->input_spikes && engram_queue_at(input)->value < end; input++) {
                const uint32_t unit = engram_queue_at(input)->value;
                if (!m->spikes_out[p] || unit == before)
                    continue;
                before = unit;
                if (place++ < run.cursor)
                    continue;
                if (!add_spike(tick, unit))
                    return 0;
                run.cursor++;
            }
            continue;
        }
        for (; group < m->image.neuron_group_count && m->neuron_runs[group].group->population <= p; group++) {
            const engram_neuron_group *g = m->neuron_runs[group].group;
            if (!m->spikes_out[g->population])
                continue;
            engram_bit_walk walk = engram_walk_bits(m->spiked, g->first_neuron, g->count);
            uint32_t neuron;
            while (engram_next_bit(&walk, &neuron)) {
                if (place++ < run.cursor)
                    continue;
                if (!add_spike(tick, g->first_unit + neuron))
                    return 0;
                run.cursor++;
            }
        }
    }
    return 1;
}

/* One piece of a probe's sample. */
static int send_sample(const engram_machine *m, uint32_t number, const engram_probe_run *probe)
{
    uint8_t payload[ENGRAM_MAX_PAYLOAD];
    const uint32_t width = probe->variable.narrow ? 2u : 4u;
    const uint32_t most = (run.max_payload - 14u) / width;
    const uint32_t left = probe->count - run.part;
    const uint32_t count = left < most ? left : most;
    uint8_t *at = payload;
    engram_put_u16(at, number);
    engram_put_u32(at + 2, m->tick - 1u);
    engram_put_u32(at + 6, run.part);
    at += 10;
    if (!probe->variable.narrow) {
        engram_put_u16(at, 0);
        at += 2;
    }
    engram_put_u16(at, count);
    at += 2;
    for (uint32_t n = 0; n < count; n++, at += width) {
        const int32_t value = engram_variable_read(m, &probe->variable, probe->first + run.part + n);
        if (width == 2u)
            engram_put_i16(at, value);
        else
            engram_put_i32(at, value);
    }
    if (probe->variable.narrow) {
        engram_put_u16(at, 0);
        at += 2;
    }
    if (!engram_record_push(ENGRAM_MSG_PROBE_DATA, payload, (uint32_t)(at - payload), 0, 1, m->tick - 1u))
        return 0;
    run.part += count;
    return 1;
}

static int send_samples(const engram_machine *m)
{
    for (; run.cursor < ENGRAM_PROBES; run.cursor++, run.part = 0) {
        const engram_probe_run *probe = engram_probe_at(run.cursor);
        if (!probe->on || (m->tick - 1u) % probe->every_ticks != 0u)
            continue;
        while (run.part < probe->count)
            if (!send_sample(m, run.cursor, probe))
                return 0;
    }
    return 1;
}

static int send_hashes(void)
{
    if (run.hash_count == 0u)
        return 1;
    engram_put_u16(hashes, run.hash_count);
    const uint32_t first_tick = engram_get_u32(hashes + 2) - 1u;
    if (!engram_record_push(ENGRAM_MSG_HASHES, hashes, 2u + run.hash_count * HASH_BYTES, 0, run.hash_count, first_tick))
        return 0;
    run.hash_count = 0;
    return 1;
}

static int add_hash(const engram_machine *m)
{
    if (run.request.hash_every == 0u || m->tick % run.request.hash_every != 0u)
        return 1;
    if (2u + (run.hash_count + 1u) * HASH_BYTES > run.max_payload && !send_hashes())
        return 0;
    uint8_t *at = hashes + 2u + run.hash_count * HASH_BYTES;
    engram_put_u32(at, m->tick);
    engram_put_u32(at + 4, engram_state_hash(m));
    run.hash_count++;
    return 1;
}

static int send_progress(const engram_machine *m)
{
    uint8_t payload[12];
    if (run.request.progress_every == 0u || run.ticks_run % run.request.progress_every != 0u)
        return 1;
    const engram_run_progress progress = {m->tick, m->statistics.spikes_out - run.before.spikes_out,
                                          counters.late_events - run.counters_before.late_events};
    const int32_t size = engram_run_progress_write(payload, sizeof payload, &progress);
    return engram_record_push(ENGRAM_MSG_RUN_PROGRESS, payload, (uint32_t)size, 0, 0, m->tick - 1u);
}

static int is_over(void)
{
    return run.stopped || (run.request.ticks != 0u && run.ticks_run >= run.request.ticks);
}

static int send_done(const engram_machine *m)
{
    uint8_t payload[64];
    const int wants_hash = (run.request.options & ENGRAM_RUN_HASH) != 0u;
    engram_run_done done;
    memset(&done, 0, sizeof done);
    if (!engram_stream_has_room(sizeof payload + 32u) || !engram_record_report_loss())
        return 0;
    done.overrun_ticks = counters.overrun_ticks - run.counters_before.overrun_ticks;
    done.end = run.stopped && !(run.request.ticks != 0u && run.ticks_run >= run.request.ticks)
                   ? ENGRAM_RUN_END_STOPPED
                   : ENGRAM_RUN_END_COMPLETED;
    done.flags = (uint8_t)((wants_hash ? ENGRAM_RUN_DONE_HASH : 0u) |
                           (engram_records_dropped() != 0u ? ENGRAM_RUN_DONE_INCOMPLETE : 0u) |
                           (done.overrun_ticks != 0u ? ENGRAM_RUN_DONE_OVERRUN : 0u));
    done.tick = m->tick;
    done.ticks_run = run.ticks_run;
    done.hash = wants_hash ? engram_state_hash(m) : 0u;
    done.spikes_in = m->statistics.spikes_in - run.before.spikes_in;
    done.spikes_out = m->statistics.spikes_out - run.before.spikes_out;
    done.duplicate_spikes = m->statistics.duplicate_spikes - run.before.duplicate_spikes;
    done.late_events = counters.late_events - run.counters_before.late_events;
    done.dropped_records = engram_records_dropped();
    done.worst_tick = run.worst_tick;
    const int32_t size = engram_run_done_write(payload, sizeof payload, &done);
    engram_stream_push(ENGRAM_MSG_RUN_DONE, payload, (uint32_t)size);
    return 1;
}

/* Does the phase; false if it has to go on later. */
static int phase_done(engram_machine *m)
{
    switch (run.phase) {
    case SPIKES:
        if (!send_spikes(m))
            return 0;
        engram_machine_forget_input(m);
        return 1;
    case SAMPLES:
        return send_samples(m);
    case HASH:
        return add_hash(m);
    case PROGRESS:
        return send_progress(m);
    case LAST_SPIKES:
        return send_batch();
    case LAST_HASHES:
        return send_hashes();
    default:
        return send_done(m);
    }
}

static void next_phase(void)
{
    run.cursor = 0;
    run.part = 0;
    if (run.phase == DONE)
        run.active = 0;
    else if (run.phase == PROGRESS)
        run.phase = is_over() ? LAST_SPIKES : REST;
    else
        run.phase++;
}

static void run_tick(engram_machine *m)
{
    const uint32_t mask = engram_port_about()->cycle_mask;
    const uint32_t start = engram_port_microseconds(), start_cycles = engram_port_cycles();
    engram_machine_tick(m);
    const uint32_t cycles = (engram_port_cycles() - start_cycles) & mask;
    const uint32_t end = engram_port_microseconds();
    const uint32_t low = counters.cycles_low;
    counters.cycles_low += cycles;
    counters.cycles_high += counters.cycles_low < low;
    if (cycles > counters.worst_tick_cycles)
        counters.worst_tick_cycles = cycles;
    if (end - start > run.worst_tick)
        run.worst_tick = end - start;
    if (end - start > counters.worst_tick)
        counters.worst_tick = end - start;
    run.ticks_run++;
    if (run.request.tick_microseconds != 0u) {
        run.due += run.request.tick_microseconds;
        if ((int32_t)(end - run.due) > 0)
            counters.overrun_ticks++;
        if ((int32_t)(end - run.due) > LONGEST_LAG)
            run.due = end - LONGEST_LAG;
    }
    run.phase = SPIKES;
}

int engram_run_poll(uint32_t max_payload)
{
    engram_machine *m = &engram_core_machine;
    if (!run.active)
        return 0;
    if (max_payload < run.max_payload) {
        /* Another host, that takes smaller frames: what was collected for the one before goes as its stream went. */
        engram_batch_clear();
        run.hash_count = 0;
    }
    run.max_payload = max_payload;
    if (run.phase != REST) {
        do {
            if (!phase_done(m))
                return 0;
            next_phase();
        } while (run.active && run.phase != REST);
        return 1;
    }
    if (is_over()) {
        run.phase = LAST_SPIKES;
        return 1;
    }
    if (run.request.tick_microseconds == 0u) {
        if (!engram_stream_ready())
            return 0;
    } else {
        const uint32_t now = engram_port_microseconds();
        if (engram_batch_count() != 0u && now - run.batch_since >= SPIKES_AT_LEAST_EVERY)
            send_batch();
        if ((int32_t)(now - run.due) < 0)
            return 0;
    }
    run_tick(m);
    return 1;
}
