#include "rom.h"

/* Half-words of the ROM. Their addresses are hidden from the compiler, which takes any this near to 0 for a mistake. */
static uint32_t half(uintptr_t address)
{
    __asm("" : "+r"(address));
    return *(const volatile uint16_t *)address;
}

#define FUNCTION_TABLE 0x14u

/* The table is of pairs, code and address, and ends with a code 0. */
uintptr_t pico_rom_function(uint32_t code)
{
    for (uintptr_t at = half(FUNCTION_TABLE); half(at) != 0; at += 4u)
        if (half(at) == code) return half(at + 2u);
    return 0;
}
