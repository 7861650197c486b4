/* Sizes of the core on this board, beside those of target.json. */
#ifndef ENGRAM_CONFIG_H
#define ENGRAM_CONFIG_H

#include "generated/engram_target.h"

/* Memory of an image as the compiler counts it, and 8 KB for the descriptors it does not count. */
#define ENGRAM_ARENA_BYTES (ENGRAM_TARGET_MEMORY_BYTES + 8192u)
#define ENGRAM_ARENA_SECTION
#define ENGRAM_MAX_PAYLOAD 1024u
#define ENGRAM_STREAM_BYTES 12288u
#define ENGRAM_QUEUE_EVENTS 1024u
#define ENGRAM_PROBES 16u
/* Inner loops run from RAM: flash is behind a cache that a tick would overrun. */
#define ENGRAM_HOT __attribute__((section(".time_critical"), noinline))

#endif
