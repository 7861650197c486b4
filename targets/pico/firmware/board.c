#include "board.h"

#include "clock.h"
#include "flash.h"
#include "port.h"
#include "registers.h"
#include "rom.h"
#include "usb_stream.h"

/* The watchdog counts down two a microsecond (erratum RP2040-E1): four seconds. */
#define WATCHDOG_COUNTS 8000000u
/* Scratch registers outlive a restart. The boot ROM uses 4 to 7, its USB bootloader 0 and 1. */
#define MARK WATCHDOG_SCRATCH(2)
#define CAUSE WATCHDOG_SCRATCH(3)
#define RESTART_MARK 0x52455354u
/* In CAUSE: what is saved is being restored. */
#define RESTORING 0x100u
#define LIGHT (1u << 25)
#define FAREWELL_MICROSECONDS 20000u

static char serial[2u * PICO_FLASH_ID_BYTES + 1u];
static engram_port_info info = {
    .serial = serial,
    .capabilities = ENGRAM_CAPABILITY_REALTIME | ENGRAM_CAPABILITY_CYCLES | ENGRAM_CAPABILITY_BOOTLOADER |
                    ENGRAM_CAPABILITY_NONVOLATILE,
    .receive_bytes = PICO_USB_RECEIVE_BYTES,
    .cycle_mask = 0xffffffu,
};

static void read_serial(void)
{
    static const char digits[16] = "0123456789ABCDEF";
    uint8_t id[PICO_FLASH_ID_BYTES] = {0};
    pico_flash_id(id);
    for (unsigned n = 0; n < PICO_FLASH_ID_BYTES; n++) {
        serial[2u * n] = digits[id[n] >> 4];
        serial[2u * n + 1u] = digits[id[n] & 15u];
    }
}

/* A restart that this program did not order or suffer was ordered by the bootloader. */
static uint8_t read_reset_cause(void)
{
    if (WATCHDOG_REASON == 0) return ENGRAM_RESET_CAUSE_POWER;
    return MARK == RESTART_MARK ? (uint8_t)CAUSE : ENGRAM_RESET_CAUSE_REBOOT;
}

/* Else a state that ends the program would end it again at each start, and no host could do anything about it. */
static uint8_t has_failed_to_restore(void)
{
    return WATCHDOG_REASON != 0 && MARK == RESTART_MARK && (CAUSE & RESTORING) != 0;
}

void pico_board_start(void)
{
    info.reset_cause = read_reset_cause();
    info.failed_to_restore = has_failed_to_restore();
    /* Whoever restarts the chip says why beforehand; if nobody has, it was the watchdog. */
    MARK = RESTART_MARK;
    CAUSE = ENGRAM_RESET_CAUSE_WATCHDOG;
    PSM_WDSEL = PSM_WDSEL_ALL_BUT_OSCILLATORS;
    WATCHDOG_LOAD = WATCHDOG_COUNTS;
    WATCHDOG_CTRL = WATCHDOG_CTRL_PAUSE_IN_DEBUG | WATCHDOG_CTRL_ENABLE;
    read_serial();
}

void pico_board_restoring(int begins)
{
    CAUSE = ENGRAM_RESET_CAUSE_WATCHDOG | (begins ? RESTORING : 0u);
}

/* Through the watchdog: a reset asked of the processor (AIRCR) would leave everything around it running. */
_Noreturn void pico_restart(uint32_t cause)
{
    __asm volatile("cpsid i" ::: "memory");
    MARK = RESTART_MARK;
    CAUSE = cause | (CAUSE & RESTORING);
    PSM_WDSEL = PSM_WDSEL_ALL_BUT_OSCILLATORS;
    WATCHDOG_CTRL = WATCHDOG_CTRL_ENABLE | WATCHDOG_CTRL_TRIGGER;
    for (;;) {
    }
}

/* The USB bootloader of the boot ROM. */
static _Noreturn void enter_bootloader(void)
{
    void (*reset_to_usb_boot)(uint32_t lights, uint32_t disabled_interfaces) =
        (void (*)(uint32_t, uint32_t))pico_rom_function(PICO_ROM_CODE('U', 'B'));
    __asm volatile("cpsid i" ::: "memory");
    MARK = 0;
    if (reset_to_usb_boot != 0) reset_to_usb_boot(LIGHT, 0);
    for (;;) {
    }
}

const engram_port_info *engram_port_about(void)
{
    return &info;
}

void engram_port_alive(void)
{
    WATCHDOG_LOAD = WATCHDOG_COUNTS;
}

/* The device leaves the bus when the last answer has had time to reach the program at the host. */
void engram_port_reboot(uint8_t mode)
{
    uint32_t start = pico_microseconds();
    while (pico_microseconds() - start < FAREWELL_MICROSECONDS) {
    }
    if (mode == ENGRAM_REBOOT_BOOTLOADER) enter_bootloader();
    pico_restart(ENGRAM_RESET_CAUSE_REBOOT);
}
