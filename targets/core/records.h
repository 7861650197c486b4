/* What a run sends: in lockstep every record waits for room; in real time those without room are dropped and counted. */
#ifndef ENGRAM_RECORDS_H
#define ENGRAM_RECORDS_H

#include <stdint.h>

/* A new run: nothing is lost yet. */
void engram_records_begin(int may_drop);

/* Sends a message with so many spikes and samples, from first_tick on; false if it must be tried again later. */
int engram_record_push(uint8_t type, const uint8_t *payload, uint32_t size, uint32_t spikes, uint32_t samples,
                       uint32_t first_tick);

/* Sends STREAM_LOSS if there is something to report; false if there is no room for it. */
int engram_record_report_loss(void);

/* Spikes and samples dropped in this run. */
uint32_t engram_records_dropped(void);

#endif
