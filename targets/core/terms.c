#include "terms.h"

#include "arithmetic.h"
#include "axon_bits.h"
#include "program.h"
#include "term_loops.h"

/* Words for all buffers together, on the stack, and synapses at a time at most. */
#define POOL 204u
#define MOST 64u

#define BIT(slot) (1u << (slot))

/* A few synapses of a span. */
typedef struct {
    const engram_span *span;
    uint32_t at;
    uint32_t count;
    uint32_t capacity;
    uint32_t absent;  /* bit n: buffer n stands for what is 0 */
    int32_t *buffers; /* capacity words each */
    int32_t *between; /* squeezed products */
    int32_t *sums[3]; /* by target */
} piece;

engram_span engram_row_span(const engram_block_run *run, uint32_t start, uint32_t count)
{
    const engram_span span = {run, count, start, 1, 0, run->targets == 0 ? 0 : run->targets + start};
    return span;
}

engram_span engram_column_span(const engram_block_run *run, uint32_t column)
{
    const engram_synapse_block *b = run->block;
    if (run->columns == 0) {
        const engram_span span = {run, b->axon_count, column, b->neuron_count, 0, 0};
        return span;
    }
    const uint32_t start = run->columns[column];
    const engram_span span = {
        run, run->columns[column + 1u] - start, 0, 0, run->column_synapses + start, run->column_axons + start,
    };
    return span;
}

/* T, T2 or W of a piece; false if the block has none. */
static int halves_of(const piece *p, uint32_t slot, engram_halves *halves)
{
    const engram_span *span = p->span;
    const engram_block_run *run = span->run;
    const int packed = run->packed != 0 && slot != ENGRAM_FACTOR_T2;
    int16_t *values = packed                        ? (int16_t *)(void *)run->packed + (slot == ENGRAM_FACTOR_W)
                      : slot == ENGRAM_FACTOR_W     ? run->plastic16
                      : slot == ENGRAM_FACTOR_T2    ? run->tags2
                                                    : 0;
    if (values == 0)
        return 0;
    const uint32_t scale = packed ? 1u : 0u;
    halves->scale = scale;
    halves->stride = span->stride << scale;
    halves->places = span->synapses == 0 ? 0 : span->synapses + p->at;
    halves->values = span->synapses == 0 ? values + ((span->first + p->at * span->stride) << scale) : values;
    return 1;
}

/* Fills the buffer of a slot; false if it stands for what is 0. */
static int load_slot(const piece *p, uint32_t slot, int32_t *buffer)
{
    const engram_block_run *run = p->span->run;
    const uint16_t *others = p->span->others == 0 ? 0 : p->span->others + p->at;
    const uint32_t from = others == 0 ? p->at : 0u;
    if (slot >= ENGRAM_FACTOR_T && slot <= ENGRAM_FACTOR_T2) {
        engram_halves halves;
        if (!halves_of(p, slot, &halves))
            return 0;
        engram_load_halves(buffer, p->count, &halves);
        return 1;
    }
    if (slot == ENGRAM_FACTOR_H || slot == ENGRAM_FACTOR_L) {
        const int16_t *values = slot == ENGRAM_FACTOR_H ? run->h : run->l;
        if (values == 0)
            return 0;
        engram_load_signals(buffer, p->count, values + from, others);
        return 1;
    }
    const int32_t *trace = slot < ENGRAM_FACTOR_Y1 ? run->x[slot - ENGRAM_FACTOR_X1] : run->y[slot - ENGRAM_FACTOR_Y1];
    if (trace == 0)
        return 0;
    engram_load_traces(buffer, p->count, trace + from, others);
    return 1;
}

/* Adds a * b to the sums of a term, b varying or not. */
static void add_product(const piece *p, const engram_step *step, const int32_t *a, const int32_t *b, int b_varies)
{
    const engram_scaling scaling = {step->mantissa, step->shift == 0u ? 0 : 1 << (step->shift - 1u), step->shift};
    int32_t *sum = p->sums[step->target];
    const int32_t size = step->mantissa < 0 ? -step->mantissa : step->mantissa;
    const int32_t largest = b_varies ? 32767 : *b < 0 ? -*b : *b;
    if ((((32767 * largest + 64) >> 7) * size + scaling.round) >> scaling.shift > 65535)
        engram_add_wide(sum, p->count, a, b, b_varies ? 1u : 0u, &scaling);
    else if (b_varies)
        engram_add(sum, p->count, a, b, &scaling);
    else
        engram_add_by(sum, p->count, a, *b, &scaling);
}

/* A term with some factor that varies. Where a factor is 0 so is the increment. */
static void add_varying(const piece *p, const engram_step *step, const int16_t *factors)
{
    const int32_t *values[3];
    int32_t same[3];
    const uint32_t count = step->factor[2] == ENGRAM_NO_FACTOR ? 2u : 3u;
    for (uint32_t n = 0; n < count; n++) {
        const uint32_t place = step->factor[n];
        const int varies = step->varies >> n & 1;
        if (varies ? p->absent >> place & 1u : factors[place] == 0)
            return;
        if (varies)
            values[n] = p->buffers + place * p->capacity;
        else {
            same[n] = factors[place];
            values[n] = &same[n];
        }
    }
    if (count == 2u) {
        add_product(p, step, values[0], values[1], step->varies & 2);
        return;
    }
    const uint32_t shift = step->pre_shift;
    if (!(step->varies & 1)) {
        const int32_t product = engram_sat16((*values[0] * *values[1] + (1 << (shift - 1u))) >> shift);
        add_product(p, step, values[2], &product, 0);
        return;
    }
    if (step->varies & 2)
        engram_squeeze(p->between, p->count, values[0], values[1], shift);
    else
        engram_squeeze_by(p->between, p->count, values[0], *values[1], shift);
    add_product(p, step, p->between, values[2], step->varies & 4);
}

/* The increment of a term whose factors are the same for all. */
static int32_t same_increment(const engram_step *step, const int16_t *factors)
{
    int32_t p = factors[step->factor[0]] * factors[step->factor[1]];
    if (step->factor[2] != ENGRAM_NO_FACTOR)
        p = engram_sat16((p + (1 << (step->pre_shift - 1))) >> step->pre_shift) * factors[step->factor[2]];
    return engram_increment(p, step->mantissa, step->shift);
}

/* The sums as they are without the terms that vary. */
static void begin_sums(const piece *p, const engram_program *program, const int16_t *factors)
{
    int32_t same[3] = {0, 0, 0};
    for (uint32_t n = 0; n < program->count; n++)
        if (program->steps[n].varies == 0u)
            same[program->steps[n].target] += same_increment(&program->steps[n], factors);
    for (uint32_t target = 0; target < 3u; target++)
        if (program->targets & BIT(target))
            engram_fill(p->sums[target], p->count, same[target]);
}

static void end_sums(const piece *p, const engram_program *program)
{
    static const uint8_t slots[3] = {ENGRAM_FACTOR_W, ENGRAM_FACTOR_T, ENGRAM_FACTOR_T2};
    const engram_synapse_block *b = p->span->run->block;
    for (uint32_t target = 0; target < 3u; target++) {
        engram_halves halves;
        if (!(program->targets & BIT(target)) || !halves_of(p, slots[target], &halves))
            continue;
        const int weight = target == ENGRAM_TERM_TARGET_W;
        engram_change_halves(&halves, p->count, p->sums[target], weight ? b->w_min : -32767, weight ? b->w_max : 32767);
    }
}

void engram_evaluate_terms(const engram_span *span, const engram_program *program, const int16_t *factors)
{
    int32_t pool[POOL];
    /* Those of what varies, the sums, and where they are needed the squeezed products. */
    uint32_t buffers = program->thirds;
    for (uint32_t rest = program->varies | (uint32_t)program->targets << 16; rest != 0u; rest &= rest - 1u)
        buffers++;
    piece p = {span, 0, 0, POOL / buffers < MOST ? POOL / buffers : MOST, 0, pool, 0, {0, 0, 0}};
    int32_t *free = pool;
    for (uint32_t rest = program->varies; rest != 0u; rest &= rest - 1u)
        free += p.capacity;
    for (uint32_t target = 0; target < 3u; target++)
        if (program->targets & BIT(target)) {
            p.sums[target] = free;
            free += p.capacity;
        }
    p.between = free;
    for (; p.at < span->count; p.at += p.count) {
        const uint32_t left = span->count - p.at;
        p.count = left < p.capacity ? left : p.capacity;
        int32_t *buffer = pool;
        uint32_t number = 0;
        for (uint32_t rest = program->varies; rest != 0u; rest &= rest - 1u, number++, buffer += p.capacity)
            if (!load_slot(&p, engram_lowest_bit(rest), buffer))
                p.absent |= BIT(number);
        begin_sums(&p, program, factors);
        for (uint32_t n = 0; n < program->count; n++)
            if (program->steps[n].varies != 0u)
                add_varying(&p, &program->steps[n], factors);
        end_sums(&p, program);
    }
}
