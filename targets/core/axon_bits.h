/* Walking the bits that are set in a run of a bitmap: the axons due, the neurons that spiked. */
#ifndef ENGRAM_AXON_BITS_H
#define ENGRAM_AXON_BITS_H

#include <stdint.h>

/* Place of the lowest bit set; the word is not 0. The M0+ has no instruction for it: a multiplication and a table. */
static inline uint32_t engram_lowest_bit(uint32_t word)
{
#if defined(__ARM_ARCH_6M__)
    extern const uint8_t engram_bit_places[32];
    return engram_bit_places[((word & (0u - word)) * 0x077cb531u) >> 27];
#else
    return (uint32_t)__builtin_ctz(word);
#endif
}

/* Where a walk over the bits first … first + count - 1 stands. */
typedef struct {
    const uint32_t *bits;
    uint32_t word;  /* bits of the present word that are still to come */
    uint32_t index; /* of that word */
    uint32_t first;
    uint32_t end;
} engram_bit_walk;

static inline engram_bit_walk engram_walk_bits(const uint32_t *bits, uint32_t first, uint32_t count)
{
    engram_bit_walk walk = {bits, 0, first >> 5, first, first + count};
    if (count != 0u)
        walk.word = bits[walk.index] & (0xffffffffu << (first & 31u));
    return walk;
}

/* The next bit set, counted from first; false at the end. */
static inline int engram_next_bit(engram_bit_walk *walk, uint32_t *bit)
{
    while (walk->word == 0u) {
        walk->index++;
        if (walk->index << 5 >= walk->end)
            return 0;
        walk->word = walk->bits[walk->index];
    }
    const uint32_t place = (walk->index << 5) + engram_lowest_bit(walk->word);
    if (place >= walk->end)
        return 0;
    walk->word &= walk->word - 1u;
    *bit = place - walk->first;
    return 1;
}

#endif
