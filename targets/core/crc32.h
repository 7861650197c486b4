/* CRC-32 (IEEE 802.3, as in zlib). */
#ifndef ENGRAM_CRC32_H
#define ENGRAM_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Continues a checksum; begin with 0. */
uint32_t engram_crc32(uint32_t crc, const void *bytes, size_t size);

#endif
