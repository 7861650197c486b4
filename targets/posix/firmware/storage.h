/* Non-volatile memory: a file, mapped. */
#ifndef POSIX_STORAGE_H
#define POSIX_STORAGE_H

/* Status of a process whose power failed. */
#define POSIX_POWER_FAILED 86

/* file 0: memory that ends with the process. cut_after: as posix_storage_cut_after; -1: never. */
void posix_storage_start(const char *file, long cut_after);

/* The process ends when so many more bytes have been erased or programmed, in the middle of what it does. */
void posix_storage_cut_after(long bytes);

#endif
