/*
 * What a board's port gives the core (docs/firmware.md). The core calls nothing else of the board; a port calls
 * engram_start once and engram_poll for ever after. Everything runs in one thread; interrupts belong to the port.
 */
#ifndef ENGRAM_PORT_H
#define ENGRAM_PORT_H

#include <stddef.h>
#include <stdint.h>

/* --- what a port calls ------------------------------------------------------------------------------------- */

/* Once, when the hardware is set up: restores what was saved in storage, if anything. */
void engram_start(void);

/* Does a piece of work of at most one tick and returns; true if it did anything. To be called for ever. */
int engram_poll(void);

/* --- bytes to and from the host ---------------------------------------------------------------------------- */

/* Copies at most size bytes that the host sent and returns how many. Never waits. The port must be able to hold
   info.receive_bytes that have not been read: a serial line has no other flow control. */
size_t engram_port_read(uint8_t *bytes, size_t size);

/* Takes at most size bytes for the host and returns how many. Never waits; 0: no room now, or no host. */
size_t engram_port_write(const uint8_t *bytes, size_t size);

/* True when everything taken has left, or cannot leave because no host listens. */
int engram_port_drained(void);

/* --- time -------------------------------------------------------------------------------------------------- */

/* A free-running clock of microseconds, wrapping. */
uint32_t engram_port_microseconds(void);

/* A free-running counter of processor cycles, wrapping at 2^24 or above; 0 for ever without the capability CYCLES.
   Its width is info.cycle_mask. */
uint32_t engram_port_cycles(void);

/* Called at least every 100 ms, in long pieces of work too: feeds the watchdog. */
void engram_port_alive(void);

/* --- storage ----------------------------------------------------------------------------------------------- */

/* Four areas, each readable as memory and aligned to 8 bytes. With the capability NONVOLATILE all four keep their
   bytes without power. Without it only ENGRAM_AREA_IMAGE_A and ENGRAM_AREA_STATE_A need a size; they may be RAM. */
enum { ENGRAM_AREA_IMAGE_A, ENGRAM_AREA_IMAGE_B, ENGRAM_AREA_STATE_A, ENGRAM_AREA_STATE_B, ENGRAM_AREAS };

#define ENGRAM_ERASE_BYTES 4096u
#define ENGRAM_PROGRAM_BYTES 256u

typedef struct {
    const uint8_t *bytes;
    uint32_t size; /* a multiple of ENGRAM_ERASE_BYTES; 0: there is none */
} engram_area;

engram_area engram_port_area(unsigned area);

/* Sets ENGRAM_ERASE_BYTES bytes at offset, a multiple of that, to 0xff. 0: done; else it failed. */
int engram_port_erase(unsigned area, uint32_t offset);

/* Writes ENGRAM_PROGRAM_BYTES bytes at offset, a multiple of that, which were erased before. 0: done. */
int engram_port_program(unsigned area, uint32_t offset, const uint8_t *bytes);

/* --- the board itself -------------------------------------------------------------------------------------- */

typedef struct {
    const char *serial;     /* at most 32 characters, the same as on USB */
    uint32_t capabilities;  /* ENGRAM_CAPABILITY_…, of which REALTIME, CYCLES, BOOTLOADER, NONVOLATILE are the port's */
    uint32_t receive_bytes; /* bytes from the host it can hold unread */
    uint32_t cycle_mask;    /* width of engram_port_cycles */
    uint8_t reset_cause;    /* ENGRAM_RESET_CAUSE_… */
    uint8_t failed_to_restore; /* this start follows one that ended, by a fault or the watchdog, in engram_start */
} engram_port_info;

const engram_port_info *engram_port_about(void);

/* Restarts: ENGRAM_REBOOT_APPLICATION or ENGRAM_REBOOT_BOOTLOADER. Called once everything has drained. */
void engram_port_reboot(uint8_t mode);

#endif
