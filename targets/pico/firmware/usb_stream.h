/*
 * The two ways to the protocol server: CDC-ACM for programs that open a serial port, and a vendor interface for WebUSB.
 * There is one server. The host that spoke last, that is, sent bytes, owns its output; what was meant for the other is
 * dropped, and a frame delimiter parts what the two said. Two hosts cannot use the board at once, only in turn.
 */
#ifndef PICO_USB_STREAM_H
#define PICO_USB_STREAM_H

#include <stdint.h>

/* Packets held unread; more wait in the host. */
#define PICO_USB_PACKETS 64u
#define PICO_USB_RECEIVE_BYTES (PICO_USB_PACKETS * 64u)

enum { PICO_STREAM_CDC, PICO_STREAM_VENDOR, PICO_STREAMS };

/* Whether there is something to read. */
int pico_stream_waiting(void);

/* --- from the interrupt --- */

/* The device was configured, or no longer is. */
void pico_stream_configure(int configured);

/* A program at the host has opened the stream, or closed it. Only CDC hosts are sure to say so. */
void pico_stream_set_open(unsigned stream, int open);

/* The host wants an endpoint halted, or going on from DATA0. False if it is none of a stream. */
int pico_stream_halt(unsigned index, int halted);
int pico_stream_is_halted(unsigned index);

void pico_stream_received(unsigned index);
void pico_stream_sent(unsigned index);
void pico_stream_frame(void);
void pico_stream_suspend(int suspended);

#endif
