/* The synapses of a block by row, and the factor values of an event. */
#ifndef ENGRAM_ROWS_H
#define ENGRAM_ROWS_H

#include "machine.h"

/* First synapse of a row within its block. */
static inline uint32_t engram_row_start(const engram_block_run *run, uint32_t row)
{
    return run->rows != 0 ? run->rows[row] : row * run->block->neuron_count;
}

/* Neuron of a synapse, counted from the block's first. */
static inline uint32_t engram_row_target(const engram_block_run *run, uint32_t start, uint32_t synapse)
{
    return run->targets != 0 ? run->targets[synapse] : synapse - start;
}

static inline int32_t engram_weight_of(const engram_block_run *run, uint32_t synapse)
{
    return run->packed != 0 ? (int32_t)run->packed[synapse] >> 16 : run->plastic16[synapse];
}

static inline int32_t engram_tag_of(const engram_block_run *run, uint32_t synapse)
{
    return run->packed != 0 ? (int16_t)(run->packed[synapse] & 0xffffu) : 0;
}

static inline uint32_t engram_pack(int32_t weight, int32_t tag)
{
    return (uint32_t)weight << 16 | ((uint32_t)tag & 0xffffu);
}

/* Factor values, 16 bits each, that do not change within a tick: one, and the modulators as they were after the tick before. */
void engram_load_constants(const engram_machine *m, int16_t *factors);

#endif
