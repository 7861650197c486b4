/* Writing to the areas that hold images and states (port.h). */
#ifndef ENGRAM_PAGES_H
#define ENGRAM_PAGES_H

#include <stdint.h>

/* Programs a page, at a multiple of its size, and first erases where a sector begins; true if both went well. */
int engram_page_write(unsigned area, uint32_t offset, const uint8_t *page);

#endif
