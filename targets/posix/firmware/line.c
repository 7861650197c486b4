#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listen.h"
#include "port.h"

#define SEND_BYTES 65536u
/* Enough that a write is worth its system call. */
#define SEND_EARLY 16384u

static int tcp = -1, local = -1, terminal = -1; /* where hosts come from */
static int host = -1;                           /* the one in use */
static uint8_t received[POSIX_RECEIVE_BYTES];
static size_t received_from, received_to;
static uint8_t to_send[SEND_BYTES];
static size_t send_from, send_to;

void posix_line_start(posix_options *options)
{
    posix_open_listeners(options);
    tcp = options->tcp_listener;
    local = options->unix_listener;
    terminal = options->pty_master;
}

static void forget(void)
{
    received_from = received_to = send_from = send_to = 0;
}

void posix_line_hang_up(void)
{
    if (host >= 0 && host != terminal) close(host);
    host = -1;
    forget();
}

static void use(int descriptor)
{
    if (descriptor == host) return;
    posix_line_hang_up();
    host = descriptor;
}

static void accept_at(int listener)
{
    int descriptor = accept(listener, 0, 0);
    if (descriptor < 0) return;
    posix_set_up(descriptor);
    use(descriptor);
}

/* Whether a call that failed only has to be made again later. */
static int only_later(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void send_some(void)
{
    while (host >= 0 && send_from < send_to) {
        ssize_t sent = write(host, to_send + send_from, send_to - send_from);
        if (sent < 0) {
            if (!only_later()) posix_line_hang_up();
            return;
        }
        send_from += (size_t)sent;
    }
    send_from = send_to = 0;
}

static void receive_some(void)
{
    if (host < 0 || received_to == POSIX_RECEIVE_BYTES) return;
    ssize_t got = read(host, received + received_to, POSIX_RECEIVE_BYTES - received_to);
    if (got > 0)
        received_to += (size_t)got;
    else if (got == 0 || !only_later())
        posix_line_hang_up();
}

void posix_line_service(void)
{
    (void)posix_line_wait(0, -1);
}

static int watch(fd_set *set, int descriptor, int largest)
{
    if (descriptor < 0) return largest;
    FD_SET(descriptor, set);
    return descriptor > largest ? descriptor : largest;
}

int posix_line_wait(uint32_t microseconds, int other)
{
    send_some();
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    int largest = watch(&readable, tcp, -1);
    largest = watch(&readable, local, largest);
    largest = watch(&readable, terminal, largest);
    largest = watch(&readable, other, largest);
    /* Unread bytes: they would end the wait at once, and for ever. */
    if (received_to < POSIX_RECEIVE_BYTES) largest = watch(&readable, host, largest);
    if (send_from < send_to) largest = watch(&writable, host, largest);
    struct timeval wait = {.tv_sec = microseconds / 1000000u, .tv_usec = (long)(microseconds % 1000000u)};
    if (select(largest + 1, &readable, &writable, 0, &wait) <= 0) return 0;
    int connected = host;
    if (connected >= 0 && FD_ISSET(connected, &writable)) send_some();
    if (host >= 0 && FD_ISSET(host, &readable)) receive_some();
    if (terminal >= 0 && host != terminal && FD_ISSET(terminal, &readable)) use(terminal);
    if (tcp >= 0 && FD_ISSET(tcp, &readable)) accept_at(tcp);
    if (local >= 0 && FD_ISSET(local, &readable)) accept_at(local);
    return other >= 0 && FD_ISSET(other, &readable);
}

size_t engram_port_read(uint8_t *bytes, size_t size)
{
    size_t count = received_to - received_from;
    if (count > size) count = size;
    memcpy(bytes, received + received_from, count);
    received_from += count;
    if (received_from == received_to) received_from = received_to = 0;
    return count;
}

size_t engram_port_write(const uint8_t *bytes, size_t size)
{
    if (host < 0) return 0;
    if (send_to >= SEND_EARLY) send_some();
    if (host < 0) return 0;
    size_t count = SEND_BYTES - send_to;
    if (count > size) count = size;
    memcpy(to_send + send_to, bytes, count);
    send_to += count;
    return count;
}

int engram_port_drained(void)
{
    send_some();
    return host < 0 || send_from == send_to;
}
