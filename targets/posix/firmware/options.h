/* Command line of the board as a process. */
#ifndef POSIX_OPTIONS_H
#define POSIX_OPTIONS_H

typedef struct {
    int tcp_port;         /* 0: any; -1: none */
    const char *unix_path; /* 0: none */
    int pty;
    const char *storage; /* file; 0: memory that ends with the process */
    const char *serial;
    int control;     /* descriptor; -1: none */
    long cut_after;  /* bytes; -1: never */
    int reset_cause; /* ENGRAM_RESET_CAUSE_… */
    int tcp_listener, unix_listener, pty_master, pty_slave; /* kept open over a restart; -1: none */
} posix_options;

/* Ends the process with a message and status 2 on a mistake. */
posix_options posix_parse_options(int count, char *const *words);

/* Message to standard error and exit status 1, with the reason errno gives. */
_Noreturn void posix_fail(const char *what);

#endif
