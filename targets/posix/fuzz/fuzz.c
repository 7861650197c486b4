/*
 * The core with a host of bytes: reads records from standard input, each a little-endian u32 length and so many bytes,
 * gives them to the core as if they had come over the line, and writes what the core says to standard output. Time
 * passes by the calls alone, so the same input always has the same output. Ends with status 0 at the end of input.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engram_config.h"
#include "generated/engram_wire.h"
#include "port.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

#define RECEIVE_BYTES 65536u
/* A run may be longer than anybody waits; the next record comes in the middle of it then. */
#define POLLS_PER_RECORD 64u

static uint8_t received[RECEIVE_BYTES];
static size_t received_from, received_to;
static uint8_t out[65536];
static size_t out_size;
static uint32_t microseconds;
static char *const *words;

static uint8_t image_a[ENGRAM_TARGET_IMAGE_BYTES], image_b[ENGRAM_TARGET_IMAGE_BYTES];
static uint8_t state_a[POSIX_STATE_BYTES], state_b[POSIX_STATE_BYTES];
static const struct {
    uint8_t *bytes;
    uint32_t size;
} areas[ENGRAM_AREAS] = {
    [ENGRAM_AREA_IMAGE_A] = {image_a, sizeof image_a},
    [ENGRAM_AREA_IMAGE_B] = {image_b, sizeof image_b},
    [ENGRAM_AREA_STATE_A] = {state_a, sizeof state_a},
    [ENGRAM_AREA_STATE_B] = {state_b, sizeof state_b},
};

static const engram_port_info info = {
    .serial = "fuzz",
    .capabilities = ENGRAM_CAPABILITY_REALTIME | ENGRAM_CAPABILITY_CYCLES | ENGRAM_CAPABILITY_NONVOLATILE,
    .receive_bytes = RECEIVE_BYTES,
    .cycle_mask = 0xffffffffu,
};

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(3);
}

static void flush(void)
{
    for (size_t done = 0; done < out_size;) {
        ssize_t count = write(STDOUT_FILENO, out + done, out_size - done);
        if (count < 0) fail("write");
        done += (size_t)count;
    }
    out_size = 0;
}

size_t engram_port_read(uint8_t *bytes, size_t size)
{
    size_t count = received_to - received_from;
    if (count > size) count = size;
    memcpy(bytes, received + received_from, count);
    received_from += count;
    return count;
}

size_t engram_port_write(const uint8_t *bytes, size_t size)
{
    if (out_size == sizeof out) flush();
    if (size > sizeof out - out_size) size = sizeof out - out_size;
    memcpy(out + out_size, bytes, size);
    out_size += size;
    return size;
}

int engram_port_drained(void)
{
    return 1;
}

uint32_t engram_port_microseconds(void)
{
    return microseconds += 10;
}

uint32_t engram_port_cycles(void)
{
    return microseconds * 1000u;
}

void engram_port_alive(void)
{
}

engram_area engram_port_area(unsigned area)
{
    return area < ENGRAM_AREAS ? (engram_area){areas[area].bytes, areas[area].size} : (engram_area){0, 0};
}

static uint8_t *inside(unsigned area, uint32_t offset, uint32_t count)
{
    if (area >= ENGRAM_AREAS || offset % count != 0 || offset >= areas[area].size) return 0;
    return areas[area].bytes + offset;
}

int engram_port_erase(unsigned area, uint32_t offset)
{
    uint8_t *to = inside(area, offset, ENGRAM_ERASE_BYTES);
    if (to != 0) ASAN_UNPOISON_MEMORY_REGION(to, ENGRAM_ERASE_BYTES);
    if (to != 0) memset(to, 0xff, ENGRAM_ERASE_BYTES);
    return to == 0;
}

/* What lies behind an image must not be read: the image says how long it is, and may lie. */
static void fence(unsigned area, uint32_t offset)
{
    uint8_t *image = areas[area].bytes;
    if (area != ENGRAM_AREA_IMAGE_A && area != ENGRAM_AREA_IMAGE_B) return;
    if (offset == 0) ASAN_POISON_MEMORY_REGION(image, areas[area].size);
    ASAN_UNPOISON_MEMORY_REGION(image + offset, ENGRAM_PROGRAM_BYTES);
}

int engram_port_program(unsigned area, uint32_t offset, const uint8_t *bytes)
{
    uint8_t *to = inside(area, offset, ENGRAM_PROGRAM_BYTES);
    if (to != 0) fence(area, offset);
    for (uint32_t n = 0; to != 0 && n < ENGRAM_PROGRAM_BYTES; n++) to[n] &= bytes[n];
    return to == 0;
}

const engram_port_info *engram_port_about(void)
{
    return &info;
}

/* The same program again, on the rest of the input: it is never read ahead of what is used. */
void engram_port_reboot(uint8_t mode)
{
    (void)mode;
    flush();
    execv(words[0], words);
    fail(words[0]);
}

/* False at the end of input. */
static int get(uint8_t *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t count = read(STDIN_FILENO, bytes + done, size - done);
        if (count < 0) fail("read");
        if (count == 0) return 0;
        done += (size_t)count;
    }
    return 1;
}

static int get_record(void)
{
    uint8_t head[4];
    if (!get(head, sizeof head)) return 0;
    uint32_t size = (uint32_t)head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 24;
    memmove(received, received + received_from, received_to - received_from);
    received_to -= received_from;
    received_from = 0;
    if (size > RECEIVE_BYTES) {
        fprintf(stderr, "a record of %lu bytes; the board holds %u\n", (unsigned long)size, RECEIVE_BYTES);
        exit(2);
    }
    /* A core that has stopped reading loses the oldest bytes, as on a serial line. */
    if (received_to + size > RECEIVE_BYTES) received_to = 0;
    if (!get(received + received_to, size)) return 0;
    received_to += size;
    return 1;
}

int main(int count, char **given)
{
    (void)count;
    words = given;
    engram_start();
    while (get_record())
        for (unsigned n = 0; n < POLLS_PER_RECORD && engram_poll(); n++) {
        }
    flush();
    return 0;
}
