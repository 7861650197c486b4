/* Image and state lie in RAM and are gone without power: this board does not write its flash. */
#include <string.h>

#include "port.h"
#include "engram_config.h"

static uint8_t image[ENGRAM_TARGET_IMAGE_BYTES] __attribute__((aligned(8)));
static uint8_t state[STM32_STATE_BYTES] __attribute__((aligned(8)));

_Static_assert(ENGRAM_TARGET_IMAGE_BYTES % ENGRAM_ERASE_BYTES == 0, "whole erase units");
_Static_assert(STM32_STATE_BYTES % ENGRAM_ERASE_BYTES == 0, "whole erase units");

static uint8_t *memory(unsigned area, uint32_t *size)
{
    *size = area == ENGRAM_AREA_IMAGE_A ? sizeof image : area == ENGRAM_AREA_STATE_A ? sizeof state : 0;
    return area == ENGRAM_AREA_IMAGE_A ? image : state;
}

engram_area engram_port_area(unsigned area)
{
    engram_area found;
    found.bytes = memory(area, &found.size);
    return found;
}

/* Whether so many bytes at offset lie in an area of size. */
static int inside(uint32_t size, uint32_t offset, uint32_t count)
{
    return offset % count == 0 && offset < size;
}

int engram_port_erase(unsigned area, uint32_t offset)
{
    uint32_t size;
    uint8_t *bytes = memory(area, &size);
    if (!inside(size, offset, ENGRAM_ERASE_BYTES)) return 1;
    memset(bytes + offset, 0xff, ENGRAM_ERASE_BYTES);
    return 0;
}

int engram_port_program(unsigned area, uint32_t offset, const uint8_t *bytes)
{
    uint32_t size;
    uint8_t *to = memory(area, &size);
    if (!inside(size, offset, ENGRAM_PROGRAM_BYTES)) return 1;
    memcpy(to + offset, bytes, ENGRAM_PROGRAM_BYTES);
    return 0;
}
