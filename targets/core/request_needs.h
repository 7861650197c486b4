/* What requests need before they are done, and how they are refused. */
#ifndef ENGRAM_REQUEST_NEEDS_H
#define ENGRAM_REQUEST_NEEDS_H

#include "machine.h"
#include "requests.h"

void engram_refuse(engram_response *response, uint32_t error, uint32_t detail);
void engram_take_verdict(engram_response *response, engram_verdict verdict);

/* Each is true if it holds; else the request is refused. */
int engram_has_image(engram_response *response);
/* Nothing runs and no download reads the state. */
int engram_is_idle(engram_response *response);
/* An image, and no lockstep run. */
int engram_is_paused(engram_response *response);

/* The machine is in a new state of its image: queue and statistics are emptied. */
void engram_begin_anew(void);

#endif
