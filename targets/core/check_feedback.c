/* Checks that feedback blocks name channels that are there, stem from neurons, and that their sums stay in 32 bits. */
#include "check.h"
#include "port.h"

/* So many times 127 * 32767 stay below 2^31. */
#define MOST_FEEDBACK 256u

static uint32_t row_length(const engram_image *image, const engram_synapse_block *b, uint32_t row)
{
    const uint32_t *rows = image->index + b->row_offset;
    return b->kind == ENGRAM_BLOCK_DENSE ? b->neuron_count : rows[row + 1u] - rows[row];
}

/* Feedback synapses that stem from a unit. Axons of a block rise by unit. */
static uint32_t feedback_of(const engram_image *image, uint32_t unit)
{
    uint32_t sum = 0;
    for (uint32_t n = 0; n < image->block_count; n++) {
        const engram_synapse_block *b = &image->blocks[n];
        if (!(b->flags & ENGRAM_BLOCK_FLAG_FEEDBACK))
            continue;
        const uint32_t *axons = image->axons + b->first_axon;
        uint32_t low = 0, high = b->axon_count;
        while (high - low > 1u) {
            const uint32_t middle = low + (high - low) / 2u;
            if ((axons[middle] & ~ENGRAM_PRIMARY_AXON) <= unit)
                low = middle;
            else
                high = middle;
        }
        if ((axons[low] & ~ENGRAM_PRIMARY_AXON) == unit)
            sum += row_length(image, b, low);
        if (sum > MOST_FEEDBACK)
            break;
    }
    return sum;
}

static const engram_population *source_of(const engram_image *image, const engram_synapse_block *b)
{
    const engram_axon_group *g = image->axon_groups;
    while (b->first_axon - g->first_axon >= g->count)
        g++;
    return &image->populations[g->population];
}

engram_verdict engram_image_check_feedback(const engram_image *image)
{
    for (uint32_t n = 0; n < image->block_count; n++) {
        const engram_synapse_block *b = &image->blocks[n];
        if (!(b->flags & ENGRAM_BLOCK_FLAG_FEEDBACK))
            continue;
        engram_port_alive();
        REFUSE_UNLESS(engram_within(b->feedback_channel, b->neuron_count, image->modulator_count), b,
                      "The channels of a feedback block are not there.");
        REFUSE_UNLESS(source_of(image, b)->model != ENGRAM_MODEL_INPUT, b, "Feedback goes to input lines.");
        for (uint32_t row = 0; row < b->axon_count; row++)
            REFUSE_UNLESS(feedback_of(image, image->axons[b->first_axon + row] & ~ENGRAM_PRIMARY_AXON) <= MOST_FEEDBACK,
                          b, "The feedback of a neuron can leave 32 bits.");
    }
    return engram_accepted();
}
