/* Clocks of the chip, the clock of microseconds, and the alarms of its timer. */
#ifndef PICO_CLOCK_H
#define PICO_CLOCK_H

#include <stdint.h>

#include "registers.h"

/* Alarms of the timer. */
enum { PICO_ALARM_WAKE, PICO_ALARM_LINE_STATE };

/* 125 MHz for the processor and 48 MHz for USB, from the crystal; microseconds count from here on. 0: they did not come
   up. To be called before memory is set up, and works without. */
int pico_clock_start(void);

static inline uint32_t pico_microseconds(void)
{
    return TIMER_RAW_LOW;
}

/* Raises the alarm's interrupt so many microseconds from now; again, moves it. */
void pico_alarm(unsigned alarm, uint32_t microseconds);

/* In its interrupt: takes the request back. */
void pico_alarm_done(unsigned alarm);

void pico_wake_interrupt(void);

#endif
