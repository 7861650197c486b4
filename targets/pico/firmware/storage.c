/* Images and states in flash, behind the firmware. The same places stand in src/flash/pico-flash.ts. */
#include <string.h>

#include "engram_config.h"
#include "flash.h"
#include "port.h"

/* W and T of every plastic synapse are in a checkpoint, also where memory holds W only: up to twice the arena. */
#define STATE_BYTES (512u * 1024u)

static const struct {
    uint32_t offset;
    uint32_t size;
} areas[ENGRAM_AREAS] = {
    [ENGRAM_AREA_IMAGE_A] = {0x040000u, ENGRAM_TARGET_IMAGE_BYTES},
    [ENGRAM_AREA_IMAGE_B] = {0x0a0000u, ENGRAM_TARGET_IMAGE_BYTES},
    [ENGRAM_AREA_STATE_A] = {0x100000u, STATE_BYTES},
    [ENGRAM_AREA_STATE_B] = {0x180000u, STATE_BYTES},
};

engram_area engram_port_area(unsigned area)
{
    engram_area found = {0, 0};
    if (area >= ENGRAM_AREAS) return found;
    found.bytes = (const uint8_t *)(PICO_FLASH_BASE + areas[area].offset);
    found.size = areas[area].size;
    return found;
}

/* Whether so many bytes at offset lie in an area. */
static int inside(unsigned area, uint32_t offset, uint32_t count)
{
    return area < ENGRAM_AREAS && offset % count == 0 && offset < areas[area].size;
}

/* 45 ms, 400 at worst: the watchdog waits for four seconds. */
int engram_port_erase(unsigned area, uint32_t offset)
{
    if (!inside(area, offset, ENGRAM_ERASE_BYTES)) return 1;
    engram_port_alive();
    pico_flash_erase_sector(areas[area].offset + offset);
    engram_port_alive();
    const uint32_t *words = (const uint32_t *)(PICO_FLASH_BASE + areas[area].offset + offset);
    uint32_t all = 0xffffffffu;
    for (uint32_t n = 0; n < ENGRAM_ERASE_BYTES / 4u; n++) all &= words[n];
    return all != 0xffffffffu;
}

/* The bytes may lie in flash, which cannot be read meanwhile. */
int engram_port_program(unsigned area, uint32_t offset, const uint8_t *bytes)
{
    static uint8_t page[ENGRAM_PROGRAM_BYTES];
    if (!inside(area, offset, ENGRAM_PROGRAM_BYTES)) return 1;
    memcpy(page, bytes, sizeof page);
    engram_port_alive();
    pico_flash_program_page(areas[area].offset + offset, page);
    return memcmp((const uint8_t *)(PICO_FLASH_BASE + areas[area].offset + offset), page, sizeof page) != 0;
}
