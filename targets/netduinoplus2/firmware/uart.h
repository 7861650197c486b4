/* USART1 on PB6 (TX, SCL of the header) and PB7 (RX, SDA): PA9 and PA10 are taken by USB and a light. */
#ifndef STM32_UART_H
#define STM32_UART_H

#include <stddef.h>
#include <stdint.h>

#define STM32_RECEIVE_BYTES 4096u
#define STM32_TRANSMIT_BYTES 2048u

/* 921,600 baud, 8 bits, no parity, 1 stop bit. */
void stm32_uart_start(void);

/* Both take or give at most size bytes, never wait, and return how many. */
size_t stm32_uart_read(uint8_t *bytes, size_t size);
size_t stm32_uart_write(const uint8_t *bytes, size_t size);

int stm32_uart_waiting(void);
int stm32_uart_drained(void);

void stm32_uart_interrupt(void);

#endif
