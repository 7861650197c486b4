#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: engram-posix [--unix PATH] [--tcp PORT] [--pty] [--storage FILE] [--serial TEXT]\n"
    "                    [--cut-after BYTES] [--control DESCRIPTOR]\n"
    "  Prints one line for each way in: 'unix PATH', 'tcp PORT', 'pty PATH'.\n";

_Noreturn void posix_fail(const char *what)
{
    fprintf(stderr, "engram-posix: %s: %s\n", what, strerror(errno));
    exit(1);
}

static _Noreturn void wrong(const char *word)
{
    fprintf(stderr, "engram-posix: wrong option or value: %s\n%s", word, usage);
    exit(2);
}

static long number(const char *word, long largest)
{
    char *end;
    errno = 0;
    long value = strtol(word, &end, 10);
    if (end == word || *end != 0 || errno != 0 || value < 0 || value > largest) wrong(word);
    return value;
}

posix_options posix_parse_options(int count, char *const *words)
{
    posix_options options = {
        .tcp_port = -1,
        .serial = "posix",
        .control = -1,
        .cut_after = -1,
        .tcp_listener = -1,
        .unix_listener = -1,
        .pty_master = -1,
        .pty_slave = -1,
    };
    for (int n = 1; n < count; n++) {
        const char *name = words[n];
        if (strcmp(name, "--pty") == 0) {
            options.pty = 1;
            continue;
        }
        if (n + 1 == count) wrong(name);
        const char *value = words[++n];
        if (strcmp(name, "--tcp") == 0)
            options.tcp_port = (int)number(value, 65535);
        else if (strcmp(name, "--unix") == 0)
            options.unix_path = value;
        else if (strcmp(name, "--storage") == 0)
            options.storage = value;
        else if (strcmp(name, "--serial") == 0 && strlen(value) <= 32)
            options.serial = value;
        else if (strcmp(name, "--control") == 0)
            options.control = (int)number(value, 1023);
        else if (strcmp(name, "--cut-after") == 0)
            options.cut_after = number(value, 1L << 30);
        else if (strcmp(name, "--restarted") != 0 ||
                 sscanf(value, "%d,%d,%d,%d,%d", &options.reset_cause, &options.tcp_listener,
                        &options.unix_listener, &options.pty_master, &options.pty_slave) != 5)
            wrong(name);
    }
    if (options.tcp_port < 0 && options.unix_path == 0 && !options.pty) wrong("no way in");
    return options;
}
