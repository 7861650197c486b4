#include "statistics.h"

#include <string.h>

#include "frame.h"
#include "machine.h"
#include "run.h"

void engram_statistics_clear(void)
{
    engram_run_before_clear();
    memset(&engram_core_machine.statistics, 0, sizeof engram_core_machine.statistics);
    memset(engram_run_counted(), 0, sizeof(engram_run_counters));
    memset(engram_frame_counted(), 0, sizeof(engram_frame_counters));
}

uint32_t engram_statistics_write_all(uint8_t *payload, size_t capacity)
{
    const engram_machine_statistics *machine = &engram_core_machine.statistics;
    const engram_run_counters *run = engram_run_counted();
    const engram_frame_counters *frames = engram_frame_counted();
    const engram_statistics statistics = {
        .ticks = machine->ticks,
        .spikes_in = machine->spikes_in,
        .spikes_out = machine->spikes_out,
        .duplicate_spikes = machine->duplicate_spikes,
        .late_events = run->late_events,
        .dropped_records = run->dropped_records,
        .overrun_ticks = run->overrun_ticks,
        .worst_tick = run->worst_tick,
        .worst_tick_cycles = run->worst_tick_cycles,
        .cycles_low = run->cycles_low,
        .cycles_high = run->cycles_high,
        .frames_good = frames->good,
        .discarded_crc = frames->crc,
        .discarded_cobs = frames->cobs,
        .discarded_short = frames->too_short,
        .discarded_long = frames->too_long,
    };
    return (uint32_t)engram_statistics_write(payload, capacity, &statistics);
}
