/* Learning signals. */
#ifndef ENGRAM_SIGNALS_H
#define ENGRAM_SIGNALS_H

#include "machine.h"

/* Brings l of all neurons up to date for the tick to be run, if some have it. */
void engram_update_signals(engram_machine *m);

#endif
