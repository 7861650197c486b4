/* What the requests ask (docs/wire.md, Messages). */
#ifndef ENGRAM_REQUESTS_H
#define ENGRAM_REQUESTS_H

#include <stdint.h>

#include "frame.h"
#include "request_log.h"

/* The answer to a request, made in place. */
typedef struct {
    engram_answer answer;
    const char *text; /* of an error; "": the table's */
    uint8_t type;     /* of a data reply; 0: OK */
    uint32_t size;
    uint8_t payload[ENGRAM_MAX_PAYLOAD];
} engram_response;

/* True if the request is answered with data, which makes it safe to do again. */
int engram_request_answers_data(uint8_t type);

/* Does a request, or refuses it and does nothing of it. max_payload is what the host agreed to. */
void engram_request_do(const engram_frame *frame, uint32_t max_payload, engram_response *response);

/* The mode of REBOOT that was asked for; -1: none. */
int engram_request_reboot(void);

#endif
