/* The board itself: who it is, its watchdog, its restarts. */
#ifndef PICO_BOARD_H
#define PICO_BOARD_H

#include <stdint.h>

#include "generated/engram_wire.h"

/* Reads why the chip started and which one it is, and starts the watchdog. Flash must have been started. */
void pico_board_start(void);

/* Around engram_start: a start that ends in between is told to the next one, which then restores nothing. */
void pico_board_restoring(int begins);

/* Restarts the chip; cause, an ENGRAM_RESET_CAUSE_…, is what it will tell afterwards. */
_Noreturn void pico_restart(uint32_t cause);

#endif
