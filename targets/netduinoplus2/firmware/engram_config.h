/* Sizes of the core on this board, beside those of target.json. */
#ifndef ENGRAM_CONFIG_H
#define ENGRAM_CONFIG_H

#include "generated/engram_target.h"

/* Memory of an image as the compiler counts it, and 4 KB for the descriptors it does not count. */
#define ENGRAM_ARENA_BYTES (ENGRAM_TARGET_MEMORY_BYTES + 4096u)
#define ENGRAM_ARENA_SECTION
#define ENGRAM_MAX_PAYLOAD 1024u
#define ENGRAM_STREAM_BYTES 6144u
#define ENGRAM_QUEUE_EVENTS 512u
#define ENGRAM_PROBES 16u
#define ENGRAM_HOT

/* Of this port: storage.c. */
/* The state of an image that fills its memory, behind the head of a slot. */
#define STM32_STATE_BYTES 32768u

#endif
