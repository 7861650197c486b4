#include "term_loops.h"

#include "arithmetic.h"
#include "engram_config.h"

ENGRAM_HOT void engram_fill(int32_t *to, uint32_t count, int32_t value)
{
    for (const int32_t *end = to + count; to != end;)
        *to++ = value;
}

ENGRAM_HOT void engram_load_traces(int32_t *to, uint32_t count, const int32_t *trace, const uint16_t *places)
{
    const int32_t *end = to + count;
    if (places == 0)
        while (to != end)
            *to++ = *trace++ >> 8;
    else
        while (to != end)
            *to++ = trace[*places++] >> 8;
}

ENGRAM_HOT void engram_load_signals(int32_t *to, uint32_t count, const int16_t *values, const uint16_t *places)
{
    const int32_t *end = to + count;
    if (places == 0)
        while (to != end)
            *to++ = *values++;
    else
        while (to != end)
            *to++ = values[*places++];
}

ENGRAM_HOT void engram_load_halves(int32_t *to, uint32_t count, const engram_halves *from)
{
    const int32_t *end = to + count;
    const int16_t *value = from->values;
    const uint32_t *place = from->places;
    const uint32_t stride = from->stride, scale = from->scale;
    if (place == 0)
        for (; to != end; value += stride)
            *to++ = *value;
    else
        while (to != end)
            *to++ = value[*place++ << scale];
}

ENGRAM_HOT void engram_squeeze_by(int32_t *to, uint32_t count, const int32_t *a, int32_t b, uint32_t shift)
{
    const int32_t round = 1 << (shift - 1u);
    for (const int32_t *end = to + count; to != end;)
        *to++ = engram_sat16((*a++ * b + round) >> shift);
}

ENGRAM_HOT void engram_squeeze(int32_t *to, uint32_t count, const int32_t *a, const int32_t *b, uint32_t shift)
{
    const int32_t round = 1 << (shift - 1u);
    for (const int32_t *end = to + count; to != end;)
        *to++ = engram_sat16((*a++ * *b++ + round) >> shift);
}

ENGRAM_HOT void engram_add_by(int32_t *sum, uint32_t count, const int32_t *a, int32_t b, const engram_scaling *scaling)
{
    const int32_t mantissa = scaling->mantissa, round = scaling->round;
    const uint32_t shift = scaling->shift;
    for (const int32_t *end = sum + count; sum != end;)
        *sum++ += (((*a++ * b + 64) >> 7) * mantissa + round) >> shift;
}

ENGRAM_HOT void engram_add(int32_t *sum, uint32_t count, const int32_t *a, const int32_t *b,
                           const engram_scaling *scaling)
{
    const int32_t mantissa = scaling->mantissa, round = scaling->round;
    const uint32_t shift = scaling->shift;
    for (const int32_t *end = sum + count; sum != end;)
        *sum++ += (((*a++ * *b++ + 64) >> 7) * mantissa + round) >> shift;
}

void engram_add_wide(int32_t *sum, uint32_t count, const int32_t *a, const int32_t *b, uint32_t step,
                     const engram_scaling *scaling)
{
    for (const int32_t *end = sum + count; sum != end; b += step) {
        const int32_t r = ((*a++ * *b + 64) >> 7) * scaling->mantissa;
        *sum++ += engram_clamp((r + scaling->round) >> scaling->shift, -65535, 65535);
    }
}

ENGRAM_HOT void engram_change_halves(const engram_halves *of, uint32_t count, const int32_t *sum, int32_t low,
                                     int32_t high)
{
    const int32_t *end = sum + count;
    int16_t *value = of->values;
    const uint32_t *place = of->places;
    const uint32_t stride = of->stride, scale = of->scale;
    if (place == 0)
        for (; sum != end; value += stride)
            *value = (int16_t)engram_clamp(*value + *sum++, low, high);
    else
        while (sum != end) {
            int16_t *at = value + (*place++ << scale);
            *at = (int16_t)engram_clamp(*at + *sum++, low, high);
        }
}
