/* Clocks of the chip, and the clock of microseconds. */
#ifndef STM32_CLOCK_H
#define STM32_CLOCK_H

#include <stdint.h>

/* 168 MHz from the 25 MHz crystal; the internal 16 MHz if crystal or PLL do not come up. */
void stm32_clock_start(void);

/* Clock of the second peripheral bus, which USART1 hangs on, in Hz. */
uint32_t stm32_bus2_hz(void);

/* TIM2 counts microseconds from here on; SysTick interrupts the sleep of an idle core. */
void stm32_timer_start(void);

uint32_t stm32_microseconds(void);

#endif
