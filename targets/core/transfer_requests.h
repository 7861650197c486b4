/* UPLOAD_…, DOWNLOAD_…, STATE_SAVE and STATE_FORGET (docs/wire.md, Images and checkpoints). */
#ifndef ENGRAM_TRANSFER_REQUESTS_H
#define ENGRAM_TRANSFER_REQUESTS_H

#include "requests.h"

void engram_request_upload_begin(engram_response *response, const engram_frame *frame);
void engram_request_upload_data(engram_response *response, const engram_frame *frame);
void engram_request_upload_commit(engram_response *response);
void engram_request_download_begin(engram_response *response, const engram_frame *frame);
void engram_request_download_read(engram_response *response, const engram_frame *frame, uint32_t max_payload);
void engram_request_state_save(engram_response *response);
void engram_request_state_forget(engram_response *response);

#endif
