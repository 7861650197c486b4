#include "program.h"

static int is_modulator(uint8_t code)
{
    return code >= ENGRAM_FACTOR_MODULATOR && code != ENGRAM_NO_FACTOR;
}

static int uses(const engram_term *t, uint8_t first, uint8_t last)
{
    const uint8_t codes[3] = {t->factor1, t->factor2, t->factor3};
    for (int n = 0; n < 3; n++)
        if (codes[n] >= first && codes[n] <= last)
            return 1;
    return 0;
}

static int is_modulated(const engram_term *t)
{
    return is_modulator(t->factor1) || is_modulator(t->factor2) || is_modulator(t->factor3) ||
           uses(t, ENGRAM_FACTOR_L, ENGRAM_FACTOR_L);
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

#define SLOTS(first, last) ((2u << (last)) - (1u << (first)))

/* Slots that differ among the synapses of an event: those of the other side, and the synapse's own. */
static uint32_t varying_slots(int which)
{
    const uint32_t own = SLOTS(ENGRAM_FACTOR_T, ENGRAM_FACTOR_T2);
    if (which == ENGRAM_PROGRAM_POST || which == ENGRAM_PROGRAM_NEAR)
        return own | SLOTS(ENGRAM_FACTOR_X1, ENGRAM_FACTOR_X2);
    const uint32_t neuron = SLOTS(ENGRAM_FACTOR_Y1, ENGRAM_FACTOR_Y3) | SLOTS(ENGRAM_FACTOR_L, ENGRAM_FACTOR_L);
    /* h is of this tick: in pre-events it is 0. */
    return own | neuron | (which == ENGRAM_PROGRAM_PRE ? 0u : SLOTS(ENGRAM_FACTOR_H, ENGRAM_FACTOR_H));
}

static uint32_t bit_of(uint8_t code)
{
    return code <= ENGRAM_FACTOR_L ? 1u << code : 0u;
}

static uint8_t slot_of(uint8_t code)
{
    return is_modulator(code) ? (uint8_t)(ENGRAM_CHANNEL_SLOT + (code - ENGRAM_FACTOR_MODULATOR)) : code;
}

static uint8_t count_bits(uint32_t word)
{
    uint8_t count = 0;
    for (; word != 0u; word &= word - 1u)
        count++;
    return count;
}

static uint8_t uses_of(const engram_term *t, int which)
{
    uint32_t flags = 0;
    if (uses(t, ENGRAM_FACTOR_X1, ENGRAM_FACTOR_X2))
        flags |= ENGRAM_USES_X;
    if (uses(t, ENGRAM_FACTOR_Y1, ENGRAM_FACTOR_Y3))
        flags |= ENGRAM_USES_Y;
    if (which != ENGRAM_PROGRAM_PRE && uses(t, ENGRAM_FACTOR_H, ENGRAM_FACTOR_H))
        flags |= ENGRAM_USES_H;
    if (uses(t, ENGRAM_FACTOR_L, ENGRAM_FACTOR_L))
        flags |= ENGRAM_USES_L | ENGRAM_NEEDS_L;
    return (uint8_t)flags;
}

/* varies: of the whole program. */
static engram_step step_of(const engram_term *t, uint32_t varies)
{
    /* The product of the first two does not depend on their order. */
    const int turned = !(varies & bit_of(t->factor1)) && (varies & bit_of(t->factor2));
    const uint8_t codes[3] = {turned ? t->factor2 : t->factor1, turned ? t->factor1 : t->factor2, t->factor3};
    engram_step step = {{0, 0, 0}, 0, t->pre_shift, t->shift, t->target, t->mantissa};
    for (uint32_t n = 0; n < 3u; n++) {
        const uint32_t bit = bit_of(codes[n]);
        step.factor[n] = varies & bit ? count_bits(varies & (bit - 1u)) : slot_of(codes[n]);
        if (varies & bit)
            step.varies |= (uint8_t)(1u << n);
    }
    return step;
}

static uint8_t shape_of(const engram_program *program, int which)
{
    const engram_step *step = program->steps;
    if (program->count == 0u)
        return ENGRAM_SHAPE_NONE;
    if (program->count != 1u || step->factor[2] != ENGRAM_NO_FACTOR || step->target == ENGRAM_TERM_TARGET_T2)
        return ENGRAM_SHAPE_GENERAL;
    const uint32_t tag = 1u << ENGRAM_FACTOR_T, l = 1u << ENGRAM_FACTOR_L;
    const uint32_t traces = SLOTS(ENGRAM_FACTOR_X1, ENGRAM_FACTOR_X2) | SLOTS(ENGRAM_FACTOR_Y1, ENGRAM_FACTOR_Y3);
    if (step->varies == 1u && program->varies & traces)
        return ENGRAM_SHAPE_TRACE;
    if (which == ENGRAM_PROGRAM_POST || which == ENGRAM_PROGRAM_NEAR || step->target != ENGRAM_TERM_TARGET_W)
        return ENGRAM_SHAPE_GENERAL;
    if (step->varies == 1u && program->varies == tag)
        return ENGRAM_SHAPE_TAG;
    return program->varies == (tag | l) ? ENGRAM_SHAPE_TAG_AND_L : ENGRAM_SHAPE_GENERAL;
}

void engram_program_rule(engram_rule_run *run, const engram_rule *rule, const engram_term *terms, engram_step *steps)
{
    terms += rule->first_term;
    for (int which = 0; which < ENGRAM_PROGRAMS; which++) {
        engram_program program = {steps, 0, 0, 0, 0, 0, 0};
        uint32_t named = 0, some = 0, all = ENGRAM_NEEDS_L;
        for (uint32_t n = 0; n < rule->term_count; n++)
            if (program_of(&terms[n]) == which)
                named |= bit_of(terms[n].factor1) | bit_of(terms[n].factor2) | bit_of(terms[n].factor3);
        program.varies = (uint16_t)(named & varying_slots(which));
        for (uint32_t n = 0; n < rule->term_count; n++) {
            if (program_of(&terms[n]) != which)
                continue;
            const uint8_t of_term = uses_of(&terms[n], which);
            some |= of_term;
            all &= of_term;
            program.targets |= (uint8_t)(1u << terms[n].target);
            program.thirds |= terms[n].factor3 != ENGRAM_NO_FACTOR;
            program.count++;
            *steps++ = step_of(&terms[n], program.varies);
        }
        program.uses = (uint8_t)((some & ~(uint32_t)ENGRAM_NEEDS_L) | all);
        program.shape = shape_of(&program, which);
        run->programs[which] = program;
    }
}
