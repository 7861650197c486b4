/*
 * Erratum RP2040-E5, of chips before revision B2: after a bus reset the controller wants to see an idle line for 800 µs,
 * which a busy hub may never give it. It is shown one: for a millisecond its input is taken from GPIO 15, forced high.
 */
#ifndef PICO_USB_LINE_STATE_H
#define PICO_USB_LINE_STATE_H

/* The bus was reset. */
void pico_line_state_reset(void);

void pico_line_state_interrupt(void);

#endif
