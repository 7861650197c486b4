#include "frame.h"

#include "crc32.h"

/* The frame that has begun, decoded as it comes. */
static uint8_t bytes[ENGRAM_LARGEST_FRAME];
static uint32_t length;     /* decoded bytes, also those that found no room */
static uint32_t block_left; /* bytes of the COBS block that are still to come; 0: a code byte comes next */
static int zero_due;        /* the block that ends is followed by a zero, unless the frame ends */
static int begun;
static uint32_t largest = ENGRAM_FRAME_HEADER + ENGRAM_SMALLEST_MAX_PAYLOAD + ENGRAM_FRAME_CHECKSUM;
static engram_frame_counters counters;

void engram_frame_limit(uint32_t max_payload)
{
    largest = ENGRAM_FRAME_HEADER + max_payload + ENGRAM_FRAME_CHECKSUM;
}

engram_frame_counters *engram_frame_counted(void)
{
    return &counters;
}

static void keep_zero(void)
{
    if (length < largest)
        bytes[length] = 0;
    if (length <= largest) /* one more than the largest says: too long */
        length++;
}

/* At the delimiter: what stands in bytes becomes a frame, or is counted. */
static int finish(engram_frame *frame)
{
    const int complete = block_left == 0;
    if (length > largest) {
        counters.too_long++;
        return 0;
    }
    if (!complete) {
        counters.cobs++;
        return 0;
    }
    if (length < ENGRAM_FRAME_HEADER + ENGRAM_FRAME_CHECKSUM) {
        counters.too_short++;
        return 0;
    }
    const uint32_t checksum_at = length - ENGRAM_FRAME_CHECKSUM;
    if (engram_crc32(0, bytes, checksum_at) != engram_get_u32(bytes + checksum_at)) {
        counters.crc++;
        return 0;
    }
    counters.good++;
    frame->type = bytes[0];
    frame->flags = bytes[1];
    frame->sequence = (uint16_t)engram_get_u16(bytes + 2);
    frame->payload = bytes + ENGRAM_FRAME_HEADER;
    frame->size = checksum_at - ENGRAM_FRAME_HEADER;
    return 1;
}

/* Bytes of a COBS block, up to its end, a zero, or the last that came; how many. */
static uint32_t keep_block(const uint8_t *from, uint32_t size)
{
    const uint32_t most = size < block_left ? size : block_left;
    const uint32_t room = length < largest ? largest - length : 0u;
    uint32_t n = 0;
    if (room >= most) {
        uint8_t *to = bytes + length;
        for (; n < most && from[n] != 0u; n++)
            to[n] = from[n];
        length += n;
    } else {
        for (; n < most && from[n] != 0u; n++)
            if (n < room)
                bytes[length + n] = from[n];
        length = n > room ? largest + 1u : length + n;
    }
    block_left -= n;
    return n;
}

ENGRAM_HOT uint32_t engram_frame_take(const uint8_t *from, uint32_t size, engram_frame *frame, int *complete)
{
    uint32_t at = 0;
    *complete = 0;
    while (at < size) {
        const uint8_t byte = from[at];
        if (byte == 0u) {
            at++;
            *complete = begun && finish(frame);
            begun = 0;
            length = 0;
            block_left = 0;
            zero_due = 0;
            if (*complete)
                break;
            continue;
        }
        begun = 1;
        if (block_left != 0u) {
            at += keep_block(from + at, size - at);
            continue;
        }
        if (zero_due)
            keep_zero();
        zero_due = byte != 255u;
        block_left = byte - 1u;
        at++;
    }
    return at;
}

void engram_encode_begin(engram_encoder *encoder, uint8_t *at, uint8_t type, uint8_t flags, uint16_t sequence)
{
    const uint8_t header[ENGRAM_FRAME_HEADER] = {type, flags, (uint8_t)sequence, (uint8_t)(sequence >> 8)};
    encoder->code = at;
    encoder->at = at + 1;
    encoder->crc = 0;
    engram_encode_bytes(encoder, header, sizeof header);
}

/* COBS: each block of bytes that are not zero is preceded by its length and stands for itself and a zero. */
ENGRAM_HOT static void put(engram_encoder *encoder, const uint8_t *from, uint32_t size)
{
    uint8_t *at = encoder->at, *code = encoder->code;
    for (const uint8_t *end = from + size; from != end; from++) {
        const uint8_t byte = *from;
        if (byte != 0u)
            *at++ = byte;
        if (byte == 0u || at - code == 255) {
            *code = (uint8_t)(at - code);
            code = at++;
        }
    }
    encoder->at = at;
    encoder->code = code;
}

void engram_encode_bytes(engram_encoder *encoder, const uint8_t *from, uint32_t size)
{
    encoder->crc = engram_crc32(encoder->crc, from, size);
    put(encoder, from, size);
}

uint8_t *engram_encode_end(engram_encoder *encoder)
{
    uint8_t checksum[ENGRAM_FRAME_CHECKSUM];
    engram_put_u32(checksum, encoder->crc);
    put(encoder, checksum, sizeof checksum);
    *encoder->code = (uint8_t)(encoder->at - encoder->code);
    *encoder->at++ = 0;
    return encoder->at;
}
