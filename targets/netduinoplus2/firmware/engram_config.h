/* Sizes of the core on this board, beside those of target.json. */
#ifndef ENGRAM_CONFIG_H
#define ENGRAM_CONFIG_H

#include "generated/engram_target.h"

/* The core-coupled memory, 64 KB, holds nothing else. */
#define ENGRAM_ARENA_BYTES (ENGRAM_TARGET_MEMORY_BYTES + 8192u)
#define ENGRAM_ARENA_SECTION __attribute__((section(".arena")))
#define ENGRAM_MAX_PAYLOAD 1024u
#define ENGRAM_STREAM_BYTES 8192u
#define ENGRAM_QUEUE_EVENTS 1024u
#define ENGRAM_PROBES 16u
#define ENGRAM_POPULATIONS 256u
#define ENGRAM_HOT

#endif
