/* Checks of a core's synapse blocks and everything they point at. */
#include "check.h"
#include "port.h"

static int is_plastic(const engram_synapse_block *b)
{
    return (b->flags & ENGRAM_BLOCK_FLAG_PLASTIC) != 0;
}

/* Some axon group holds all axons of the block, and some neuron group all its neurons. */
static int inside_groups(const engram_image *image, const engram_synapse_block *b)
{
    int axons = 0, neurons = 0;
    for (uint32_t n = 0; n < image->axon_group_count && !axons; n++) {
        const engram_axon_group *g = &image->axon_groups[n];
        axons = b->first_axon >= g->first_axon && engram_within(b->first_axon - g->first_axon, b->axon_count, g->count);
    }
    for (uint32_t n = 0; n < image->neuron_group_count && !neurons; n++) {
        const engram_neuron_group *g = &image->neuron_groups[n];
        neurons = b->first_neuron >= g->first_neuron &&
                  engram_within(b->first_neuron - g->first_neuron, b->neuron_count, g->count);
    }
    return axons && neurons;
}

static engram_verdict check_plastic(const engram_image *image, const engram_synapse_block *b)
{
    REFUSE_UNLESS(b->rule < image->rule_count, b, "A block names an unknown rule.");
    REFUSE_UNLESS(b->w_min <= b->w_max, b, "The weight bounds of a block are reversed.");
    REFUSE_UNLESS(b->sweep_period <= 6u && engram_decay_ok(b->tag_keep, b->tag_period) &&
                      engram_decay_ok(b->tag2_keep, b->tag2_period) && b->rated_period <= 31u,
                  b, "A sweep of a block is out of range.");
    const engram_rule *rule = &image->rules[b->rule];
    int uses_tag = 0, uses_tag2 = 0, sweeps_signal = 0;
    for (uint32_t n = 0; n < rule->term_count; n++) {
        const engram_term *t = &image->terms[rule->first_term + n];
        uses_tag |= t->target == ENGRAM_TERM_TARGET_T || engram_term_names(t, ENGRAM_FACTOR_T);
        uses_tag2 |= t->target == ENGRAM_TERM_TARGET_T2 || engram_term_names(t, ENGRAM_FACTOR_T2);
        sweeps_signal |= t->event == ENGRAM_EVENT_SWEEP && engram_term_names(t, ENGRAM_FACTOR_L);
    }
    REFUSE_UNLESS(!uses_tag2 || (b->flags & ENGRAM_BLOCK_FLAG_TAG2), b, "The rule of a block needs a second tag.");
    REFUSE_UNLESS(!sweeps_signal || b->sweep_period == image->network->signal_period, b,
                  "The sweeps of a block do not keep time with the learning signals.");
    REFUSE_UNLESS(!uses_tag || (b->flags & ENGRAM_BLOCK_FLAG_TAG), b, "The rule of a block needs a tag.");
    const int columns = engram_rule_has(image, rule, ENGRAM_EVENT_POST) || engram_rule_has(image, rule, ENGRAM_EVENT_NEAR);
    const int needed = columns && b->kind == ENGRAM_BLOCK_SPARSE;
    REFUSE_UNLESS(((b->flags & ENGRAM_BLOCK_FLAG_TRANSPOSED) != 0) == needed, b,
                  "The transposed index of a block does not match its rule.");
    for (uint32_t n = 0; n < b->synapse_count; n++) {
        const int16_t *weight = &image->weights16[b->weight_offset + n];
        REFUSE_UNLESS(*weight >= b->w_min && *weight <= b->w_max, weight, "A weight is outside its bounds.");
    }
    return engram_accepted();
}

static engram_verdict check_columns(const engram_image *image, const engram_synapse_block *b)
{
    REFUSE_UNLESS(engram_within(b->column_offset, b->neuron_count + 1u, image->index_count) &&
                      engram_within(b->column_synapse_offset, b->synapse_count, image->index_count) &&
                      engram_within(b->column_axon_offset, b->synapse_count, image->column_axon_count),
                  b, "The columns of a block are out of range.");
    const uint32_t *rows = image->index + b->row_offset;
    const uint32_t *columns = image->index + b->column_offset;
    const uint32_t *synapses = image->index + b->column_synapse_offset;
    const uint16_t *axons = image->column_axons + b->column_axon_offset;
    const uint16_t *targets = image->targets + b->target_offset;
    REFUSE_UNLESS(engram_starts_ok(columns, b->neuron_count + 1u, b->synapse_count), b,
                  "The column starts of a block do not span its synapses.");
    /* Entries of a column rise, so none is there twice; each names a synapse onto this column, in its axon's row. */
    for (uint32_t column = 0; column < b->neuron_count; column++) {
        uint32_t least = 0;
        for (uint32_t k = columns[column]; k < columns[column + 1u]; k++) {
            const uint32_t synapse = synapses[k], axon = axons[k];
            REFUSE_UNLESS(synapse >= least && synapse < b->synapse_count && targets[synapse] == column &&
                              axon < b->axon_count,
                          &synapses[k], "A transposed index does not match its rows.");
            REFUSE_UNLESS(rows[axon] <= synapse && synapse < rows[axon + 1u], &axons[k],
                          "A transposed index names a wrong axon.");
            least = synapse + 1u;
        }
    }
    return engram_accepted();
}

static engram_verdict check_rows(const engram_image *image, const engram_synapse_block *b)
{
    REFUSE_UNLESS(engram_within(b->row_offset, b->axon_count + 1u, image->index_count) &&
                      engram_starts_ok(image->index + b->row_offset, b->axon_count + 1u, b->synapse_count),
                  b, "The rows of a block are out of range.");
    REFUSE_UNLESS(engram_within(b->target_offset, b->synapse_count, image->target_count), b,
                  "The targets of a block are out of range.");
    for (uint32_t n = 0; n < b->synapse_count; n++) {
        const uint16_t *target = &image->targets[b->target_offset + n];
        REFUSE_UNLESS(*target < b->neuron_count, target, "A target is out of range.");
    }
    return b->flags & ENGRAM_BLOCK_FLAG_TRANSPOSED ? check_columns(image, b) : engram_accepted();
}

/* Adds the largest magnitude of each synapse to its neuron: below 2^31 in sum, so the accumulators cannot wrap. */
static engram_verdict check_weights(const engram_image *image, const engram_synapse_block *b, uint32_t *sums)
{
    const int plastic = is_plastic(b);
    const int32_t low = b->w_min >> 8, high = b->w_max >> 8;
    const uint32_t low_size = (uint32_t)(low < 0 ? -low : low), high_size = (uint32_t)(high < 0 ? -high : high);
    const uint32_t bound = low_size > high_size ? low_size : high_size;
    uint32_t column = 0;
    for (uint32_t n = 0; n < b->synapse_count; n++) {
        uint32_t size = bound;
        if (!plastic) {
            const int8_t *weight = &image->weights8[b->weight_offset + n];
            REFUSE_UNLESS(*weight != -128, weight, "A weight is out of range.");
            size = (uint32_t)(*weight < 0 ? -*weight : *weight);
        }
        if (b->flags & ENGRAM_BLOCK_FLAG_SILENT)
            continue;
        uint32_t target = column;
        if (b->kind == ENGRAM_BLOCK_SPARSE)
            target = image->targets[b->target_offset + n];
        else if (++column == b->neuron_count)
            column = 0;
        uint32_t *sum = &sums[b->first_neuron + target];
        *sum += size << b->shift; /* at most 2^31 - 1 + 128 * 2^23 */
        REFUSE_UNLESS(*sum < 1u << 31, b, "The input of a neuron can leave 32 bits.");
    }
    return engram_accepted();
}

static engram_verdict check_block(const engram_image *image, const engram_synapse_block *b, uint32_t *sums)
{
    REFUSE_UNLESS(b->axon_count >= 1u && b->axon_count <= 65536u && b->neuron_count >= 1u && b->neuron_count <= 65536u,
                  b, "A block is too large.");
    REFUSE_UNLESS(inside_groups(image, b), b, "A block lies outside the axons or neurons of one group.");
    REFUSE_UNLESS(b->kind <= ENGRAM_BLOCK_SPARSE && b->shift <= 23u, b, "A block is of unknown kind or shift.");
    const uint32_t weights = is_plastic(b) ? image->weight16_count : image->weight8_count;
    REFUSE_UNLESS(engram_within(b->weight_offset, b->synapse_count, weights), b, "The weights of a block are out of range.");
    engram_verdict verdict = is_plastic(b) ? check_plastic(image, b) : engram_accepted();
    if (verdict.error)
        return verdict;
    if (b->kind == ENGRAM_BLOCK_DENSE)
        REFUSE_UNLESS((uint64_t)b->synapse_count == (uint64_t)b->axon_count * b->neuron_count, b,
                      "A dense block has gaps.");
    else
        verdict = check_rows(image, b);
    return verdict.error ? verdict : check_weights(image, b, sums);
}

engram_verdict engram_image_check_blocks(const engram_image *image, uint32_t *sums)
{
    uint32_t next = 0, next_plastic = 0;
    for (uint32_t n = 0; n < image->core->neuron_count; n++)
        sums[n] = 0;
    for (uint32_t n = 0; n < image->block_count; n++) {
        const engram_synapse_block *b = &image->blocks[n];
        engram_port_alive();
        REFUSE_UNLESS(b->first_synapse == next && b->synapse_count <= image->core->synapse_count - next, b,
                      "A block does not follow the one before it.");
        next += b->synapse_count;
        if (is_plastic(b)) {
            REFUSE_UNLESS(b->weight_offset == next_plastic, b, "Plastic weights are not in the order of their blocks.");
            next_plastic += b->synapse_count;
        }
        const engram_verdict verdict = check_block(image, b, sums);
        if (verdict.error)
            return verdict;
    }
    REFUSE_UNLESS(next == image->core->synapse_count, image->core, "The blocks do not add up to the synapses.");
    REFUSE_UNLESS(next_plastic == image->weight16_count, image->core, "Plastic weights belong to no block.");
    return engram_image_check_feedback(image);
}
