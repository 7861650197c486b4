/* Images and checkpoints onto the board, checkpoints off it (docs/wire.md, Transfers). */
#ifndef ENGRAM_TRANSFERS_H
#define ENGRAM_TRANSFERS_H

#include "generated/engram_wire.h"
#include "machine.h"

/* Area of the image that is loaded, for saving. */
unsigned engram_transfers_image_area(void);
void engram_transfers_set_image_area(unsigned area);

engram_verdict engram_upload_open(const engram_upload_begin *request, uint32_t *offset);
engram_verdict engram_upload_append(const engram_upload_data *request);
engram_verdict engram_upload_finish(void);
void engram_upload_drop(void);
/* Drops an upload that lies where the state is to be saved: one of a checkpoint. */
void engram_upload_yield_state(void);

/* While a download is open the state must not change. */
int engram_download_frozen(void);
void engram_download_open(engram_download_ready *ready);
engram_verdict engram_download_copy(const engram_download_read *request, uint8_t *bytes, uint32_t most, uint32_t *size);
void engram_download_close(void);

#endif
