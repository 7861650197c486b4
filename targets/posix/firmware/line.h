/* The line to the host: sockets and a pseudo-terminal, of which the last that connected is used. */
#ifndef POSIX_LINE_H
#define POSIX_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "options.h"

#define POSIX_RECEIVE_BYTES 65536u

/* Opens what options ask for, prints the addresses, and fills in the descriptors of listeners and terminal. */
void posix_line_start(posix_options *options);

/* Receives and sends what is possible without waiting. */
void posix_line_service(void);

/* As service, but first waits at most so many microseconds for the host, or for bytes at descriptor other (-1: none).
   True if there is something at other. */
int posix_line_wait(uint32_t microseconds, int other);

/* Ends the connection. */
void posix_line_hang_up(void);

#endif
