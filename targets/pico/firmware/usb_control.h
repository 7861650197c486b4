/* Endpoint 0: what the host asks of the device as a whole. All from the interrupt. */
#ifndef PICO_USB_CONTROL_H
#define PICO_USB_CONTROL_H

#include <stdint.h>

void pico_control_setup(const volatile uint32_t *packet);
void pico_control_sent(void);
void pico_control_received(void);

/* The bus was reset: no address, no configuration. */
void pico_control_reset(void);

/* Whether the port was opened at 1200 baud and closed: the way to ask any board of this kind into its bootloader. */
int pico_control_touched(void);

#endif
