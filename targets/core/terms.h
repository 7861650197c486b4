/*
 * Rules of any shape (docs/core.md, section 6). The synapses that an event reaches are taken some dozens at a time: what
 * varies among them is put into buffers, each term is a pass over these and adds to the sums of its target, and at last
 * the sums go into T, T2 and W. So a term costs a loop and not a decision for each synapse, and what does not vary is
 * multiplied and rounded once, with the same bits.
 */
#ifndef ENGRAM_TERMS_H
#define ENGRAM_TERMS_H

#include "machine.h"

/* The synapses of a row or a column of a plastic block. */
typedef struct {
    const engram_block_run *run;
    uint32_t count;
    uint32_t first;           /* synapse, */
    uint32_t stride;          /* and from each to the next; 1 in a row */
    const uint32_t *synapses; /* instead, of a sparse column */
    const uint16_t *others;   /* neurons of a sparse row, axons of a sparse column; 0: from the first on */
} engram_span;

engram_span engram_row_span(const engram_block_run *run, uint32_t start, uint32_t count);
engram_span engram_column_span(const engram_block_run *run, uint32_t column);

/* Evaluates the program for each synapse; the factors hold what is the same for all. */
void engram_evaluate_terms(const engram_span *span, const engram_program *program, const int16_t *factors);

#endif
