/* The board as a process: sockets or a pseudo-terminal for a line, a file for flash, this computer's clock. */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "generated/engram_wire.h"
#include "line.h"
#include "options.h"
#include "port.h"
#include "storage.h"

/* While there is work: how often to look for bytes, which costs a system call. */
#define LOOK_MICROSECONDS 200u
/* Without work: a real-time run waits for its next tick, and there is no telling when. */
#define NAP_MICROSECONDS 200u
/* When nothing has been done for this long, there is no such run: only the host wakes the board quickly. */
#define ASLEEP_AFTER_MICROSECONDS 100000u
#define SLEEP_MICROSECONDS 20000u

static posix_options options;
static engram_port_info info;
static char *const *words;
static int word_count;

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint32_t engram_port_microseconds(void)
{
    return (uint32_t)(nanoseconds() / 1000u);
}

/* Of a processor of 1 GHz, as target.json says: nanoseconds. */
uint32_t engram_port_cycles(void)
{
    return (uint32_t)nanoseconds();
}

void engram_port_alive(void)
{
}

const engram_port_info *engram_port_about(void)
{
    return &info;
}

/* The same program again, with fresh memory and the same ways in. */
void engram_port_reboot(uint8_t mode)
{
    (void)mode; /* without the capability BOOTLOADER the core asks for the application only */
    static char restarted[64];
    static char *again[32];
    int count = 0;
    for (int n = 0; n < word_count && count < 28; n++) {
        if (n > 0 && (strcmp(words[n], "--restarted") == 0 || strcmp(words[n], "--cut-after") == 0))
            n++;
        else
            again[count++] = words[n];
    }
    snprintf(restarted, sizeof restarted, "%d,%d,%d,%d,%d", ENGRAM_RESET_CAUSE_REBOOT, options.tcp_listener,
             options.unix_listener, options.pty_master, options.pty_slave);
    static char option[] = "--restarted";
    again[count++] = option;
    again[count++] = restarted;
    posix_line_hang_up();
    execv(again[0], again);
    posix_fail(again[0]);
}

static void run(void)
{
    uint32_t looked = engram_port_microseconds(), worked = looked;
    for (;;) {
        int did = engram_poll();
        uint32_t now = engram_port_microseconds();
        if (did) {
            worked = now;
            if (now - looked < LOOK_MICROSECONDS) continue;
        }
        uint32_t wait = did ? 0 : now - worked < ASLEEP_AFTER_MICROSECONDS ? NAP_MICROSECONDS : SLEEP_MICROSECONDS;
        if (posix_line_wait(wait, options.control)) posix_control(options.control);
        looked = engram_port_microseconds();
    }
}

int main(int count, char **given)
{
    words = given;
    word_count = count;
    options = posix_parse_options(count, given);
    info = (engram_port_info){
        .serial = options.serial,
        .capabilities = ENGRAM_CAPABILITY_REALTIME | ENGRAM_CAPABILITY_CYCLES |
                        (options.storage == 0 ? 0 : ENGRAM_CAPABILITY_NONVOLATILE),
        .receive_bytes = POSIX_RECEIVE_BYTES,
        .cycle_mask = 0xffffffffu,
        .reset_cause = (uint8_t)options.reset_cause,
    };
    signal(SIGPIPE, SIG_IGN);
    posix_storage_start(options.storage, options.cut_after);
    posix_line_start(&options);
    engram_start();
    run();
}
