#include "records.h"

#include <string.h>

#include "machine.h"
#include "run.h"
#include "stream.h"

static struct {
    int may_drop;
    uint32_t dropped;
    int lost;
    engram_stream_loss loss;
} records;

void engram_records_begin(int may_drop)
{
    memset(&records, 0, sizeof records);
    records.may_drop = may_drop;
}

int engram_record_report_loss(void)
{
    uint8_t payload[18];
    if (!records.lost)
        return 1;
    if (!engram_stream_has_room(sizeof payload))
        return 0;
    const int32_t size = engram_stream_loss_write(payload, sizeof payload, &records.loss);
    engram_stream_push(ENGRAM_MSG_STREAM_LOSS, payload, (uint32_t)size);
    records.lost = 0;
    memset(&records.loss, 0, sizeof records.loss);
    return 1;
}

int engram_record_push(uint8_t type, const uint8_t *payload, uint32_t size, uint32_t spikes, uint32_t samples,
                       uint32_t first_tick)
{
    /* Room for a report of losses is kept behind every record. */
    if (engram_stream_has_room(size + 32u) && engram_record_report_loss()) {
        engram_stream_push(type, payload, size);
        return 1;
    }
    if (!records.may_drop)
        return 0;
    if (!records.lost || first_tick < records.loss.first_tick)
        records.loss.first_tick = first_tick;
    records.lost = 1;
    records.loss.last_tick = engram_core_machine.tick - 1u;
    records.loss.spikes += spikes;
    records.loss.samples += samples;
    records.dropped += spikes + samples;
    engram_run_counted()->dropped_records += spikes + samples;
    return 1;
}

uint32_t engram_records_dropped(void)
{
    return records.dropped;
}
