/*
 * The USB controller in device mode: one buffer an endpoint. Two would save the microsecond or two in which a packet is
 * copied while the host is told to wait, of 53 that a full packet takes; they would cost the order of packets at each
 * stop, and one more way to meet the errata.
 */
#ifndef PICO_USB_CONTROLLER_H
#define PICO_USB_CONTROLLER_H

#include <stdint.h>

/* Types of endpoints, as descriptors have them. */
enum { PICO_USB_BULK = 2, PICO_USB_INTERRUPT_TYPE = 3 };

/* Sets the controller up and appears on the bus. */
void pico_usb_start(void);

void pico_usb_interrupt(void);

void pico_usb_set_address(uint32_t address);

/* The endpoint answers the host from here on, with "wait" at first. Its packets count from DATA0. */
void pico_usb_open(unsigned index, uint32_t type);

/* It does not answer any more. */
void pico_usb_close(unsigned index);

/* Memory of an endpoint's packet. */
volatile uint32_t *pico_usb_packet(unsigned index);

/* Hands the packet to the host when it asks; it must not be under way already. */
void pico_usb_send(unsigned index, uint32_t length);

/* Takes a packet from the host when there is one. */
void pico_usb_receive(unsigned index);

/* Bytes of the packet that came. */
uint32_t pico_usb_received(unsigned index);

/* Refuses the host's next transaction: both ways of endpoint 0, until the next SETUP, or a halted endpoint. */
void pico_usb_refuse(unsigned index);

/* Takes back what pico_usb_send, receive or refuse ordered; the next packet is DATA0, or DATA1 on endpoint 0. Only while
   the host by the rules of USB leaves the endpoint alone: the controller's own way (EP_ABORT) is erratum RP2040-E2. */
void pico_usb_take_back(unsigned index);

/* Whether a packet to the host may be handed over now; if not, pico_stream_frame is called when it may be. */
int pico_usb_may_send(void);

#endif
