/* Vector table, and what happens before main and after a fault. */
#include <stdint.h>

#include "board.h"
#include "clock.h"
#include "usb_controller.h"
#include "usb_line_state.h"

extern uint32_t engram_hot_start, engram_hot_end, engram_data_start, engram_data_end, engram_bss_start, engram_bss_end;
extern uint32_t engram_stack_top;
extern const uint32_t engram_hot_load, engram_data_load;

int main(void);
void engram_reset(void);

/* By a volatile pointer, lest the compiler put a call of memcpy or memset here: they may lie in what is copied. */
static void copy(volatile uint32_t *to, const uint32_t *end, const uint32_t *from)
{
    while (to < end) *to++ = *from++;
}

_Noreturn void engram_reset(void)
{
    /* The clocks first, which need no memory: to clear a quarter of a megabyte takes the ring oscillator 60 ms. */
    int has_clocks = pico_clock_start();
    copy(&engram_hot_start, &engram_hot_end, &engram_hot_load);
    copy(&engram_data_start, &engram_data_end, &engram_data_load);
    for (volatile uint32_t *to = &engram_bss_start; to < &engram_bss_end;) *to++ = 0;
    if (has_clocks) main();
    pico_restart(ENGRAM_RESET_CAUSE_FAULT);
}

static void fault(void)
{
    pico_restart(ENGRAM_RESET_CAUSE_FAULT);
}

typedef void (*handler)(void);

#define CORE_HANDLERS 16u
#define INTERRUPTS 26u

static const struct {
    uint32_t *stack;
    handler core[CORE_HANDLERS - 1u];
    handler interrupt[INTERRUPTS];
} vectors __attribute__((section(".vectors"), used)) = {
    .stack = &engram_stack_top,
    .core = {engram_reset, fault, fault, 0, 0, 0, 0, 0, 0, 0, fault, 0, 0, fault, fault},
    .interrupt = {[0] = pico_wake_interrupt, [1] = pico_line_state_interrupt, [5] = pico_usb_interrupt},
};
