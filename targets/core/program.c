#include "program.h"

#include "arithmetic.h"
#include "engram_config.h"

static int is_modulator(uint8_t code)
{
    return code >= ENGRAM_FACTOR_MODULATOR && code != ENGRAM_NO_FACTOR;
}

static int is_modulated(const engram_term *t)
{
    return is_modulator(t->factor1) || is_modulator(t->factor2) || is_modulator(t->factor3) ||
           t->factor1 == ENGRAM_FACTOR_L || t->factor2 == ENGRAM_FACTOR_L || t->factor3 == ENGRAM_FACTOR_L;
}

static int program_of(const engram_term *t)
{
    if (t->event == ENGRAM_EVENT_PRE)
        return ENGRAM_PROGRAM_PRE;
    if (t->event == ENGRAM_EVENT_POST)
        return ENGRAM_PROGRAM_POST;
    if (t->event == ENGRAM_EVENT_NEAR)
        return ENGRAM_PROGRAM_NEAR;
    return is_modulated(t) ? ENGRAM_PROGRAM_MODULATED : ENGRAM_PROGRAM_RATED;
}

static int uses(const engram_term *t, uint8_t first, uint8_t last)
{
    const uint8_t codes[3] = {t->factor1, t->factor2, t->factor3};
    for (int n = 0; n < 3; n++)
        if (codes[n] >= first && codes[n] <= last)
            return 1;
    return 0;
}

void engram_program_rule(engram_rule_run *run, const engram_rule *rule, const engram_term *terms, engram_step *steps)
{
    for (int which = 0; which < ENGRAM_PROGRAMS; which++) {
        engram_program *program = &run->programs[which];
        const engram_program empty = {steps, 0, 0, 0, 0, 0, 1, ENGRAM_SHAPE_NONE};
        *program = empty;
        for (uint32_t n = 0; n < rule->term_count; n++) {
            const engram_term *t = &terms[rule->first_term + n];
            if (program_of(t) != which)
                continue;
            steps->factor1 = engram_factor_slot(t->factor1);
            steps->factor2 = engram_factor_slot(t->factor2);
            steps->factor3 = engram_factor_slot(t->factor3);
            steps->pre_shift = t->pre_shift;
            steps->shift = t->shift;
            steps->to_tag = t->target == ENGRAM_TERM_TARGET_T;
            steps->to_tag2 = t->target == ENGRAM_TERM_TARGET_T2;
            steps->mantissa = t->mantissa;
            program->uses_x |= (uint8_t)uses(t, ENGRAM_FACTOR_X1, ENGRAM_FACTOR_X2);
            program->uses_y |= (uint8_t)uses(t, ENGRAM_FACTOR_Y1, ENGRAM_FACTOR_Y3);
            /* h is of this tick: in pre-events it is 0. */
            program->uses_h |= (uint8_t)(which != ENGRAM_PROGRAM_PRE && uses(t, ENGRAM_FACTOR_H, ENGRAM_FACTOR_H));
            program->uses_l |= (uint8_t)uses(t, ENGRAM_FACTOR_L, ENGRAM_FACTOR_L);
            program->needs_l &= (uint8_t)uses(t, ENGRAM_FACTOR_L, ENGRAM_FACTOR_L);
            program->count++;
            steps++;
        }
        if (program->count == 1u && program->steps->factor3 == ENGRAM_NO_FACTOR && !program->steps->to_tag2)
            program->shape = ENGRAM_SHAPE_SINGLE;
        else if (program->count != 0u)
            program->shape = ENGRAM_SHAPE_GENERAL;
    }
}

ENGRAM_HOT engram_increments engram_evaluate(const engram_program *program, const int32_t *factors)
{
    engram_increments sums = {0, 0, 0};
    const engram_step *step = program->steps;
    for (uint32_t n = program->count; n != 0u; n--, step++) {
        int32_t p = factors[step->factor1] * factors[step->factor2];
        if (step->factor3 != ENGRAM_NO_FACTOR)
            p = engram_sat16((p + (1 << (step->pre_shift - 1))) >> step->pre_shift) * factors[step->factor3];
        const int32_t increment = engram_increment(p, step->mantissa, step->shift);
        if (step->to_tag)
            sums.tag += increment;
        else if (step->to_tag2)
            sums.tag2 += increment;
        else
            sums.weight += increment;
    }
    return sums;
}
