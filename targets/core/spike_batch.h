/* The payload of SPIKES_OUT while it is being filled. */
#ifndef ENGRAM_SPIKE_BATCH_H
#define ENGRAM_SPIKE_BATCH_H

#include <stdint.h>

void engram_batch_clear(void);
/* Adds a spike, units rising within a tick; false if it does not fit: then the batch must be sent first. */
int engram_batch_add(uint32_t tick, uint32_t unit, uint32_t max_payload);
const uint8_t *engram_batch_payload(uint32_t *size);
/* Spikes in it. */
uint32_t engram_batch_count(void);

#endif
