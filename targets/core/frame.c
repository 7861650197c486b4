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

static void keep(uint8_t byte)
{
    if (length < largest)
        bytes[length] = byte;
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

ENGRAM_HOT int engram_frame_push(uint8_t byte, engram_frame *frame)
{
    if (byte == 0u) {
        const int is_frame = begun && finish(frame);
        begun = 0;
        length = 0;
        block_left = 0;
        zero_due = 0;
        return is_frame;
    }
    begun = 1;
    if (block_left != 0u) {
        keep(byte);
        block_left--;
        return 0;
    }
    if (zero_due)
        keep(0);
    zero_due = byte != 255u;
    block_left = byte - 1u;
    return 0;
}

void engram_encode_begin(engram_encoder *encoder, uint8_t *at, uint8_t type, uint8_t flags, uint16_t sequence)
{
    encoder->code = at;
    encoder->at = at + 1;
    encoder->crc = 0;
    engram_encode_byte(encoder, type);
    engram_encode_byte(encoder, flags);
    engram_encode_byte(encoder, (uint8_t)sequence);
    engram_encode_byte(encoder, (uint8_t)(sequence >> 8));
}

static void put(engram_encoder *encoder, uint8_t byte)
{
    if (byte != 0u)
        *encoder->at++ = byte;
    if (byte == 0u || encoder->at - encoder->code == 255) {
        *encoder->code = (uint8_t)(encoder->at - encoder->code);
        encoder->code = encoder->at++;
    }
}

ENGRAM_HOT void engram_encode_byte(engram_encoder *encoder, uint8_t byte)
{
    encoder->crc = engram_crc32(encoder->crc, &byte, 1);
    put(encoder, byte);
}

uint8_t *engram_encode_end(engram_encoder *encoder)
{
    const uint32_t crc = encoder->crc;
    for (uint32_t n = 0; n < 32u; n += 8u)
        put(encoder, (uint8_t)(crc >> n));
    *encoder->code = (uint8_t)(encoder->at - encoder->code);
    *encoder->at++ = 0;
    return encoder->at;
}
