/* Milliseconds since the start. */
#ifndef ENGRAM_CLOCK_H
#define ENGRAM_CLOCK_H

#include <stdint.h>

/* To be called more often than the port's clock wraps (71 minutes). */
void engram_clock_poll(void);

uint32_t engram_clock_uptime(void);

#endif
