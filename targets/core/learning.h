/* Events of plastic synapses: the loop for the shape of the rule's terms. */
#ifndef ENGRAM_LEARNING_H
#define ENGRAM_LEARNING_H

#include "machine.h"

/*
 * The program's terms for all synapses of a row, with the factors of its axon, or of a column, with those of its neuron:
 * engram_load_axon, engram_load_neuron. factors holds what is the same in the whole tick.
 */
void engram_learn_row(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                      uint32_t start, uint32_t count);
void engram_learn_column(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                         uint32_t column);

/* A row's acting weights reach their neurons; then, if program is not 0, its synapses learn. */
void engram_deliver_row(const engram_block_run *run, const engram_program *program, const int32_t *factors,
                        uint32_t start, uint32_t count);

/* Factors of an axon and of a neuron, counted from the block's first. */
void engram_load_axon(const engram_block_run *run, const engram_program *program, uint32_t axon, int32_t *factors);
void engram_load_neuron(const engram_block_run *run, const engram_program *program, uint32_t neuron, int32_t *factors);

#endif
