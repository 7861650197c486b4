/* Functions of the boot ROM, found by their codes (data sheet 2.8.3): their addresses differ between revisions. */
#ifndef PICO_ROM_H
#define PICO_ROM_H

#include <stdint.h>

#define PICO_ROM_CODE(first, second) ((uint32_t)(first) | (uint32_t)(second) << 8)

/* Address of a function of the ROM; 0 if it has none of that code. */
uintptr_t pico_rom_function(uint32_t code);

#endif
