/* Which requests were done, so that none is done twice and none is missed (docs/wire.md, Requests and replies). */
#ifndef ENGRAM_REQUEST_LOG_H
#define ENGRAM_REQUEST_LOG_H

#include <stdint.h>

/* Requests that may be unanswered at a time, and answers remembered. */
#define ENGRAM_WINDOW_REQUESTS 16u

/* What a request was answered: OK (or data), or an error. */
typedef struct {
    uint16_t error;
    uint32_t detail;
} engram_answer;

enum engram_place {
    ENGRAM_PLACE_NEXT,
    ENGRAM_PLACE_REPEATED,
    ENGRAM_PLACE_GAP,     /* to be told once */
    ENGRAM_PLACE_IGNORED, /* behind a gap that was told */
    ENGRAM_PLACE_FORGOTTEN,
};

/* A new session. */
void engram_log_restart(void);

/* Where a sequence number stands. */
enum engram_place engram_log_place(uint16_t sequence);

/* Sequence of the last request done or refused, and whether it was done. */
uint16_t engram_log_last(void);
int engram_log_last_done(void);

/* The request next in line was answered. */
void engram_log_remember(engram_answer answer);
/* The answer to a repeated one. */
engram_answer engram_log_answer(uint16_t sequence);

#endif
