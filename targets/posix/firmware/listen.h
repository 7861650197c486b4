/* Opening the ways in. */
#ifndef POSIX_LISTEN_H
#define POSIX_LISTEN_H

#include "options.h"

/* Opens what options ask for and is not open yet, and prints a line for each. Ends the process if one fails. */
void posix_open_listeners(posix_options *options);

/* Makes a connection non-blocking and undelayed, and closes it at a restart. */
void posix_set_up(int descriptor);

#endif
