#include "flash.h"

#include "engram_config.h"
#include "port.h"
#include "registers.h"
#include "rom.h"

#define BOOT2_WORDS 64u
#define READ_UNIQUE_ID 0x4bu
#define DUMMY_BYTES 4u
/* Of a transfer that takes 20 microseconds. */
#define PATIENCE 100000u
/* More than flash has: whole blocks are never erased, only sectors, by command 20h. */
#define NO_BLOCKS 0x80000000u
#define ANY_COMMAND 0xd8u

static struct {
    void (*connect)(void);
    void (*exit_xip)(void);
    void (*erase)(uint32_t offset, uint32_t count, uint32_t block_bytes, uint8_t block_command);
    void (*program)(uint32_t offset, const uint8_t *bytes, uint32_t count);
    void (*flush_cache)(void);
} rom;

/* The second stage makes flash memory again; it runs from here. */
static uint32_t boot2[BOOT2_WORDS];

int pico_flash_start(void)
{
    const volatile uint32_t *from = (const volatile uint32_t *)PICO_FLASH_BASE;
    for (unsigned n = 0; n < BOOT2_WORDS; n++) boot2[n] = from[n];
    rom.connect = (void (*)(void))pico_rom_function(PICO_ROM_CODE('I', 'F'));
    rom.exit_xip = (void (*)(void))pico_rom_function(PICO_ROM_CODE('E', 'X'));
    rom.erase = (void (*)(uint32_t, uint32_t, uint32_t, uint8_t))pico_rom_function(PICO_ROM_CODE('R', 'E'));
    rom.program = (void (*)(uint32_t, const uint8_t *, uint32_t))pico_rom_function(PICO_ROM_CODE('R', 'P'));
    rom.flush_cache = (void (*)(void))pico_rom_function(PICO_ROM_CODE('F', 'C'));
    return rom.connect != 0 && rom.exit_xip != 0 && rom.erase != 0 && rom.program != 0 && rom.flush_cache != 0;
}

static inline __attribute__((always_inline)) uint32_t leave_xip(void)
{
    uint32_t interrupts;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(interrupts)::"memory");
    rom.connect();
    rom.exit_xip();
    return interrupts;
}

static inline __attribute__((always_inline)) void enter_xip(uint32_t interrupts)
{
    rom.flush_cache();
    ((void (*)(void))((uintptr_t)boot2 | 1u))();
    __asm volatile("msr primask, %0" ::"r"(interrupts) : "memory");
}

ENGRAM_HOT void pico_flash_id(uint8_t id[PICO_FLASH_ID_BYTES])
{
    /* Command, dummies and answer fit into the interface's queues of 16 at once. */
    const uint32_t count = 1u + DUMMY_BYTES + PICO_FLASH_ID_BYTES;
    uint32_t interrupts = leave_xip();
    IO_QSPI_SS_CTRL = IO_QSPI_SS_LOW;
    (void)IO_QSPI_SS_CTRL; /* it has arrived when it can be read back; the data goes another way */
    for (uint32_t n = 0; n < count; n++) SSI_DR0 = n == 0 ? READ_UNIQUE_ID : 0;
    for (uint32_t n = 0; n < PATIENCE && SSI_RXFLR < count; n++) {
    }
    if (SSI_RXFLR >= count)
        for (uint32_t n = 0; n < count; n++) {
            uint8_t byte = (uint8_t)SSI_DR0;
            if (n > DUMMY_BYTES) id[n - DUMMY_BYTES - 1u] = byte;
        }
    IO_QSPI_SS_CTRL = IO_QSPI_SS_NORMAL;
    enter_xip(interrupts);
}

ENGRAM_HOT void pico_flash_erase_sector(uint32_t offset)
{
    uint32_t interrupts = leave_xip();
    rom.erase(offset, ENGRAM_ERASE_BYTES, NO_BLOCKS, ANY_COMMAND);
    enter_xip(interrupts);
}

ENGRAM_HOT void pico_flash_program_page(uint32_t offset, const uint8_t *page)
{
    uint32_t interrupts = leave_xip();
    rom.program(offset, page, ENGRAM_PROGRAM_BYTES);
    enter_xip(interrupts);
}
