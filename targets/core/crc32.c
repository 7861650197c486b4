#include "crc32.h"

#include "engram_config.h"

/* By byte. Made at the first use: 1 KB of RAM is quicker than as much flash behind a cache. */
static uint32_t table[256];

static void make_table(void)
{
    for (uint32_t n = 0; n < 256u; n++) {
        uint32_t crc = n;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1u ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
        table[n] = crc;
    }
}

ENGRAM_HOT uint32_t engram_crc32(uint32_t crc, const void *bytes, size_t size)
{
    if (table[1] == 0u)
        make_table();
    crc = ~crc;
    for (const uint8_t *at = bytes, *end = at + size; at != end; at++)
        crc = table[(crc ^ *at) & 0xffu] ^ (crc >> 8);
    return ~crc;
}
