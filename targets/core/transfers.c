#include "transfers.h"

#include <string.h>

#include "checkpoint.h"
#include "crc32.h"
#include "pages.h"
#include "port.h"
#include "slots.h"

static struct {
    int open;
    engram_upload_begin what;
    unsigned area;
    uint32_t received;
    uint8_t page[ENGRAM_PROGRAM_BYTES]; /* bytes that do not fill a page yet */
} upload;

static struct {
    int open;
    engram_checkpoint_header header;
    uint32_t crc;
} download;

static unsigned loaded_area = ENGRAM_AREA_IMAGE_A;

static engram_verdict refuse(uint32_t error, uint32_t detail)
{
    const engram_verdict verdict = {error, detail, ""};
    return verdict;
}

unsigned engram_transfers_image_area(void)
{
    return loaded_area;
}

void engram_transfers_set_image_area(unsigned area)
{
    loaded_area = area;
}

static int same_transfer(const engram_upload_begin *request)
{
    return upload.open && upload.what.kind == request->kind && upload.what.total == request->total &&
           upload.what.crc == request->crc && upload.what.hash == request->hash;
}

engram_verdict engram_upload_open(const engram_upload_begin *request, uint32_t *offset)
{
    const int is_image = request->kind == ENGRAM_TRANSFER_IMAGE;
    const engram_machine *m = &engram_core_machine;
    if (!is_image) {
        if (!m->loaded)
            return refuse(ENGRAM_ERR_NO_IMAGE, 0);
        if (m->image.header->content_hash != request->hash)
            return refuse(ENGRAM_ERR_WRONG_IMAGE, m->image.header->content_hash);
    }
    if (!same_transfer(request)) {
        const unsigned area = is_image ? engram_slots_free_image_area() : engram_slots_free_state_area();
        const uint32_t room = engram_port_area(area).size;
        if (request->total > room)
            return refuse(ENGRAM_ERR_TOO_LARGE, room);
        /* The image may lie where the new one goes. */
        if (is_image)
            engram_machine_unload();
        upload.open = 1;
        upload.what = *request;
        upload.area = area;
        upload.received = 0;
    }
    *offset = upload.received;
    return engram_accepted();
}

/* Writes the page that is complete, or the last one, filled up. */
static int write_page(void)
{
    const uint32_t offset = (upload.received - 1u) / ENGRAM_PROGRAM_BYTES * ENGRAM_PROGRAM_BYTES;
    return engram_page_write(upload.area, offset, upload.page);
}

engram_verdict engram_upload_append(const engram_upload_data *request)
{
    if (!upload.open)
        return refuse(ENGRAM_ERR_NO_TRANSFER, 0);
    if (request->offset != upload.received)
        return refuse(ENGRAM_ERR_WRONG_OFFSET, upload.received);
    if (request->data.count > upload.what.total - upload.received)
        return refuse(ENGRAM_ERR_TOO_LARGE, upload.what.total - upload.received);
    for (uint32_t n = 0; n < request->data.count; n++) {
        upload.page[upload.received++ % ENGRAM_PROGRAM_BYTES] = request->data.at[n];
        if (upload.received % ENGRAM_PROGRAM_BYTES == 0u && !write_page()) {
            upload.open = 0;
            return refuse(ENGRAM_ERR_STORAGE, 0);
        }
    }
    return engram_accepted();
}

engram_verdict engram_upload_finish(void)
{
    if (!upload.open)
        return refuse(ENGRAM_ERR_NO_TRANSFER, 0);
    if (upload.received < upload.what.total)
        return refuse(ENGRAM_ERR_INCOMPLETE, upload.what.total - upload.received);
    upload.open = 0;
    const uint32_t rest = upload.received % ENGRAM_PROGRAM_BYTES;
    if (rest != 0u) {
        memset(upload.page + rest, 0xff, ENGRAM_PROGRAM_BYTES - rest);
        if (!write_page())
            return refuse(ENGRAM_ERR_STORAGE, 0);
    }
    const uint8_t *bytes = engram_port_area(upload.area).bytes;
    engram_port_alive();
    const uint32_t crc = engram_crc32(0, bytes, upload.what.total);
    if (crc != upload.what.crc)
        return refuse(ENGRAM_ERR_BAD_CRC, crc);
    if (upload.what.kind == ENGRAM_TRANSFER_IMAGE) {
        const engram_verdict verdict = engram_machine_load(bytes, upload.what.total);
        loaded_area = upload.area;
        return verdict;
    }
    engram_machine *m = &engram_core_machine;
    if (!m->loaded)
        return refuse(ENGRAM_ERR_NO_IMAGE, 0);
    const engram_verdict verdict = engram_checkpoint_restore(m, bytes, upload.what.total);
    if (!verdict.error)
        engram_queue_clear();
    return verdict;
}

void engram_upload_drop(void)
{
    upload.open = 0;
}

void engram_upload_yield_state(void)
{
    if (upload.what.kind == ENGRAM_TRANSFER_CHECKPOINT)
        upload.open = 0;
}

int engram_download_frozen(void)
{
    return download.open;
}

void engram_download_open(engram_download_ready *ready)
{
    const engram_machine *m = &engram_core_machine;
    if (!download.open) {
        download.open = 1;
        download.header = engram_checkpoint_header_of(m);
        download.crc = 0;
        uint8_t bytes[128];
        for (uint32_t offset = 0; offset < download.header.length; offset += sizeof bytes) {
            const uint32_t left = download.header.length - offset;
            const uint32_t size = left < sizeof bytes ? left : (uint32_t)sizeof bytes;
            engram_checkpoint_read(m, &download.header, offset, bytes, size);
            download.crc = engram_crc32(download.crc, bytes, size);
            engram_port_alive();
        }
    }
    ready->total = download.header.length;
    ready->crc = download.crc;
    ready->hash = download.header.image_hash;
    ready->tick = download.header.tick;
}

engram_verdict engram_download_copy(const engram_download_read *request, uint8_t *bytes, uint32_t most, uint32_t *size)
{
    if (!download.open)
        return refuse(ENGRAM_ERR_NO_TRANSFER, 0);
    if (request->offset >= download.header.length)
        return refuse(ENGRAM_ERR_OUT_OF_RANGE, download.header.length);
    const uint32_t left = download.header.length - request->offset;
    *size = request->length < left ? request->length : left;
    if (*size > most)
        *size = most;
    engram_checkpoint_read(&engram_core_machine, &download.header, request->offset, bytes, *size);
    return engram_accepted();
}

void engram_download_close(void)
{
    download.open = 0;
}
