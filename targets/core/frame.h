/* Frames of docs/wire.md: COBS( type, flags, sequence, payload, CRC-32 ) 00. */
#ifndef ENGRAM_FRAME_H
#define ENGRAM_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "engram_config.h"
#include "generated/engram_wire.h"

#define ENGRAM_LARGEST_FRAME (ENGRAM_FRAME_HEADER + ENGRAM_MAX_PAYLOAD + ENGRAM_FRAME_CHECKSUM)
/* A frame on the wire: COBS adds a byte per 254, and the delimiter. */
#define ENGRAM_LARGEST_WIRE (ENGRAM_LARGEST_FRAME + ENGRAM_LARGEST_FRAME / 254u + 2u)

typedef struct {
    uint32_t good;
    uint32_t crc;
    uint32_t cobs;
    uint32_t too_short;
    uint32_t too_long;
} engram_frame_counters;

/* A frame that came whole. The payload lies in the parser until the next byte is taken. */
typedef struct {
    uint8_t type;
    uint8_t flags;
    uint16_t sequence;
    const uint8_t *payload;
    uint32_t size;
} engram_frame;

/* Sets the largest payload a frame may have. */
void engram_frame_limit(uint32_t max_payload);
/* Takes bytes up to the end of a frame and says how many, and whether one is complete. What is no frame is counted and
   forgotten. */
uint32_t engram_frame_take(const uint8_t *bytes, uint32_t size, engram_frame *frame, int *complete);
engram_frame_counters *engram_frame_counted(void);

/* Encodes a frame piece by piece into memory. */
typedef struct {
    uint8_t *at;   /* where the next byte goes */
    uint8_t *code; /* the code byte of the COBS block that is open */
    uint32_t crc;
} engram_encoder;

void engram_encode_begin(engram_encoder *encoder, uint8_t *at, uint8_t type, uint8_t flags, uint16_t sequence);
void engram_encode_bytes(engram_encoder *encoder, const uint8_t *bytes, uint32_t size);
/* Ends the frame; the first place behind it. */
uint8_t *engram_encode_end(engram_encoder *encoder);

#endif
