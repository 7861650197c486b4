/* STATE_READ, STATE_WRITE and PROBE_SET on an image that is loaded (docs/wire.md, State and Probes). */
#ifndef ENGRAM_STATE_REQUESTS_H
#define ENGRAM_STATE_REQUESTS_H

#include "requests.h"

void engram_state_read_range(engram_response *response, const engram_frame *frame, uint32_t max_payload);
void engram_state_write_range(engram_response *response, const engram_frame *frame);
void engram_state_set_probe(engram_response *response, const engram_frame *frame);

#endif
