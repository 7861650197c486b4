/* Events of plastic synapses: the loop for the shape of the rule's terms. */
#ifndef ENGRAM_LEARNING_H
#define ENGRAM_LEARNING_H

#include "kernels.h"
#include "machine.h"

/* The loops; GENERAL takes the terms one by one (terms.h). */
enum {
    ENGRAM_LOOP_NOTHING,
    ENGRAM_LOOP_GENERAL,
    ENGRAM_LOOP_TRACE_TO_TAG,
    ENGRAM_LOOP_PRODUCT_TO_TAG,
    ENGRAM_LOOP_PRODUCT_TO_WEIGHT,
    ENGRAM_LOOP_TAG_TO_WEIGHT,
    ENGRAM_LOOP_TAG_AND_L_TO_WEIGHT,
};

/* How the synapses of an event are served: the same for all events of a block that have the same factors. */
typedef struct {
    uint8_t loop;         /* ENGRAM_LOOP_… */
    const int32_t *trace; /* what varies, of the loops that take a trace */
    union {
        engram_tag_kernel tag;
        engram_product_kernel product;
    } kernel;
} engram_way;

/*
 * The way for a program, with the factors of the axon whose row, or of the neuron whose column the event reaches
 * (engram_load_axon, engram_load_neuron) and those that are the same in the whole tick. No program: nothing is learnt.
 */
void engram_choose_way(engram_way *way, const engram_block_run *run, const engram_program *program,
                       const int16_t *factors);

/* The program's terms for all synapses of a row or of a column. */
void engram_learn_row(const engram_way *way, const engram_block_run *run, const engram_program *program,
                      const int16_t *factors, uint32_t start, uint32_t count);
void engram_learn_column(const engram_way *way, const engram_block_run *run, const engram_program *program,
                         const int16_t *factors, uint32_t column);

/* A row's acting weights reach their neurons; then its synapses learn. Not for TRACE_TO_TAG. */
void engram_deliver_other_row(const engram_way *way, const engram_block_run *run, const engram_program *program,
                              const int16_t *factors, uint32_t start, uint32_t count);

static inline void engram_deliver_row(const engram_way *way, const engram_block_run *run, const engram_program *program,
                                      const int16_t *factors, uint32_t start, uint32_t count)
{
    if (way->loop != ENGRAM_LOOP_TRACE_TO_TAG)
        engram_deliver_other_row(way, run, program, factors, start, count);
    else if (run->targets == 0)
        engram_tag_row_dense(run->packed + start, run->acc, way->trace, &way->kernel.tag, count);
    else
        engram_tag_row_sparse(run->packed + start, run->targets + start, run->acc, way->trace, &way->kernel.tag, count);
}

/* Whether all rows, or all columns, of a block have the same factors in a tick. */
static inline int engram_rows_alike(const engram_program *program)
{
    return !(program->uses & ENGRAM_USES_X);
}

static inline int engram_columns_alike(const engram_program *program)
{
    return !(program->uses & (ENGRAM_USES_Y | ENGRAM_USES_H | ENGRAM_USES_L));
}

/* Factors of an axon and of a neuron, counted from the block's first. */
void engram_load_axon(const engram_block_run *run, const engram_program *program, uint32_t axon, int16_t *factors);
void engram_load_neuron(const engram_block_run *run, const engram_program *program, uint32_t neuron, int16_t *factors);

#endif
