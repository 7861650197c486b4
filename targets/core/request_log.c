#include "request_log.h"

_Static_assert((ENGRAM_WINDOW_REQUESTS & (ENGRAM_WINDOW_REQUESTS - 1u)) == 0, "a power of two");
#define MASK (ENGRAM_WINDOW_REQUESTS - 1u)

static engram_answer answers[ENGRAM_WINDOW_REQUESTS]; /* by the low bits of the sequence */
static uint32_t remembered;
static uint16_t last;
static int gap_told;

void engram_log_restart(void)
{
    remembered = 0;
    last = 0;
    gap_told = 0;
}

enum engram_place engram_log_place(uint16_t sequence)
{
    const int32_t distance = (int16_t)(uint16_t)(sequence - last);
    if (distance == 1)
        return ENGRAM_PLACE_NEXT;
    if (distance > 1) {
        if (gap_told)
            return ENGRAM_PLACE_IGNORED;
        gap_told = 1;
        return ENGRAM_PLACE_GAP;
    }
    return (uint32_t)-distance < remembered ? ENGRAM_PLACE_REPEATED : ENGRAM_PLACE_FORGOTTEN;
}

uint16_t engram_log_last(void)
{
    return last;
}

int engram_log_last_done(void)
{
    return remembered == 0u || answers[last & MASK].error == 0u;
}

void engram_log_remember(engram_answer answer)
{
    last++;
    answers[last & MASK] = answer;
    if (remembered < ENGRAM_WINDOW_REQUESTS)
        remembered++;
    gap_told = 0;
}

engram_answer engram_log_answer(uint16_t sequence)
{
    return answers[sequence & MASK];
}
