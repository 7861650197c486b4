#include "board.h"

#include "clock.h"
#include "port.h"
#include "registers.h"
#include "uart.h"

/* Four seconds of the watchdog's clock, which has 32 kHz, give or take a third. */
#define WATCHDOG_COUNTS (32000u / 64u * 4u)
#define SERIAL_BYTES 32u
#define RESTART_MARK 0x52455354u

/* Outlives a restart, not a loss of power. */
static struct {
    uint32_t mark;
    uint32_t cause;
} restart __attribute__((section(".noinit")));

/* The last bytes of flash: whoever flashes a board may write its serial number there. */
extern const char engram_serial_text[SERIAL_BYTES];
static char serial[SERIAL_BYTES + 1u] = "netduinoplus2";
static engram_port_info info = {
    .serial = serial,
    .capabilities = ENGRAM_CAPABILITY_REALTIME,
    .receive_bytes = STM32_RECEIVE_BYTES,
};

static void read_serial(void)
{
    unsigned length = 0;
    while (length < SERIAL_BYTES && engram_serial_text[length] > ' ' && engram_serial_text[length] <= '~') length++;
    if (length == 0) return;
    for (unsigned n = 0; n < length; n++) serial[n] = engram_serial_text[n];
    serial[length] = 0;
}

void stm32_board_start(void)
{
    if (restart.mark == RESTART_MARK)
        info.reset_cause = (uint8_t)restart.cause;
    else if (RCC_CSR & RCC_CSR_WATCHDOG)
        info.reset_cause = ENGRAM_RESET_CAUSE_WATCHDOG;
    else
        info.reset_cause = ENGRAM_RESET_CAUSE_POWER;
    restart.mark = 0;
    RCC_CSR |= RCC_CSR_REMOVE_FLAGS;
    read_serial();
    IWDG_KR = IWDG_KR_START;
    IWDG_KR = IWDG_KR_UNLOCK;
    IWDG_PR = IWDG_PR_DIV64;
    IWDG_RLR = WATCHDOG_COUNTS;
}

_Noreturn void stm32_restart(uint32_t cause)
{
    restart.mark = RESTART_MARK;
    restart.cause = cause;
    SCB_AIRCR = SCB_AIRCR_RESET;
    for (;;) {
    }
}

const engram_port_info *engram_port_about(void)
{
    return &info;
}

void engram_port_alive(void)
{
    IWDG_KR = IWDG_KR_FEED;
}

void engram_port_reboot(uint8_t mode)
{
    (void)mode; /* without the capability BOOTLOADER the core asks for the application only */
    stm32_restart(ENGRAM_RESET_CAUSE_REBOOT);
}

uint32_t engram_port_microseconds(void)
{
    return stm32_microseconds();
}

/* The cycle counter of the Cortex-M4 is not in QEMU, so nothing here depends on it. */
uint32_t engram_port_cycles(void)
{
    return 0;
}

size_t engram_port_read(uint8_t *bytes, size_t size)
{
    return stm32_uart_read(bytes, size);
}

size_t engram_port_write(const uint8_t *bytes, size_t size)
{
    return stm32_uart_write(bytes, size);
}

int engram_port_drained(void)
{
    return stm32_uart_drained();
}
