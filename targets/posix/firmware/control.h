/* What the program that started this board may ask of it, beside the line: lines of text on a descriptor. */
#ifndef POSIX_CONTROL_H
#define POSIX_CONTROL_H

/* Reads and does what is there. "cut-after BYTES" is answered "ok". At its end the process ends: nobody is left. */
void posix_control(int descriptor);

#endif
