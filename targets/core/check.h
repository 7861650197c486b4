/* Checks that several parts of the loader share. */
#ifndef ENGRAM_CHECK_H
#define ENGRAM_CHECK_H

#include "arithmetic.h"
#include "image.h"

/* first + count <= limit without wrapping. */
static inline int engram_within(uint32_t first, uint32_t count, uint32_t limit)
{
    return first <= limit && count <= limit - first;
}

static inline int engram_decay_ok(uint32_t keep, uint32_t cadence)
{
    return keep <= ENGRAM_KEEP_ALL && cadence <= 31u;
}

/* starts begins at 0, never falls and ends at end. */
static inline int engram_starts_ok(const uint32_t *starts, uint32_t count, uint32_t end)
{
    if (starts[0] != 0u || starts[count - 1u] != end)
        return 0;
    for (uint32_t n = 1; n < count; n++)
        if (starts[n - 1u] > starts[n])
            return 0;
    return 1;
}

/* Terms of a rule that act on an event. */
static inline int engram_rule_has(const engram_image *image, const engram_rule *rule, uint32_t event)
{
    for (uint32_t n = 0; n < rule->term_count; n++)
        if (image->terms[rule->first_term + n].event == event)
            return 1;
    return 0;
}

/* Whether a term has a factor. */
static inline int engram_term_names(const engram_term *t, uint32_t code)
{
    return t->factor1 == code || t->factor2 == code || t->factor3 == code;
}

/* Returns from a check of `image`, unless the condition holds. */
#define REFUSE_UNLESS(condition, at, reason)                             \
    do {                                                                 \
        if (!(condition))                                                \
            return engram_refused(engram_image_offset(image, at), reason); \
    } while (0)

#endif
