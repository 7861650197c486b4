/* The board itself: who it is, and its restart. */
#ifndef STM32_BOARD_H
#define STM32_BOARD_H

#include <stdint.h>

#include "generated/engram_wire.h"

/* Reads why the chip started and starts the watchdog. */
void stm32_board_start(void);

/* Restarts the chip; cause, an ENGRAM_RESET_CAUSE_…, is what it will tell afterwards. */
_Noreturn void stm32_restart(uint32_t cause);

#endif
