#include "slots.h"

#include <string.h>

#include "checkpoint.h"
#include "crc32.h"
#include "generated/engram_wire.h"
#include "pages.h"
#include "port.h"

int engram_slots_persistent(void)
{
    return (engram_port_about()->capabilities & ENGRAM_CAPABILITY_NONVOLATILE) != 0u;
}

/* The header of a slot whose checkpoint and image are complete; 0 if there is none. */
static const engram_slot_header *valid_slot(unsigned area)
{
    const engram_area slot = engram_port_area(area);
    if (slot.size < ENGRAM_SLOT_CHECKPOINT)
        return 0;
    const engram_slot_header *header = (const engram_slot_header *)(const void *)slot.bytes;
    if (header->magic != ENGRAM_SLOT_MAGIC || header->version != ENGRAM_SLOT_VERSION || header->image_area > 1u ||
        engram_crc32(0, header, sizeof *header - 4u) != header->header_crc)
        return 0;
    if (header->checkpoint_length > slot.size - ENGRAM_SLOT_CHECKPOINT)
        return 0;
    engram_port_alive();
    if (engram_crc32(0, slot.bytes + ENGRAM_SLOT_CHECKPOINT, header->checkpoint_length) != header->checkpoint_crc)
        return 0;
    const engram_area image = engram_port_area(ENGRAM_AREA_IMAGE_A + header->image_area);
    if (header->image_length > image.size || header->image_length < sizeof(engram_header))
        return 0;
    const engram_header *content = (const engram_header *)(const void *)image.bytes;
    engram_port_alive();
    if (content->content_hash != header->image_hash ||
        engram_crc32(0, image.bytes + sizeof *content, header->image_length - (uint32_t)sizeof *content) !=
            header->image_hash)
        return 0;
    engram_port_alive();
    return header;
}

/* The valid slots, the newer first; 0 where there is none. */
static void find_slots(unsigned areas[2], const engram_slot_header *headers[2])
{
    areas[0] = ENGRAM_AREA_STATE_A;
    areas[1] = ENGRAM_AREA_STATE_B;
    headers[0] = headers[1] = 0;
    if (!engram_slots_persistent())
        return;
    headers[0] = valid_slot(areas[0]);
    headers[1] = valid_slot(areas[1]);
    const int swap = headers[1] != 0 && (headers[0] == 0 || (int32_t)(headers[1]->sequence - headers[0]->sequence) > 0);
    if (swap) {
        const engram_slot_header *header = headers[0];
        headers[0] = headers[1];
        headers[1] = header;
        areas[0] = ENGRAM_AREA_STATE_B;
        areas[1] = ENGRAM_AREA_STATE_A;
    }
}

static int restore(unsigned area, const engram_slot_header *header, unsigned *image_area)
{
    const engram_area image = engram_port_area(ENGRAM_AREA_IMAGE_A + header->image_area);
    if (engram_machine_load(image.bytes, header->image_length).error)
        return 0;
    *image_area = ENGRAM_AREA_IMAGE_A + header->image_area;
    if (header->checkpoint_length == 0u)
        return 1;
    const uint8_t *checkpoint = engram_port_area(area).bytes + ENGRAM_SLOT_CHECKPOINT;
    if (!engram_checkpoint_restore(&engram_core_machine, checkpoint, header->checkpoint_length).error)
        return 1;
    engram_machine_unload();
    return 0;
}

int engram_slots_restore(unsigned *image_area)
{
    unsigned areas[2];
    const engram_slot_header *headers[2];
    find_slots(areas, headers);
    for (int n = 0; n < 2; n++)
        if (headers[n] != 0 && restore(areas[n], headers[n], image_area))
            return 1;
    return 0;
}

unsigned engram_slots_free_state_area(void)
{
    unsigned areas[2];
    const engram_slot_header *headers[2];
    find_slots(areas, headers);
    if (engram_port_area(ENGRAM_AREA_STATE_B).size == 0u)
        return ENGRAM_AREA_STATE_A;
    return headers[0] == 0 ? areas[0] : areas[1];
}

unsigned engram_slots_free_image_area(void)
{
    unsigned areas[2];
    const engram_slot_header *headers[2];
    find_slots(areas, headers);
    if (engram_port_area(ENGRAM_AREA_IMAGE_B).size == 0u || headers[0] == 0)
        return ENGRAM_AREA_IMAGE_A;
    return headers[0]->image_area == 0u ? ENGRAM_AREA_IMAGE_B : ENGRAM_AREA_IMAGE_A;
}

uint32_t engram_slots_save(const engram_machine *m, unsigned image_area)
{
    unsigned areas[2];
    const engram_slot_header *headers[2];
    find_slots(areas, headers);
    const unsigned area = headers[0] == 0 ? areas[0] : areas[1];
    const uint32_t sequence = headers[0] == 0 ? 1u : headers[0]->sequence + 1u;
    const engram_checkpoint_header checkpoint = engram_checkpoint_header_of(m);
    if (checkpoint.length > engram_port_area(area).size - ENGRAM_SLOT_CHECKPOINT)
        return ENGRAM_ERR_STORAGE;
    /* The header goes first and comes last: in between the slot is not valid. */
    if (engram_port_erase(area, 0) != 0)
        return ENGRAM_ERR_STORAGE;
    uint8_t page[ENGRAM_PROGRAM_BYTES];
    uint32_t crc = 0;
    for (uint32_t offset = 0; offset < checkpoint.length; offset += sizeof page) {
        const uint32_t left = checkpoint.length - offset;
        const uint32_t size = left < sizeof page ? left : (uint32_t)sizeof page;
        memset(page, 0xff, sizeof page);
        engram_checkpoint_read(m, &checkpoint, offset, page, size);
        crc = engram_crc32(crc, page, size);
        if (!engram_page_write(area, ENGRAM_SLOT_CHECKPOINT + offset, page))
            return ENGRAM_ERR_STORAGE;
    }
    const uint8_t *written = engram_port_area(area).bytes + ENGRAM_SLOT_CHECKPOINT;
    if (engram_crc32(0, written, checkpoint.length) != crc)
        return ENGRAM_ERR_STORAGE;
    engram_slot_header header = {
        ENGRAM_SLOT_MAGIC, ENGRAM_SLOT_VERSION, (uint16_t)(image_area - ENGRAM_AREA_IMAGE_A), sequence,
        m->image.header->content_hash, m->image.header->length, checkpoint.length, crc, 0,
    };
    header.header_crc = engram_crc32(0, &header, sizeof header - 4u);
    memset(page, 0xff, sizeof page);
    memcpy(page, &header, sizeof header);
    return engram_port_program(area, 0, page) == 0 && valid_slot(area) != 0 ? ENGRAM_OK : ENGRAM_ERR_STORAGE;
}

uint32_t engram_slots_forget(void)
{
    unsigned areas[2];
    const engram_slot_header *headers[2];
    find_slots(areas, headers);
    for (int n = 1; n >= 0; n--)
        if (engram_port_erase(areas[n], 0) != 0)
            return ENGRAM_ERR_STORAGE;
    return ENGRAM_OK;
}
