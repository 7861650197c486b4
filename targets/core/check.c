/* Checks of what belongs to the whole board: populations, modulators, rules, input routes, probes. */
#include "check.h"

#include "generated/engram_wire.h"

static engram_verdict check_populations(const engram_image *image)
{
    uint32_t unit = 0, input = 0;
    for (uint32_t n = 0; n < image->population_count; n++) {
        const engram_population *p = &image->populations[n];
        REFUSE_UNLESS(p->model <= ENGRAM_MODEL_INPUT, p, "A population is of an unknown model.");
        REFUSE_UNLESS(p->first_unit == unit, p, "A population does not follow the one before it.");
        REFUSE_UNLESS(p->size <= image->network->unit_count - unit, p, "The populations exceed the units.");
        unit += p->size;
        const int is_input = p->model == ENGRAM_MODEL_INPUT;
        REFUSE_UNLESS(p->first_input == (is_input ? input : 0u), p, "Input lines are misplaced.");
        if (is_input)
            input += p->size;
    }
    REFUSE_UNLESS(unit == image->network->unit_count, image->network, "The populations do not add up to the units.");
    REFUSE_UNLESS(input == image->network->input_count, image->network, "The input populations do not add up.");
    return engram_accepted();
}

static int factor_known(const engram_image *image, uint32_t code)
{
    return code <= ENGRAM_FACTOR_L ||
           (code >= ENGRAM_FACTOR_MODULATOR && code - ENGRAM_FACTOR_MODULATOR < image->modulator_count);
}

static engram_verdict check_rules(const engram_image *image)
{
    for (uint32_t n = 0; n < image->rule_count; n++) {
        const engram_rule *r = &image->rules[n];
        REFUSE_UNLESS(r->term_count >= 1u && r->term_count <= 16u &&
                          engram_within(r->first_term, r->term_count, image->term_count),
                      r, "The terms of a rule are out of range.");
    }
    for (uint32_t n = 0; n < image->term_count; n++) {
        const engram_term *t = &image->terms[n];
        const int third = t->factor3 != ENGRAM_NO_FACTOR;
        REFUSE_UNLESS(t->target <= ENGRAM_TERM_TARGET_T2 && t->event <= ENGRAM_EVENT_NEAR &&
                          factor_known(image, t->factor1) && factor_known(image, t->factor2) &&
                          (!third || factor_known(image, t->factor3)) && t->mantissa != -128 &&
                          (third ? t->pre_shift >= 1u && t->pre_shift <= 15u : t->pre_shift == 0u) && t->shift <= 30u,
                      t, "A term of a rule is not valid.");
    }
    return engram_accepted();
}

static engram_verdict check_probe(const engram_image *image, const engram_probe *p)
{
    REFUSE_UNLESS(p->every_ticks >= 1u, p, "The interval of a probe is 0.");
    uint32_t limit = 0;
    if (p->core == 65535u) {
        if (p->variable == ENGRAM_VARIABLE_MODULATOR || p->variable == ENGRAM_VARIABLE_BASELINE)
            limit = image->modulator_count;
    } else {
        REFUSE_UNLESS(p->core == 0u, p, "A probe names a core that is not there.");
        if (p->variable <= ENGRAM_VARIABLE_ADAPTATION)
            limit = image->core->neuron_count;
        else if (p->variable == ENGRAM_VARIABLE_X1 || p->variable == ENGRAM_VARIABLE_X2)
            limit = image->core->axon_count;
        else if (p->variable >= ENGRAM_VARIABLE_WEIGHT && p->variable <= ENGRAM_VARIABLE_TAG2)
            limit = image->core->synapse_count;
        else
            return engram_refused(engram_image_offset(image, p), "A probe names an unknown variable.");
    }
    if (p->core == 65535u)
        REFUSE_UNLESS(p->variable == ENGRAM_VARIABLE_MODULATOR || p->variable == ENGRAM_VARIABLE_BASELINE, p,
                      "A probe names an unknown variable.");
    REFUSE_UNLESS(engram_within(p->first, p->count, limit), p, "A probe is out of range.");
    return engram_accepted();
}

static engram_verdict check_error_channel(const engram_image *image, const engram_modulator *m)
{
    if (!(m->flags & ENGRAM_MODULATOR_FLAG_ERROR))
        return engram_accepted();
    REFUSE_UNLESS(m->error_core == 0u && m->error_neuron < image->core->neuron_count, m,
                  "The neuron that a modulator reads is not there.");
    REFUSE_UNLESS(m->gate == ENGRAM_NO_CHANNEL || m->gate < image->modulator_count, m,
                  "The gate of a modulator is not there.");
    REFUSE_UNLESS(m->error_shift >= -23 && m->error_shift <= 7, m, "The shift of a modulator is out of range.");
    return engram_accepted();
}

static engram_verdict check_episodes(const engram_image *image)
{
    const engram_episodes *e = image->episodes;
    if (e == 0)
        return engram_accepted();
    REFUSE_UNLESS(image->episodes_count == 1u, e, "There is more than one episodic buffer.");
    REFUSE_UNLESS(e->slots >= 1u && e->slots <= 256u && e->events >= 1u && e->events <= 4096u && e->duration >= 1u &&
                      e->duration <= 4096u,
                  e, "The size of the episodic buffer is out of range.");
    REFUSE_UNLESS(e->trigger == ENGRAM_NO_CHANNEL || e->trigger < image->modulator_count, e,
                  "The trigger of the episodic buffer is not there.");
    REFUSE_UNLESS(e->earlier < ENGRAM_MOST_LINKS && e->speed <= 7u && e->clear <= 31u, e,
                  "The replay of the episodic buffer is out of range.");
    for (uint32_t n = 0; n < image->population_count; n++) {
        const engram_population *p = &image->populations[n];
        const uint32_t limit = 1u << ENGRAM_EPISODE_UNIT_BITS;
        REFUSE_UNLESS(!(p->flags & (ENGRAM_POPULATION_FLAG_RECORDED | ENGRAM_POPULATION_FLAG_OPENS)) ||
                          engram_within(p->first_unit, p->size, limit),
                      p, "A recorded population has unit ids that are too large.");
    }
    return engram_accepted();
}

engram_verdict engram_image_check_board(const engram_image *image)
{
    const engram_network *network = image->network;
    REFUSE_UNLESS(network->tick_microseconds >= 10u && network->tick_microseconds <= 1000000u, network,
                  "The tick length is out of range.");
    REFUSE_UNLESS(network->core_count == 1u, network, "The image has more than one core; this board has one.");
    REFUSE_UNLESS(network->unit_count < ENGRAM_PRIMARY_AXON, network, "There are too many units.");
    engram_verdict verdict = check_populations(image);
    if (verdict.error)
        return verdict;
    REFUSE_UNLESS(image->modulator_count <= ENGRAM_NO_FACTOR - ENGRAM_FACTOR_MODULATOR, network,
                  "There are too many modulators.");
    for (uint32_t n = 0; n < image->modulator_count; n++) {
        const engram_modulator *m = &image->modulators[n];
        REFUSE_UNLESS(engram_decay_ok(m->keep, m->cadence), m, "The decay of a modulator is out of range.");
        REFUSE_UNLESS(m->gain <= 65536u, m, "The gain of a modulator is out of range.");
        verdict = check_error_channel(image, m);
        if (verdict.error)
            return verdict;
    }
    REFUSE_UNLESS(network->signal_period <= 6u, network, "The period of the learning signals is out of range.");
    verdict = check_episodes(image);
    if (!verdict.error)
        verdict = check_rules(image);
    if (verdict.error)
        return verdict;
    REFUSE_UNLESS(image->input_route_start_count == network->input_count + 1u &&
                      engram_starts_ok(image->input_route_start, image->input_route_start_count,
                                       image->input_route_count),
                  network, "The starts of the input routes do not span them.");
    for (uint32_t n = 0; n < image->input_route_count; n++)
        REFUSE_UNLESS(image->input_routes[n] < image->axon_count, &image->input_routes[n], "An input route leads nowhere.");
    for (uint32_t n = 0; n < image->probe_count; n++) {
        verdict = check_probe(image, &image->probes[n]);
        if (verdict.error)
            return verdict;
    }
    return engram_accepted();
}
