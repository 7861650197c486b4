#include "pages.h"

#include "engram_config.h"
#include "port.h"

int engram_page_write(unsigned area, uint32_t offset, const uint8_t *page)
{
    engram_port_alive();
    if (offset % ENGRAM_ERASE_BYTES == 0u && engram_port_erase(area, offset) != 0)
        return 0;
    return engram_port_program(area, offset, page) == 0;
}
