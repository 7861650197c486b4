/* Checkpoints: everything that evolves, as bytes (docs/image.md). Made and taken in pieces: there is no room for a copy. */
#ifndef ENGRAM_CHECKPOINT_H
#define ENGRAM_CHECKPOINT_H

#include "machine.h"

uint32_t engram_checkpoint_size(const engram_machine *m);

/* Copies bytes offset … offset + size - 1 of the checkpoint of the state as it is. header is made once by engram_checkpoint_header. */
void engram_checkpoint_read(const engram_machine *m, const engram_checkpoint_header *header, uint32_t offset,
                            uint8_t *bytes, uint32_t size);

/* Makes the header; that takes a pass over the whole state. */
engram_checkpoint_header engram_checkpoint_header_of(const engram_machine *m);

/* Checks a checkpoint in memory, then restores it. On a verdict with an error nothing has changed. */
engram_verdict engram_checkpoint_restore(engram_machine *m, const uint8_t *bytes, uint32_t size);

#endif
