#define _DEFAULT_SOURCE

#include "storage.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engram_config.h"
#include "options.h"
#include "port.h"

/* Behind each area, unreadable, so that a step over its end is seen. */
#define GUARD_BYTES 65536u

static const uint32_t sizes[ENGRAM_AREAS] = {
    [ENGRAM_AREA_IMAGE_A] = ENGRAM_TARGET_IMAGE_BYTES,
    [ENGRAM_AREA_IMAGE_B] = ENGRAM_TARGET_IMAGE_BYTES,
    [ENGRAM_AREA_STATE_A] = POSIX_STATE_BYTES,
    [ENGRAM_AREA_STATE_B] = POSIX_STATE_BYTES,
};
static uint8_t *areas[ENGRAM_AREAS];
static long left = -1; /* bytes until the power fails; -1: it does not */

static int open_file(const char *file, off_t bytes)
{
    int descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat found;
    if (descriptor < 0 || fstat(descriptor, &found) != 0) posix_fail(file);
    /* New bytes are 0, not 0xff as of new flash: whoever does not erase before programming finds out. */
    if (found.st_size != bytes && ftruncate(descriptor, bytes) != 0) posix_fail(file);
    return descriptor;
}

void posix_storage_start(const char *file, long cut_after)
{
    off_t total = 0;
    for (unsigned area = 0; area < ENGRAM_AREAS; area++) total += sizes[area];
    int descriptor = file == 0 ? -1 : open_file(file, total);
    int flags = MAP_FIXED | (file == 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
    off_t offset = 0;
    for (unsigned area = 0; area < ENGRAM_AREAS; area++) {
        void *reserved = mmap(0, sizes[area] + GUARD_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (reserved == MAP_FAILED) posix_fail("mmap");
        areas[area] = mmap(reserved, sizes[area], PROT_READ | PROT_WRITE, flags, descriptor, file == 0 ? 0 : offset);
        if (areas[area] == MAP_FAILED) posix_fail("mmap");
        offset += sizes[area];
    }
    if (descriptor >= 0) close(descriptor);
    left = cut_after;
}

void posix_storage_cut_after(long bytes)
{
    left = bytes;
}

/* How many of count bytes the power still lasts for. */
static uint32_t lasts_for(uint32_t count)
{
    return left >= 0 && left < (long)count ? (uint32_t)left : count;
}

static void used(uint32_t done)
{
    if (left < 0) return;
    left -= done;
    if (left == 0) _exit(POSIX_POWER_FAILED);
}

engram_area engram_port_area(unsigned area)
{
    return area < ENGRAM_AREAS ? (engram_area){areas[area], sizes[area]} : (engram_area){0, 0};
}

static int inside(unsigned area, uint32_t offset, uint32_t count)
{
    return area < ENGRAM_AREAS && offset % count == 0 && offset < sizes[area];
}

int engram_port_erase(unsigned area, uint32_t offset)
{
    if (!inside(area, offset, ENGRAM_ERASE_BYTES)) return 1;
    uint32_t count = lasts_for(ENGRAM_ERASE_BYTES);
    memset(areas[area] + offset, 0xff, count);
    used(count);
    return 0;
}

int engram_port_program(unsigned area, uint32_t offset, const uint8_t *bytes)
{
    if (!inside(area, offset, ENGRAM_PROGRAM_BYTES)) return 1;
    uint32_t count = lasts_for(ENGRAM_PROGRAM_BYTES);
    /* As flash: programming clears bits and sets none. */
    for (uint32_t n = 0; n < count; n++) areas[area][offset + n] &= bytes[n];
    used(count);
    return 0;
}
