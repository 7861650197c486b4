/* The terms of a rule, sorted by the event they act on (docs/core.md, section 6). */
#ifndef ENGRAM_PROGRAM_H
#define ENGRAM_PROGRAM_H

#include "machine.h"

/* Fills a rule's programs; steps has room for all its terms. */
void engram_program_rule(engram_rule_run *run, const engram_rule *rule, const engram_term *terms, engram_step *steps);

/* The increment of one term whose product p of two factors is known. */
static inline int32_t engram_increment(int32_t p, int32_t mantissa, uint32_t shift)
{
    const int32_t r = ((p + 64) >> 7) * mantissa;
    const int32_t increment = shift == 0u ? r : (r + (1 << (shift - 1u))) >> shift;
    return increment > 65535 ? 65535 : increment < -65535 ? -65535 : increment;
}

#endif
