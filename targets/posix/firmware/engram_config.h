/* Sizes of the core as a process, beside those of target.json. */
#ifndef ENGRAM_CONFIG_H
#define ENGRAM_CONFIG_H

#include "generated/engram_target.h"

#define ENGRAM_ARENA_BYTES (ENGRAM_TARGET_MEMORY_BYTES + 65536u)
#define ENGRAM_ARENA_SECTION
#define ENGRAM_MAX_PAYLOAD 1024u
#define ENGRAM_STREAM_BYTES 65536u
#define ENGRAM_QUEUE_EVENTS 16384u
#define ENGRAM_PROBES 64u
#define ENGRAM_HOT

/* Of this port: storage.c. */
#define POSIX_STATE_BYTES 16777216u

#endif
