/* Vector table, and what happens before main and after a fault. */
#include <stdint.h>

#include "board.h"
#include "uart.h"

extern uint32_t engram_data_start, engram_data_end, engram_bss_start, engram_bss_end, engram_stack_top;
extern const uint32_t engram_data_load;

int main(void);
void engram_reset(void);

_Noreturn void engram_reset(void)
{
    const uint32_t *from = &engram_data_load;
    for (uint32_t *to = &engram_data_start; to < &engram_data_end;) *to++ = *from++;
    for (uint32_t *to = &engram_bss_start; to < &engram_bss_end;) *to++ = 0;
    main();
    stm32_restart(ENGRAM_RESET_CAUSE_FAULT);
}

static void fault(void)
{
    stm32_restart(ENGRAM_RESET_CAUSE_FAULT);
}

/* Nothing to do: it has ended the sleep. */
static void woken(void)
{
}

typedef void (*handler)(void);

#define CORE_HANDLERS 16u
#define INTERRUPTS 82u

static const struct {
    uint32_t *stack;
    handler core[CORE_HANDLERS - 1u];
    handler interrupt[INTERRUPTS];
} vectors __attribute__((section(".vectors"), used)) = {
    .stack = &engram_stack_top,
    .core = {engram_reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, woken},
    .interrupt = {[37] = stm32_uart_interrupt},
};
