/* Checks of a core's neurons and axons. */
#include "check.h"

static int state_ok(int32_t x)
{
    return x >= -ENGRAM_STATE_MAX && x <= ENGRAM_STATE_MAX;
}

static int trace_ok(uint32_t mode, uint32_t keep, uint32_t cadence, int32_t impulse)
{
    return mode <= ENGRAM_TRACE_NEAREST && engram_decay_ok(keep, cadence) && impulse >= 0 &&
           impulse <= ENGRAM_STATE_MAX;
}

static engram_verdict check_neuron_group(const engram_image *image, const engram_neuron_group *g, uint32_t next,
                                         uint32_t least_unit)
{
    REFUSE_UNLESS(g->first_neuron == next && g->count <= image->core->neuron_count - next, g,
                  "A neuron group does not follow the one before it.");
    REFUSE_UNLESS(g->population < image->population_count, g, "The population of a neuron group is unknown.");
    const engram_population *p = &image->populations[g->population];
    REFUSE_UNLESS(p->model == g->model && g->model < ENGRAM_MODEL_INPUT && g->reset_mode <= ENGRAM_RESET_NONE, g,
                  "The model or reset of a neuron group is wrong.");
    REFUSE_UNLESS(g->first_unit >= p->first_unit &&
                      engram_within(g->first_unit - p->first_unit, g->count, p->size),
                  g, "A neuron group lies outside its population.");
    REFUSE_UNLESS(g->first_unit >= least_unit, g, "The neuron groups are not in the order of their units.");
    REFUSE_UNLESS(engram_decay_ok(g->v_keep, g->v_cadence) && engram_decay_ok(g->i_keep, g->i_cadence), g,
                  "A decay of a neuron group is out of range.");
    REFUSE_UNLESS(g->threshold >= 1 && g->threshold <= ENGRAM_STATE_MAX, g, "A threshold is out of range.");
    REFUSE_UNLESS(state_ok(g->reset_value) && state_ok(g->bias), g, "Reset or bias is out of range.");
    REFUSE_UNLESS(g->noise >= 0 && g->noise <= ENGRAM_STATE_MAX, g, "The noise is out of range.");
    REFUSE_UNLESS(trace_ok(g->y1_mode, g->y1_keep, g->y1_cadence, g->y1_impulse) &&
                      trace_ok(g->y2_mode, g->y2_keep, g->y2_cadence, g->y2_impulse) &&
                      trace_ok(g->y3_mode, g->y3_keep, g->y3_cadence, g->y3_impulse),
                  g, "A trace of a neuron group is out of range.");
    if (g->flags & ENGRAM_NEURON_GROUP_FLAG_ADAPTIVE)
        REFUSE_UNLESS(engram_decay_ok(g->adapt_keep, g->adapt_cadence) && state_ok(g->adapt_impulse), g,
                      "The adaptive threshold of a neuron group is out of range.");
    if (g->flags & ENGRAM_NEURON_GROUP_FLAG_WINDOW)
        REFUSE_UNLESS(g->window_width >= 1u && g->window_width < 1u << 24 && g->window_peak >= 1u &&
                          g->window_peak <= 32767u && g->window_shift <= 15u,
                      g, "The window of a neuron group is out of range.");
    if (g->flags & ENGRAM_NEURON_GROUP_FLAG_SIGNAL)
        REFUSE_UNLESS(g->signal_shift <= 30u &&
                          (g->signal_channel == ENGRAM_NO_CHANNEL ||
                           engram_within(g->signal_channel, g->count, image->modulator_count)),
                      g, "The learning signal of a neuron group is out of range.");
    if (g->flags & ENGRAM_NEURON_GROUP_FLAG_BIAS_ARRAY)
        REFUSE_UNLESS(engram_within(g->bias_offset, g->count, image->bias_count), g, "Biases are out of range.");
    if (g->flags & ENGRAM_NEURON_GROUP_FLAG_INITIAL_ARRAY)
        REFUSE_UNLESS(engram_within(g->initial_offset, g->count, image->initial_count), g,
                      "Initial values are out of range.");
    return engram_accepted();
}

static engram_verdict check_axon_group(const engram_image *image, const engram_axon_group *g, uint32_t next)
{
    REFUSE_UNLESS(g->first_axon == next && g->count <= image->axon_count - next, g,
                  "An axon group does not follow the one before it.");
    REFUSE_UNLESS(g->delay >= 1u && g->delay <= 63u, g, "A delay is out of range.");
    REFUSE_UNLESS(g->population < image->population_count, g, "The population of an axon group is unknown.");
    REFUSE_UNLESS(trace_ok(g->x1_mode, g->x1_keep, g->x1_cadence, g->x1_impulse) &&
                      trace_ok(g->x2_mode, g->x2_keep, g->x2_cadence, g->x2_impulse),
                  g, "A trace of an axon group is out of range.");
    const engram_population *p = &image->populations[g->population];
    uint32_t least = p->first_unit;
    for (uint32_t n = 0; n < g->count; n++) {
        const uint32_t unit = image->axons[next + n] & ~ENGRAM_PRIMARY_AXON;
        REFUSE_UNLESS(unit >= least && unit - p->first_unit < p->size, &image->axons[next + n],
                      "An axon is misplaced.");
        least = unit + 1u;
    }
    return engram_accepted();
}

engram_verdict engram_image_check_core(const engram_image *image)
{
    const engram_core *core = image->core;
    REFUSE_UNLESS(core->axon_count == image->axon_count && core->axon_count <= 1u << ENGRAM_ROUTE_AXON_BITS, core,
                  "The number of axons is wrong.");
    REFUSE_UNLESS(core->neuron_count <= image->network->unit_count, core, "There are more neurons than units.");
    uint32_t next = 0, least_unit = 0;
    for (uint32_t n = 0; n < image->neuron_group_count; n++) {
        const engram_neuron_group *g = &image->neuron_groups[n];
        const engram_verdict verdict = check_neuron_group(image, g, next, least_unit);
        if (verdict.error)
            return verdict;
        next += g->count;
        least_unit = g->first_unit + g->count;
    }
    REFUSE_UNLESS(next == core->neuron_count, core, "The neuron groups do not add up.");
    for (uint32_t n = 0; n < image->bias_count; n++)
        REFUSE_UNLESS(state_ok(image->bias[n]), &image->bias[n], "A bias is out of range.");
    for (uint32_t n = 0; n < image->initial_count; n++)
        REFUSE_UNLESS(state_ok(image->initial[n]), &image->initial[n], "An initial value is out of range.");
    next = 0;
    uint32_t max_delay = 0;
    for (uint32_t n = 0; n < image->axon_group_count; n++) {
        const engram_axon_group *g = &image->axon_groups[n];
        const engram_verdict verdict = check_axon_group(image, g, next);
        if (verdict.error)
            return verdict;
        next += g->count;
        if (g->delay > max_delay)
            max_delay = g->delay;
    }
    REFUSE_UNLESS(next == core->axon_count, core, "The axon groups do not add up.");
    REFUSE_UNLESS(max_delay == core->max_delay, core, "The largest delay is wrong.");
    REFUSE_UNLESS(image->route_start_count == core->neuron_count + 1u &&
                      engram_starts_ok(image->route_start, image->route_start_count, image->route_count),
                  core, "The starts of the routes do not span them.");
    for (uint32_t n = 0; n < image->route_count; n++)
        REFUSE_UNLESS(image->routes[n] < image->axon_count, &image->routes[n], "A route leads nowhere.");
    return engram_accepted();
}
