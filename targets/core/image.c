/* Finding the sections of an image and checking their checksums and places. */
#include "image.h"

#include "crc32.h"
#include "engram_config.h"
#include "generated/engram_wire.h"
#include "port.h"

_Static_assert(ENGRAM_ERR_FAILED_CHECK == 29u, "engram_refused knows the number");

#define BOARD_WIDE 65535u
#define SECTION_KINDS 30u

static uint32_t align8(uint32_t n)
{
    return (n + 7u) & ~7u;
}

static engram_verdict check_header(const uint8_t *bytes, uint32_t size)
{
    const engram_header *header = (const engram_header *)(const void *)bytes;
    if (size < sizeof *header || header->magic != ENGRAM_IMAGE_MAGIC)
        return engram_refused(0, "It does not begin with ENGR.");
    if (engram_crc32(0, bytes, sizeof *header - 4u) != header->header_crc)
        return engram_refused(28, "The checksum of its header is wrong.");
    if (header->version != ENGRAM_IMAGE_VERSION) {
        const engram_verdict verdict = {ENGRAM_ERR_WRONG_FORMAT, ENGRAM_IMAGE_VERSION, "The image has another format."};
        return verdict;
    }
    if (header->core_version != ENGRAM_CORE_VERSION) {
        const engram_verdict verdict = {ENGRAM_ERR_WRONG_CORE, ENGRAM_CORE_VERSION,
                                        "The image is for another edition of the core."};
        return verdict;
    }
    if (header->target_id != ENGRAM_TARGET_ID) {
        const engram_verdict verdict = {ENGRAM_ERR_WRONG_TARGET, ENGRAM_TARGET_ID,
                                        "The image is for another target than " ENGRAM_TARGET_NAME "."};
        return verdict;
    }
    if (header->length != size)
        return engram_refused(12, "Its length is not that of its header.");
    return engram_accepted();
}

/* Where a section goes in the view: its pointer, its count, the size of a record, and how many it must have (0: any). */
typedef struct {
    const void **pointer;
    uint32_t *count;
    uint32_t record;
    int single;
} place;

static place place_of(engram_image *image, uint32_t kind, uint32_t *ignored, const void **ignored_pointer)
{
#define PLACE(pointer_, count_, type_, single_) \
    (place){(const void **)(void *)&image->pointer_, count_, sizeof(type_), single_}
    switch (kind) {
    case ENGRAM_SECTION_NETWORK:
        return PLACE(network, ignored, engram_network, 1);
    case ENGRAM_SECTION_POPULATIONS:
        return PLACE(populations, &image->population_count, engram_population, 0);
    case ENGRAM_SECTION_MODULATORS:
        return PLACE(modulators, &image->modulator_count, engram_modulator, 0);
    case ENGRAM_SECTION_RULES:
        return PLACE(rules, &image->rule_count, engram_rule, 0);
    case ENGRAM_SECTION_TERMS:
        return PLACE(terms, &image->term_count, engram_term, 0);
    case ENGRAM_SECTION_INPUT_ROUTE_START:
        return PLACE(input_route_start, &image->input_route_start_count, uint32_t, 0);
    case ENGRAM_SECTION_INPUT_ROUTES:
        return PLACE(input_routes, &image->input_route_count, uint32_t, 0);
    case ENGRAM_SECTION_PROBES:
        return PLACE(probes, &image->probe_count, engram_probe, 0);
    case ENGRAM_SECTION_EPISODES:
        return PLACE(episodes, &image->episodes_count, engram_episodes, 0);
    case ENGRAM_SECTION_CORE:
        return PLACE(core, ignored, engram_core, 1);
    case ENGRAM_SECTION_NEURON_GROUPS:
        return PLACE(neuron_groups, &image->neuron_group_count, engram_neuron_group, 0);
    case ENGRAM_SECTION_AXON_GROUPS:
        return PLACE(axon_groups, &image->axon_group_count, engram_axon_group, 0);
    case ENGRAM_SECTION_AXONS:
        return PLACE(axons, &image->axon_count, uint32_t, 0);
    case ENGRAM_SECTION_BLOCKS:
        return PLACE(blocks, &image->block_count, engram_synapse_block, 0);
    case ENGRAM_SECTION_ROUTE_START:
        return PLACE(route_start, &image->route_start_count, uint32_t, 0);
    case ENGRAM_SECTION_ROUTES:
        return PLACE(routes, &image->route_count, uint32_t, 0);
    case ENGRAM_SECTION_BIAS:
        return PLACE(bias, &image->bias_count, int32_t, 0);
    case ENGRAM_SECTION_INITIAL:
        return PLACE(initial, &image->initial_count, int32_t, 0);
    case ENGRAM_SECTION_INDEX:
        return PLACE(index, &image->index_count, uint32_t, 0);
    case ENGRAM_SECTION_TARGETS:
        return PLACE(targets, &image->target_count, uint16_t, 0);
    case ENGRAM_SECTION_WEIGHTS8:
        return PLACE(weights8, &image->weight8_count, int8_t, 0);
    case ENGRAM_SECTION_WEIGHTS16:
        return PLACE(weights16, &image->weight16_count, int16_t, 0);
    case ENGRAM_SECTION_COLUMN_AXONS:
        return PLACE(column_axons, &image->column_axon_count, uint16_t, 0);
    case ENGRAM_SECTION_HOST:
        return (place){ignored_pointer, ignored, 1u, 0};
    default:
        return (place){0, ignored, 0u, 0};
    }
#undef PLACE
}

static const uint8_t required[] = {
    ENGRAM_SECTION_NETWORK,     ENGRAM_SECTION_POPULATIONS,   ENGRAM_SECTION_MODULATORS,
    ENGRAM_SECTION_RULES,       ENGRAM_SECTION_TERMS,         ENGRAM_SECTION_INPUT_ROUTE_START,
    ENGRAM_SECTION_INPUT_ROUTES, ENGRAM_SECTION_PROBES,       ENGRAM_SECTION_HOST,
    ENGRAM_SECTION_CORE,        ENGRAM_SECTION_NEURON_GROUPS, ENGRAM_SECTION_AXON_GROUPS,
    ENGRAM_SECTION_AXONS,       ENGRAM_SECTION_BLOCKS,        ENGRAM_SECTION_ROUTE_START,
    ENGRAM_SECTION_ROUTES,      ENGRAM_SECTION_BIAS,          ENGRAM_SECTION_INITIAL,
    ENGRAM_SECTION_INDEX,       ENGRAM_SECTION_TARGETS,       ENGRAM_SECTION_WEIGHTS8,
    ENGRAM_SECTION_WEIGHTS16,   ENGRAM_SECTION_COLUMN_AXONS,  ENGRAM_SECTION_EPISODES,
};

engram_verdict engram_image_sections(const uint8_t *bytes, uint32_t size, engram_image *image)
{
    const engram_verdict header_verdict = check_header(bytes, size);
    if (header_verdict.error)
        return header_verdict;
    image->header = (const engram_header *)(const void *)bytes;
    engram_port_alive();
    if (engram_crc32(0, bytes + sizeof(engram_header), size - sizeof(engram_header)) != image->header->content_hash)
        return engram_refused(20, "The checksum of its content is wrong.");
    const uint32_t sections = image->header->section_count;
    if (sections > (size - sizeof(engram_header)) / sizeof(engram_section_entry))
        return engram_refused(16, "Its section table is longer than the image.");
    const engram_section_entry *entry = (const engram_section_entry *)(const void *)(bytes + sizeof(engram_header));
    uint32_t seen = 0, ignored = 0;
    const void *ignored_pointer = 0;
    uint32_t free = align8(sizeof(engram_header) + sizeof(engram_section_entry) * sections);
    for (uint32_t n = 0; n < sections; n++, entry++) {
        const uint32_t at = engram_image_offset(image, entry);
        const place where = place_of(image, entry->kind, &ignored, &ignored_pointer);
        if (where.pointer == 0)
            return engram_refused(at, "A section is of an unknown kind.");
        const int of_core = entry->kind >= ENGRAM_SECTION_CORE;
        if (of_core ? entry->core == BOARD_WIDE : entry->core != BOARD_WIDE)
            return engram_refused(at, "A section is in the wrong place.");
        if (of_core && entry->core != 0)
            return engram_refused(at, "The image has more than one core; this board has one.");
        if (seen & (1u << entry->kind))
            return engram_refused(at, "A section is there twice.");
        seen |= 1u << entry->kind;
        if (entry->offset != free || free > size || entry->length > size - free)
            return engram_refused(at, "A section lies outside the image or over another.");
        free = align8(free + entry->length);
        if (entry->length % where.record != 0)
            return engram_refused(at, "A section has half a record at its end.");
        if (engram_crc32(0, bytes + entry->offset, entry->length) != entry->crc)
            return engram_refused(at, "The checksum of a section is wrong.");
        engram_port_alive();
        *where.pointer = bytes + entry->offset;
        *where.count = entry->length / where.record;
        if (where.single && *where.count != 1)
            return engram_refused(at, "A section must have exactly one record.");
    }
    if (free != size)
        return engram_refused(12, "Bytes follow its last section.");
    for (uint32_t n = 0; n < sizeof required; n++)
        if (!(seen & (1u << required[n])))
            return engram_refused(0, "A section is missing.");
    if (image->episodes_count == 0u)
        image->episodes = 0;
    return engram_accepted();
}

engram_verdict engram_image_open(const uint8_t *bytes, uint32_t size, engram_image *image, uint32_t *scratch,
                                 uint32_t scratch_words)
{
    engram_verdict verdict = engram_image_sections(bytes, size, image);
    if (!verdict.error)
        verdict = engram_image_check_board(image);
    if (!verdict.error && image->core->neuron_count > scratch_words) {
        verdict.error = ENGRAM_ERR_OUT_OF_MEMORY;
        verdict.detail = (image->core->neuron_count - scratch_words) * 4u;
        verdict.reason = "The image has more neurons than the board holds.";
    }
    if (!verdict.error)
        verdict = engram_image_check_core(image);
    if (!verdict.error)
        verdict = engram_image_check_blocks(image, scratch);
    return verdict;
}
