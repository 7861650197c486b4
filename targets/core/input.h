/* Spikes, rewards and control events into the queue, whole or not at all (docs/wire.md, Running). */
#ifndef ENGRAM_INPUT_H
#define ENGRAM_INPUT_H

#include <stdint.h>

#include "request_log.h"

engram_answer engram_input_spikes(const uint8_t *payload, uint32_t size);
engram_answer engram_input_rewards(const uint8_t *payload, uint32_t size);
engram_answer engram_input_controls(const uint8_t *payload, uint32_t size);

#endif
