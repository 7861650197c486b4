/* The counters of STATISTICS. */
#ifndef ENGRAM_STATISTICS_H
#define ENGRAM_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

void engram_statistics_clear(void);

/* Writes the payload of STATISTICS; its size. */
uint32_t engram_statistics_write_all(uint8_t *payload, size_t capacity);

#endif
