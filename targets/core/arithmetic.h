/* The integer operations of docs/core.md, sections 1 and 2. */
#ifndef ENGRAM_ARITHMETIC_H
#define ENGRAM_ARITHMETIC_H

#include <stdint.h>

#define ENGRAM_STATE_MAX 0x7fffff
#define ENGRAM_KEEP_ALL 65536u

/* Shifts of negative numbers are arithmetic with the compilers supported; the build checks it. */
_Static_assert((-3 >> 1) == -2, "the compiler must shift negative numbers arithmetically");

static inline int32_t engram_sat24(int32_t x)
{
    /* One comparison where nothing has to be done. */
    if ((uint32_t)x + (uint32_t)ENGRAM_STATE_MAX <= 2u * ENGRAM_STATE_MAX)
        return x;
    return x < 0 ? -ENGRAM_STATE_MAX : ENGRAM_STATE_MAX;
}

static inline int32_t engram_sat16(int32_t x)
{
    if (x > 32767)
        return 32767;
    return x < -32767 ? -32767 : x;
}

static inline int32_t engram_clamp(int32_t x, int32_t low, int32_t high)
{
    if (x > high)
        return high;
    return x < low ? low : x;
}

/* weight << shift for a weight of any sign. */
static inline int32_t engram_scaled(int32_t weight, uint32_t shift)
{
    return (int32_t)((uint32_t)weight << shift);
}

/* Mask of the lowest bits of a tick that are zero when a decay of this cadence, or a sweep, is on turn. */
static inline uint32_t engram_turn_mask(uint32_t cadence)
{
    return (1u << cadence) - 1u;
}

/* floor(a * keep / 65536) for 0 <= a < 2^23 and keep <= 65535. */
static inline uint32_t engram_kept(uint32_t a, uint32_t keep)
{
    return (a >> 16) * keep + (((a & 0xffffu) * keep) >> 16);
}

/*
 * One turn of a decay, keep <= 65535; the magnitude is rounded down, that is up where x is negative: so 65535 / 65536
 * are added before the fraction is dropped. No branch, and no product of more than 32 bits.
 */
static inline int32_t engram_decay_by(int32_t x, uint32_t keep)
{
    const uint32_t up = (uint32_t)(x >> 31) >> 16;
    return (x >> 16) * (int32_t)keep + (int32_t)((((uint32_t)x & 0xffffu) * keep + up) >> 16);
}

static inline int32_t engram_decay(int32_t x, uint32_t keep)
{
    return keep == ENGRAM_KEEP_ALL ? x : engram_decay_by(x, keep);
}

static inline uint32_t engram_mix(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

#define ENGRAM_PURPOSE_NOISE 1u

/* The part of random(tick, unit, purpose) that all units of a tick share. */
static inline uint32_t engram_random_tick(uint32_t seed, uint32_t tick, uint32_t purpose)
{
    return engram_mix(engram_mix(seed + purpose * 0x9e3779b9u) + tick * 0x85ebca6bu);
}

#define ENGRAM_UNIT_FACTOR 0xc2b2ae35u

/* What is mixed for a unit; that of the next unit is ENGRAM_UNIT_FACTOR more. */
static inline uint32_t engram_random_key(uint32_t tick_part, uint32_t unit)
{
    return tick_part + unit * ENGRAM_UNIT_FACTOR;
}

/* Noise of an amplitude from a random number. */
static inline int32_t engram_noise(uint32_t random, uint32_t amplitude)
{
    const int32_t s = (int32_t)(random >> 16) - 32768;
    const uint32_t a = (uint32_t)(s < 0 ? -s : s);
    const int32_t size = (int32_t)(a * (amplitude >> 15) + ((a * (amplitude & 0x7fffu)) >> 15));
    return s < 0 ? -size : size;
}

#endif
