/*
 * Writing the flash that this program runs from. While that goes on flash is no memory: the code lies in RAM, nothing it
 * calls lies in flash, and interrupts wait.
 */
#ifndef PICO_FLASH_H
#define PICO_FLASH_H

#include <stdint.h>

#define PICO_FLASH_BASE 0x10000000u
#define PICO_FLASH_ID_BYTES 8u

/* To be called before the others. 0: the ROM is not one of an RP2040. */
int pico_flash_start(void);

/* Number that the maker gave the flash chip. */
void pico_flash_id(uint8_t id[PICO_FLASH_ID_BYTES]);

/* Both take offsets from the start of flash; what they write and where is the caller's business. */
void pico_flash_erase_sector(uint32_t offset);
void pico_flash_program_page(uint32_t offset, const uint8_t *page); /* page: in RAM */

#endif
