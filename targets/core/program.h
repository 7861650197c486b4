/* The terms of a rule, sorted by the event they act on (docs/core.md, section 6). */
#ifndef ENGRAM_PROGRAM_H
#define ENGRAM_PROGRAM_H

#include "machine.h"

/* Place of a factor code among the factor values. */
static inline uint8_t engram_factor_slot(uint8_t code)
{
    return code == ENGRAM_NO_FACTOR || code < ENGRAM_FACTOR_MODULATOR
               ? code
               : (uint8_t)(ENGRAM_CHANNEL_SLOT + (code - ENGRAM_FACTOR_MODULATOR));
}

/* Fills a rule's programs; steps has room for all its terms. */
void engram_program_rule(engram_rule_run *run, const engram_rule *rule, const engram_term *terms, engram_step *steps);

/* Sums of the increments of all terms, from the factor values. */
typedef struct {
    int32_t tag;
    int32_t tag2;
    int32_t weight;
} engram_increments;

engram_increments engram_evaluate(const engram_program *program, const int32_t *factors);

/* The increment of one term whose product p of two factors is known. */
static inline int32_t engram_increment(int32_t p, int32_t mantissa, uint32_t shift)
{
    const int32_t r = ((p + 64) >> 7) * mantissa;
    const int32_t increment = shift == 0u ? r : (r + (1 << (shift - 1u))) >> shift;
    return increment > 65535 ? 65535 : increment < -65535 ? -65535 : increment;
}

#endif
