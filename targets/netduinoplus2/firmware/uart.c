#include "uart.h"

#include "clock.h"
#include "registers.h"

#define BAUD 921600u

_Static_assert((STM32_RECEIVE_BYTES & (STM32_RECEIVE_BYTES - 1u)) == 0, "a power of two");
_Static_assert((STM32_TRANSMIT_BYTES & (STM32_TRANSMIT_BYTES - 1u)) == 0, "a power of two");

/* Of each pair of counts the interrupt writes one and the program the other; both wrap. */
static uint8_t received[STM32_RECEIVE_BYTES];
static volatile uint32_t received_count, read_count;
static uint8_t to_send[STM32_TRANSMIT_BYTES];
static volatile uint32_t written_count, sent_count;

void stm32_uart_start(void)
{
    RCC_AHB1ENR |= RCC_AHB1ENR_GPIOB;
    RCC_APB2ENR |= RCC_APB2ENR_USART1;
    (void)RCC_APB2ENR; /* a peripheral may be used two bus cycles after its clock is on */
    GPIOB_PUPDR = (GPIOB_PUPDR & ~(3u << 14)) | 1u << 14; /* receive stays high with no cable */
    GPIOB_OSPEEDR |= 2u << 12;
    GPIOB_AFRL = (GPIOB_AFRL & ~(0xffu << 24)) | 0x77u << 24; /* function 7: USART1 */
    GPIOB_MODER = (GPIOB_MODER & ~(0xfu << 12)) | 0xau << 12;
    USART1_BRR = (stm32_bus2_hz() + BAUD / 2u) / BAUD;
    USART1_CR1 = USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_RXNEIE;
    NVIC_ISER(USART1_INTERRUPT) = 1u << (USART1_INTERRUPT % 32u);
}

void stm32_uart_interrupt(void)
{
    while (USART1_SR & USART_SR_RXNE) {
        /* Reading clears an overrun too. A byte that finds no room is lost, as on the line; frames have checksums. */
        uint8_t byte = (uint8_t)USART1_DR;
        if (received_count - read_count < STM32_RECEIVE_BYTES)
            received[received_count++ % STM32_RECEIVE_BYTES] = byte;
    }
    while (sent_count != written_count && (USART1_SR & USART_SR_TXE))
        USART1_DR = to_send[sent_count++ % STM32_TRANSMIT_BYTES];
    uint32_t control = USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_RXNEIE;
    USART1_CR1 = sent_count == written_count ? control : control | USART_CR1_TXEIE;
}

/* A byte is in its place, or out of it, before the count says so: the interrupt goes by the counts. */
static inline void in_order(void)
{
    __asm volatile("" ::: "memory");
}

size_t stm32_uart_read(uint8_t *bytes, size_t size)
{
    size_t taken = 0;
    while (taken < size && read_count != received_count) {
        in_order();
        bytes[taken++] = received[read_count % STM32_RECEIVE_BYTES];
        in_order();
        read_count++;
    }
    return taken;
}

size_t stm32_uart_write(const uint8_t *bytes, size_t size)
{
    size_t taken = 0;
    while (taken < size && written_count - sent_count < STM32_TRANSMIT_BYTES) {
        to_send[written_count % STM32_TRANSMIT_BYTES] = bytes[taken++];
        in_order();
        written_count++;
    }
    /* Raised by hand: QEMU before 8.1 receives by interrupt but never asks for bytes to send. */
    if (taken > 0) NVIC_ISPR(USART1_INTERRUPT) = 1u << (USART1_INTERRUPT % 32u);
    return taken;
}

int stm32_uart_waiting(void)
{
    return read_count != received_count;
}

int stm32_uart_drained(void)
{
    return sent_count == written_count && (USART1_SR & USART_SR_TC) != 0;
}
