/* The synapses of a block by row, and their update, for the steps that walk them. */
#ifndef ENGRAM_ROWS_H
#define ENGRAM_ROWS_H

#include "arithmetic.h"
#include "machine.h"
#include "program.h"

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

/* Factors of an axon and of a neuron, counted from the block's first. */
static inline void engram_load_axon(const engram_block_run *run, const engram_program *program, uint32_t axon,
                                    int32_t *factors)
{
    if (!program->uses_x)
        return;
    factors[ENGRAM_FACTOR_X1] = run->x[0] != 0 ? run->x[0][axon] >> 8 : 0;
    factors[ENGRAM_FACTOR_X2] = run->x[1] != 0 ? run->x[1][axon] >> 8 : 0;
}

static inline void engram_load_neuron(const engram_block_run *run, const engram_program *program, uint32_t neuron,
                                      int32_t *factors)
{
    if (program->uses_h)
        factors[ENGRAM_FACTOR_H] = run->h != 0 ? run->h[neuron] : 0;
    if (program->uses_l)
        factors[ENGRAM_FACTOR_L] = run->l != 0 ? run->l[neuron] : 0;
    if (!program->uses_y)
        return;
    factors[ENGRAM_FACTOR_Y1] = run->y[0] != 0 ? run->y[0][neuron] >> 8 : 0;
    factors[ENGRAM_FACTOR_Y2] = run->y[1] != 0 ? run->y[1][neuron] >> 8 : 0;
    factors[ENGRAM_FACTOR_Y3] = run->y[2] != 0 ? run->y[2][neuron] >> 8 : 0;
}

/* Factor values that do not change within a tick: one, and the modulators as they were after the tick before. */
void engram_load_constants(const engram_machine *m, int32_t *factors);

/* Evaluates a program for one synapse, whose axon's and neuron's factors are loaded, and updates T, T2 and W. */
void engram_update_synapse(const engram_block_run *run, const engram_program *program, uint32_t synapse,
                           int32_t *factors);

#endif
