#include "control.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "storage.h"

static char line[64];
static size_t length;

static void answer(int descriptor, const char *text)
{
    if (write(descriptor, text, strlen(text)) < 0) exit(0);
}

static void obey(int descriptor)
{
    static const char cut[] = "cut-after ";
    if (strncmp(line, cut, sizeof cut - 1u) != 0) {
        answer(descriptor, "unknown\n");
        return;
    }
    posix_storage_cut_after(atol(line + sizeof cut - 1u));
    answer(descriptor, "ok\n");
}

void posix_control(int descriptor)
{
    char bytes[64];
    ssize_t count = read(descriptor, bytes, sizeof bytes);
    if (count <= 0) exit(0);
    for (ssize_t n = 0; n < count; n++) {
        if (bytes[n] != '\n') {
            if (length + 1u < sizeof line) line[length++] = bytes[n];
            continue;
        }
        line[length] = 0;
        length = 0;
        obey(descriptor);
    }
}
