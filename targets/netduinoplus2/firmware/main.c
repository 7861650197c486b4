#include "board.h"
#include "clock.h"
#include "port.h"
#include "uart.h"

/* Until the next interrupt: a byte, or SysTick. Asked for with interrupts off, so that none slips in between. */
static void sleep(void)
{
    __asm volatile("cpsid i" ::: "memory");
    if (!stm32_uart_waiting()) __asm volatile("wfi" ::: "memory");
    __asm volatile("cpsie i" ::: "memory");
}

int main(void)
{
    stm32_clock_start();
    stm32_board_start();
    stm32_timer_start();
    stm32_uart_start();
    engram_start();
    for (;;) {
        engram_port_alive();
        if (!engram_poll()) sleep();
    }
}
