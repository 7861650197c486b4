#define _XOPEN_SOURCE 600
#define _DEFAULT_SOURCE

#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

static void unblock(int descriptor)
{
    if (fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0) posix_fail("fcntl");
}

void posix_set_up(int descriptor)
{
    unblock(descriptor);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* a local socket refuses it: no harm */
}

static int listen_tcp(int port)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0) posix_fail("socket");
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 4) != 0) posix_fail("--tcp");
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) posix_fail("--tcp");
    unblock(listener);
    printf("tcp %d\n", ntohs(address.sin_port));
    return listener;
}

static int listen_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        posix_fail(path);
    }
    strcpy(address.sun_path, path);
    unlink(path); /* left by a board whose power failed */
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener < 0) posix_fail("socket");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4) != 0)
        posix_fail(path);
    unblock(listener);
    printf("unix %s\n", path);
    return listener;
}

/* The slave stays open here, unread: a host may come and go. */
static void open_pty(posix_options *options)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) posix_fail("--pty");
    const char *name = ptsname(master);
    int slave = name == 0 ? -1 : open(name, O_RDWR | O_NOCTTY);
    struct termios raw;
    if (slave < 0 || tcgetattr(slave, &raw) != 0) posix_fail("--pty");
    raw.c_iflag = 0;
    raw.c_oflag = 0;
    raw.c_lflag = 0;
    raw.c_cflag |= CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(slave, TCSANOW, &raw) != 0) posix_fail("--pty");
    unblock(master);
    printf("pty %s\n", name);
    options->pty_master = master;
    options->pty_slave = slave;
}

void posix_open_listeners(posix_options *options)
{
    if (options->tcp_port >= 0 && options->tcp_listener < 0) options->tcp_listener = listen_tcp(options->tcp_port);
    if (options->unix_path != 0 && options->unix_listener < 0)
        options->unix_listener = listen_unix(options->unix_path);
    if (options->pty && options->pty_master < 0) open_pty(options);
    fflush(stdout);
}
