#include "transfer_requests.h"

#include "request_needs.h"
#include "run.h"
#include "slots.h"
#include "transfers.h"

void engram_request_upload_begin(engram_response *response, const engram_frame *frame)
{
    engram_upload_begin request;
    engram_upload_ready ready;
    const uint32_t bad = engram_upload_begin_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    if (!engram_is_idle(response))
        return;
    if (request.kind != ENGRAM_TRANSFER_IMAGE && request.kind != ENGRAM_TRANSFER_CHECKPOINT)
        return engram_refuse(response, ENGRAM_ERR_BAD_VALUE, 0);
    const engram_verdict verdict = engram_upload_open(&request, &ready.offset);
    if (verdict.error)
        return engram_take_verdict(response, verdict);
    response->type = ENGRAM_MSG_UPLOAD_READY;
    response->size = (uint32_t)engram_upload_ready_write(response->payload, sizeof response->payload, &ready);
}

void engram_request_upload_data(engram_response *response, const engram_frame *frame)
{
    engram_upload_data request;
    const uint32_t bad = engram_upload_data_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    engram_take_verdict(response, engram_upload_append(&request));
}

void engram_request_upload_commit(engram_response *response)
{
    if (!engram_is_idle(response))
        return;
    const uint32_t before = engram_core_machine.loaded ? engram_core_machine.image.header->content_hash : 0u;
    const engram_verdict verdict = engram_upload_finish();
    engram_take_verdict(response, verdict);
    if (verdict.error)
        return;
    if (engram_core_machine.image.header->content_hash != before)
        engram_probes_reset(&engram_core_machine);
    engram_begin_anew();
}

void engram_request_download_begin(engram_response *response, const engram_frame *frame)
{
    engram_download_begin request;
    engram_download_ready ready;
    const uint32_t bad = engram_download_begin_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    if (!engram_has_image(response))
        return;
    if (engram_run_active())
        return engram_refuse(response, ENGRAM_ERR_BUSY, 0);
    engram_download_open(&ready);
    response->type = ENGRAM_MSG_DOWNLOAD_READY;
    response->size = (uint32_t)engram_download_ready_write(response->payload, sizeof response->payload, &ready);
}

void engram_request_download_read(engram_response *response, const engram_frame *frame, uint32_t max_payload)
{
    engram_download_read request;
    uint32_t size;
    const uint32_t bad = engram_download_read_read(frame->payload, frame->size, &request);
    if (bad)
        return engram_refuse(response, bad, 0);
    uint8_t *at = response->payload;
    const uint32_t header = 6u;
    const engram_verdict verdict = engram_download_copy(&request, at + header, max_payload - header, &size);
    if (verdict.error)
        return engram_take_verdict(response, verdict);
    engram_put_u32(at, request.offset);
    engram_put_u16(at + 4, size);
    response->type = ENGRAM_MSG_DOWNLOAD_DATA;
    response->size = header + size;
}

void engram_request_state_save(engram_response *response)
{
    if (!engram_slots_persistent())
        return engram_refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    if (!engram_has_image(response) || !engram_is_idle(response))
        return;
    engram_upload_yield_state();
    engram_refuse(response, engram_slots_save(&engram_core_machine, engram_transfers_image_area()), 0);
}

void engram_request_state_forget(engram_response *response)
{
    if (!engram_slots_persistent())
        return engram_refuse(response, ENGRAM_ERR_NOT_SUPPORTED, 0);
    if (!engram_is_idle(response))
        return;
    engram_upload_yield_state();
    engram_refuse(response, engram_slots_forget(), 0);
}
