#include "stream.h"

#include <string.h>

#include "engram_config.h"
#include "frame.h"

/* A ring of bytes. A frame is its payload's size (2 bytes), type, whether it was sent before, and the payload. */
#define RECORD_HEADER 4u

static uint8_t ring[ENGRAM_STREAM_BYTES];
static uint32_t oldest_at, oldest_sequence; /* first frame kept */
static uint32_t next_at, next_sequence;     /* first frame to be sent */
static uint32_t sent_sequence;              /* behind the last frame that was ever sent */
static uint32_t made_sequence;              /* of the frame to be made next */
static uint32_t used;
static uint32_t under_way; /* bytes sent and not acknowledged, as credit counts them */
static uint32_t window;

static uint32_t place(uint32_t at)
{
    return at >= ENGRAM_STREAM_BYTES ? at - ENGRAM_STREAM_BYTES : at;
}

/* Of so many bytes from there on, those before the ring's end. */
static uint32_t to_end(uint32_t at, uint32_t size)
{
    return size < ENGRAM_STREAM_BYTES - at ? size : ENGRAM_STREAM_BYTES - at;
}

static uint32_t size_at(uint32_t at)
{
    return (uint32_t)ring[at] | (uint32_t)ring[place(at + 1u)] << 8;
}

static uint32_t counted(uint32_t size)
{
    return size + ENGRAM_FRAME_HEADER + ENGRAM_FRAME_CHECKSUM;
}

static uint32_t behind(uint32_t at)
{
    return place(at + RECORD_HEADER + size_at(at));
}

void engram_stream_restart(uint32_t credit)
{
    oldest_at = next_at = 0;
    oldest_sequence = next_sequence = sent_sequence = made_sequence = 0;
    used = under_way = 0;
    window = credit;
}

void engram_stream_hold(void)
{
    window = 0;
}

int engram_stream_has_room(uint32_t size)
{
    return ENGRAM_STREAM_BYTES - used >= size + RECORD_HEADER;
}

int engram_stream_ready(void)
{
    return next_sequence == made_sequence && engram_stream_has_room(ENGRAM_MAX_PAYLOAD);
}

void engram_stream_push(uint8_t type, const uint8_t *payload, uint32_t size)
{
    uint32_t at = place(oldest_at + used);
    const uint8_t header[RECORD_HEADER] = {(uint8_t)size, (uint8_t)(size >> 8), type, 0};
    for (uint32_t n = 0; n < RECORD_HEADER; n++, at = place(at + 1u))
        ring[at] = header[n];
    const uint32_t straight = to_end(at, size);
    memcpy(ring + at, payload, straight);
    memcpy(ring, payload + straight, size - straight);
    used += RECORD_HEADER + size;
    made_sequence = (made_sequence + 1u) & 0xffffu;
}

/* Frames between a sequence number and the oldest; too many if it names none that is kept. */
static uint32_t distance(uint32_t next)
{
    return (next - oldest_sequence) & 0xffffu;
}

static int is_kept(uint32_t next)
{
    return distance(next) <= distance(made_sequence);
}

/* Forgets the frames before next, which is one that is kept. */
static void acknowledge(uint32_t next)
{
    while (oldest_sequence != next) {
        const uint32_t size = size_at(oldest_at);
        if (oldest_sequence == next_sequence) { /* acknowledged, though moved back by RESEND and not sent again yet */
            next_sequence = (next_sequence + 1u) & 0xffffu;
            next_at = behind(next_at);
        } else
            under_way -= counted(size);
        used -= RECORD_HEADER + size;
        oldest_at = behind(oldest_at);
        oldest_sequence = (oldest_sequence + 1u) & 0xffffu;
    }
}

void engram_stream_credit(uint16_t next, uint32_t credit)
{
    if (distance(next) > distance(sent_sequence))
        return;
    acknowledge(next);
    window = credit;
}

int engram_stream_resend(uint16_t next, uint32_t credit)
{
    if (!is_kept(next))
        return 0;
    acknowledge(next);
    if (distance(sent_sequence) > distance(made_sequence)) /* frames were passed over unsent */
        sent_sequence = next;
    window = credit;
    next_at = oldest_at;
    next_sequence = oldest_sequence;
    under_way = 0;
    return 1;
}

ENGRAM_HOT uint8_t *engram_stream_encode_next(uint8_t *at)
{
    if (next_sequence == made_sequence)
        return at;
    const uint32_t size = size_at(next_at);
    if (under_way + counted(size) > window)
        return at;
    uint8_t *sent = &ring[place(next_at + 3u)];
    engram_encoder encoder;
    engram_encode_begin(&encoder, at, ring[place(next_at + 2u)], *sent ? ENGRAM_FLAG_REPEATED : 0u,
                        (uint16_t)next_sequence);
    const uint32_t from = place(next_at + RECORD_HEADER), straight = to_end(from, size);
    engram_encode_bytes(&encoder, ring + from, straight);
    engram_encode_bytes(&encoder, ring, size - straight);
    if (!*sent)
        sent_sequence = (next_sequence + 1u) & 0xffffu;
    *sent = 1;
    under_way += counted(size);
    next_at = behind(next_at);
    next_sequence = (next_sequence + 1u) & 0xffffu;
    return engram_encode_end(&encoder);
}

uint16_t engram_stream_oldest(void)
{
    return (uint16_t)oldest_sequence;
}

uint16_t engram_stream_next(void)
{
    return (uint16_t)made_sequence;
}
