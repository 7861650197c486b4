/* An image as it lies in memory: where its sections are (docs/image.md). */
#ifndef ENGRAM_IMAGE_VIEW_H
#define ENGRAM_IMAGE_VIEW_H

#include <stdint.h>

#include "generated/engram_image.h"

typedef struct {
    const engram_header *header;
    const engram_network *network;
    const engram_population *populations;
    const engram_modulator *modulators;
    const engram_rule *rules;
    const engram_term *terms;
    const uint32_t *input_route_start;
    const uint32_t *input_routes;
    const engram_probe *probes;
    const engram_episodes *episodes; /* 0: none */
    const engram_core *core;
    const engram_neuron_group *neuron_groups;
    const engram_axon_group *axon_groups;
    const uint32_t *axons;
    const engram_synapse_block *blocks;
    const uint32_t *route_start;
    const uint32_t *routes;
    const int32_t *bias;
    const int32_t *initial;
    const uint32_t *index;
    const uint16_t *targets;
    const int8_t *weights8;
    const int16_t *weights16;
    const uint16_t *column_axons;
    uint32_t population_count;
    uint32_t modulator_count;
    uint32_t rule_count;
    uint32_t term_count;
    uint32_t input_route_start_count;
    uint32_t input_route_count;
    uint32_t probe_count;
    uint32_t episodes_count;
    uint32_t neuron_group_count;
    uint32_t axon_group_count;
    uint32_t axon_count;
    uint32_t block_count;
    uint32_t route_start_count;
    uint32_t route_count;
    uint32_t bias_count;
    uint32_t initial_count;
    uint32_t index_count;
    uint32_t target_count;
    uint32_t weight8_count;
    uint32_t weight16_count;
    uint32_t column_axon_count;
} engram_image;

/* Why an image is refused. */
typedef struct {
    uint32_t error;     /* ENGRAM_ERR_…; ENGRAM_OK: it is not */
    uint32_t detail;    /* as the error's table says; FAILED_CHECK: byte offset of the section or record */
    const char *reason; /* a sentence for a person */
} engram_verdict;

/*
 * Takes an image apart and checks everything (docs/image.md): checksums, then every index, count and range. bytes is
 * aligned to 8. scratch has room for scratch_words numbers; one a neuron is needed. Nothing is written but image and scratch.
 */
engram_verdict engram_image_open(const uint8_t *bytes, uint32_t size, engram_image *image, uint32_t *scratch,
                                 uint32_t scratch_words);

/* The parts of that check, in order. */
engram_verdict engram_image_sections(const uint8_t *bytes, uint32_t size, engram_image *image);
engram_verdict engram_image_check_board(const engram_image *image);
engram_verdict engram_image_check_core(const engram_image *image);
engram_verdict engram_image_check_blocks(const engram_image *image, uint32_t *sums);

engram_verdict engram_image_check_feedback(const engram_image *image);

/* Byte offset of something inside the image, for a verdict. */
static inline uint32_t engram_image_offset(const engram_image *image, const void *at)
{
    return (uint32_t)((const uint8_t *)at - (const uint8_t *)image->header);
}

/* A refusal for a failed check. */
static inline engram_verdict engram_refused(uint32_t offset, const char *reason)
{
    const engram_verdict verdict = {29u /* ENGRAM_ERR_FAILED_CHECK */, offset, reason};
    return verdict;
}

static inline engram_verdict engram_accepted(void)
{
    const engram_verdict verdict = {0u, 0u, ""};
    return verdict;
}

#endif
