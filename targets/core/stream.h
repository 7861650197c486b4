/* The board's stream: frames are kept until acknowledged and sent within the host's credit (docs/wire.md, Streams). */
#ifndef ENGRAM_STREAM_H
#define ENGRAM_STREAM_H

#include <stdint.h>

/* A new session: empty, from sequence 0. */
void engram_stream_restart(uint32_t window);
/* A resumed one: nothing is sent until the next RESEND or CREDIT. */
void engram_stream_hold(void);

/* True if everything made has been sent and a frame of the largest size finds room: a lockstep run may go on. */
int engram_stream_ready(void);
int engram_stream_has_room(uint32_t size);
/* Makes a frame; there must be room. */
void engram_stream_push(uint8_t type, const uint8_t *payload, uint32_t size);

/* CREDIT; one that is out of date or ahead of what was made is ignored. */
void engram_stream_credit(uint16_t next, uint32_t window);
/* RESEND; false if the frames from next on are no longer kept or not yet made. */
int engram_stream_resend(uint16_t next, uint32_t window);

/* Encodes the next frame that credit allows; the place behind it, or at if there is none. */
uint8_t *engram_stream_encode_next(uint8_t *at);

uint16_t engram_stream_oldest(void);
uint16_t engram_stream_next(void);

#endif
