#include "clock.h"

#include "port.h"

static uint32_t counted_to; /* microseconds of the port */
static uint32_t milliseconds;

void engram_clock_poll(void)
{
    const uint32_t passed = engram_port_microseconds() - counted_to;
    if (passed < 1000u)
        return;
    milliseconds += passed / 1000u;
    counted_to += passed / 1000u * 1000u;
}

uint32_t engram_clock_uptime(void)
{
    engram_clock_poll();
    return milliseconds;
}
