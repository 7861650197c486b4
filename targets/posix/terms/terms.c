/*
 * Rules drawn at random, on synapses drawn at random, against docs/core.md, section 6, term by term in 64 bits: whichever
 * loop learning.c chooses has to give the same T, T2, W and accumulators. Arguments: how many, and the seed. Says how often
 * each loop was chosen; ends with status 1 at the first difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "axon_bits.h"
#include "learning.h"
#include "program.h"
#include "rows.h"

#define ROWS 70u
#define NEURONS 90u
#define SYNAPSES (ROWS * NEURONS)
#define CHANNELS 3u
#define TERMS 6u

static uint32_t state;

static uint32_t draw(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (uint32_t)(((uint64_t)state * below) >> 32);
}

/* -most … most, its bounds and 0 more often than the rest. */
static int32_t draw_signed(int32_t most)
{
    switch (draw(8)) {
    case 0:
        return 0;
    case 1:
        return draw(2) ? most : -most;
    default:
        return (int32_t)draw(2u * (uint32_t)most + 1u) - most;
    }
}

static int32_t draw_trace(void)
{
    return draw(4) == 0 ? 0 : draw(4) == 0 ? 0x7fffff : (int32_t)draw(0x800000);
}

/* Everything that an event can read or change. */
typedef struct {
    int16_t weight[SYNAPSES];
    int16_t tag[SYNAPSES];
    int16_t tag2[SYNAPSES];
    int32_t acc[NEURONS];
} synapses;

static int32_t x[2][ROWS], y[3][NEURONS];
static int16_t h[NEURONS], l[NEURONS];
static uint32_t rows[ROWS + 1u], columns[NEURONS + 1u], column_synapses[SYNAPSES];
static uint16_t targets[SYNAPSES], column_axons[SYNAPSES];
static uint32_t packed[SYNAPSES];
static int16_t plastic16[SYNAPSES], tags2[SYNAPSES];
static int32_t acc[NEURONS];
static int32_t channels[CHANNELS];
static synapses expected;
static uint32_t chosen[7][2]; /* how often each loop was, for dense and for sparse blocks */
static uint32_t axon_of[SYNAPSES], neuron_of[SYNAPSES], count;

int32_t engram_neuron_spike(const engram_membranes *now, uint32_t n, int32_t v)
{
    (void)now;
    (void)n;
    return v;
}

static void draw_places(int sparse)
{
    count = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        rows[row] = count;
        for (uint32_t neuron = 0; neuron < NEURONS; neuron++) {
            if (sparse && draw(3) != 0)
                continue;
            axon_of[count] = row;
            neuron_of[count] = neuron;
            targets[count++] = (uint16_t)neuron;
        }
    }
    rows[ROWS] = count;
    uint32_t next = 0;
    for (uint32_t neuron = 0; neuron < NEURONS; neuron++) {
        columns[neuron] = next;
        for (uint32_t k = 0; k < count; k++)
            if (neuron_of[k] == neuron) {
                column_synapses[next] = k;
                column_axons[next++] = (uint16_t)axon_of[k];
            }
    }
    columns[NEURONS] = next;
}

static uint8_t draw_code(void)
{
    const uint32_t code = draw(11u + CHANNELS);
    return (uint8_t)(code < 11u ? code : ENGRAM_FACTOR_MODULATOR + code - 11u);
}

static engram_term draw_term(uint8_t event)
{
    engram_term term;
    memset(&term, 0, sizeof term);
    term.event = event;
    term.target = (uint8_t)draw(3);
    term.factor1 = draw_code();
    term.factor2 = draw_code();
    const int third = draw(3) == 0;
    term.factor3 = third ? draw_code() : ENGRAM_NO_FACTOR;
    term.pre_shift = (uint8_t)(third ? 1u + draw(15) : 0u);
    term.mantissa = (int8_t)draw_signed(127);
    term.shift = (uint8_t)draw(31);
    if (draw(3) != 0)
        return term;
    /* What networks are made of has loops of its own. */
    static const uint8_t usual[7][2] = {
        {ENGRAM_FACTOR_X1, ENGRAM_FACTOR_ONE}, {ENGRAM_FACTOR_Y1, ENGRAM_FACTOR_ONE},
        {ENGRAM_FACTOR_X2, ENGRAM_FACTOR_H},   {ENGRAM_FACTOR_ONE, ENGRAM_FACTOR_Y2},
        {ENGRAM_FACTOR_L, ENGRAM_FACTOR_T},    {ENGRAM_FACTOR_MODULATOR, ENGRAM_FACTOR_T},
        {ENGRAM_FACTOR_Y3, ENGRAM_FACTOR_X1},
    };
    const uint8_t *codes = usual[draw(7)];
    term.factor1 = codes[0];
    term.factor2 = codes[1];
    term.factor3 = ENGRAM_NO_FACTOR;
    term.pre_shift = 0;
    term.target = draw(2) ? ENGRAM_TERM_TARGET_T : ENGRAM_TERM_TARGET_W;
    term.shift = (uint8_t)(10u + draw(12));
    return term;
}

/* The value of a factor code for a synapse, as the block has it. */
static int64_t value_of(const engram_block_run *run, uint8_t code, uint8_t event, uint32_t k)
{
    const uint32_t i = axon_of[k], j = neuron_of[k];
    if (code >= ENGRAM_FACTOR_MODULATOR)
        return channels[code - ENGRAM_FACTOR_MODULATOR];
    switch (code) {
    case ENGRAM_FACTOR_ONE:
        return 4096;
    case ENGRAM_FACTOR_X1:
    case ENGRAM_FACTOR_X2:
        return run->x[code - ENGRAM_FACTOR_X1] == 0 ? 0 : run->x[code - ENGRAM_FACTOR_X1][i] >> 8;
    case ENGRAM_FACTOR_T:
        return run->packed == 0 ? 0 : expected.tag[k];
    case ENGRAM_FACTOR_W:
        return expected.weight[k];
    case ENGRAM_FACTOR_T2:
        return run->tags2 == 0 ? 0 : expected.tag2[k];
    case ENGRAM_FACTOR_H:
        return run->h == 0 || event == ENGRAM_EVENT_PRE ? 0 : run->h[j];
    case ENGRAM_FACTOR_L:
        return run->l == 0 ? 0 : run->l[j];
    default:
        return run->y[code - ENGRAM_FACTOR_Y1] == 0 ? 0 : run->y[code - ENGRAM_FACTOR_Y1][j] >> 8;
    }
}

static int64_t clamped(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static void expect_event(const engram_block_run *run, const engram_term *terms, uint32_t term_count, uint32_t k)
{
    int64_t sums[3] = {0, 0, 0};
    for (uint32_t n = 0; n < term_count; n++) {
        const engram_term *t = &terms[n];
        int64_t p = value_of(run, t->factor1, t->event, k) * value_of(run, t->factor2, t->event, k);
        if (t->factor3 != ENGRAM_NO_FACTOR)
            p = clamped((p + (1 << (t->pre_shift - 1))) >> t->pre_shift, -32767, 32767) *
                value_of(run, t->factor3, t->event, k);
        const int64_t r = ((p + 64) >> 7) * t->mantissa;
        sums[t->target] += clamped(t->shift == 0 ? r : (r + ((int64_t)1 << (t->shift - 1))) >> t->shift, -65535, 65535);
    }
    expected.weight[k] =
        (int16_t)clamped(expected.weight[k] + sums[ENGRAM_TERM_TARGET_W], run->block->w_min, run->block->w_max);
    expected.tag[k] = (int16_t)clamped(expected.tag[k] + sums[ENGRAM_TERM_TARGET_T], -32767, 32767);
    expected.tag2[k] = (int16_t)clamped(expected.tag2[k] + sums[ENGRAM_TERM_TARGET_T2], -32767, 32767);
}

static int differs(const engram_block_run *run)
{
    for (uint32_t k = 0; k < count; k++)
        if (engram_weight_of(run, k) != expected.weight[k] ||
            (run->packed != 0 && engram_tag_of(run, k) != expected.tag[k]) ||
            (run->tags2 != 0 && tags2[k] != expected.tag2[k]))
            return 1;
    return memcmp(acc, expected.acc, sizeof acc) != 0;
}

/* One rule on one block: an event of each kind. */
static int try_one(void)
{
    static const uint8_t events[ENGRAM_PROGRAMS] = {ENGRAM_EVENT_PRE, ENGRAM_EVENT_POST, ENGRAM_EVENT_NEAR,
                                                    ENGRAM_EVENT_SWEEP, ENGRAM_EVENT_SWEEP};
    const int sparse = draw(2) == 0;
    engram_synapse_block block;
    memset(&block, 0, sizeof block);
    block.axon_count = ROWS;
    block.neuron_count = NEURONS;
    block.shift = (uint8_t)draw(12);
    const int32_t a = draw_signed(32767), b = draw_signed(32767);
    block.w_min = (int16_t)(a < b ? a : b);
    block.w_max = (int16_t)(a < b ? b : a);
    engram_block_run run;
    memset(&run, 0, sizeof run);
    run.block = &block;
    run.acc = acc;
    if (draw(3) == 0)
        run.plastic16 = plastic16;
    else
        run.packed = packed;
    run.tags2 = draw(2) ? tags2 : 0;
    for (uint32_t n = 0; n < 2u; n++)
        run.x[n] = draw(5) == 0 ? 0 : x[n];
    for (uint32_t n = 0; n < 3u; n++)
        run.y[n] = draw(5) == 0 ? 0 : y[n];
    run.h = draw(5) == 0 ? 0 : h;
    run.l = draw(5) == 0 ? 0 : l;
    draw_places(sparse);
    if (sparse) {
        run.rows = rows;
        run.targets = targets;
        run.columns = columns;
        run.column_synapses = column_synapses;
        run.column_axons = column_axons;
    }
    for (uint32_t n = 0; n < ROWS; n++)
        x[0][n] = draw_trace(), x[1][n] = draw_trace();
    for (uint32_t n = 0; n < NEURONS; n++) {
        for (uint32_t slot = 0; slot < 3u; slot++)
            y[slot][n] = draw_trace();
        h[n] = (int16_t)draw(32768);
        l[n] = (int16_t)draw_signed(32767);
        expected.acc[n] = acc[n] = draw_signed(1 << 24);
    }
    for (uint32_t n = 0; n < CHANNELS; n++)
        channels[n] = draw_signed(32767);
    for (uint32_t k = 0; k < count; k++) {
        expected.weight[k] = plastic16[k] = (int16_t)clamped(draw_signed(32767), block.w_min, block.w_max);
        expected.tag[k] = (int16_t)(run.packed == 0 ? 0 : draw_signed(32767));
        expected.tag2[k] = tags2[k] = (int16_t)(run.tags2 == 0 ? 0 : draw_signed(32767));
        packed[k] = engram_pack(expected.weight[k], expected.tag[k]);
    }
    engram_term terms[ENGRAM_PROGRAMS * TERMS];
    engram_step steps[ENGRAM_PROGRAMS * TERMS];
    engram_rule rule = {0, 0};
    for (uint32_t which = 0; which < ENGRAM_PROGRAMS; which++)
        for (uint32_t n = draw(2) ? 1u : draw(TERMS + 1u); n != 0u; n--)
            terms[rule.term_count++] = draw_term(events[which]);
    engram_rule_run rule_run;
    engram_program_rule(&rule_run, &rule, terms, steps);
    for (uint32_t which = 0; which < ENGRAM_PROGRAMS; which++) {
        const engram_program *program = &rule_run.programs[which];
        if (program->count == 0u)
            continue;
        /* The terms of this program alone: sweeps are told apart by modulators and l. */
        engram_term own[ENGRAM_PROGRAMS * TERMS];
        uint32_t own_count = 0;
        for (uint32_t n = 0; n < rule.term_count; n++) {
            const engram_term *t = &terms[n];
            const int modulated =
                (t->factor1 >= ENGRAM_FACTOR_L) || (t->factor2 >= ENGRAM_FACTOR_L) ||
                (t->factor3 >= ENGRAM_FACTOR_L && t->factor3 != ENGRAM_NO_FACTOR);
            if (t->event == events[which] && (t->event != ENGRAM_EVENT_SWEEP || modulated == (which == ENGRAM_PROGRAM_MODULATED)))
                own[own_count++] = *t;
        }
        int16_t factors[ENGRAM_FACTOR_SLOTS];
        memset(factors, 0x55, sizeof factors);
        factors[ENGRAM_FACTOR_ONE] = 4096;
        factors[ENGRAM_FACTOR_H] = 0;
        for (uint32_t n = 0; n < CHANNELS; n++)
            factors[ENGRAM_CHANNEL_SLOT + n] = (int16_t)channels[n];
        engram_way way;
        const uint32_t row = draw(ROWS), column = draw(NEURONS);
        if (which == ENGRAM_PROGRAM_POST || which == ENGRAM_PROGRAM_NEAR) {
            engram_load_neuron(&run, program, column, factors);
            engram_choose_way(&way, &run, program, factors);
            engram_learn_column(&way, &run, program, factors, column);
            for (uint32_t k = 0; k < count; k++)
                if (neuron_of[k] == column)
                    expect_event(&run, own, own_count, k);
        } else {
            engram_load_axon(&run, program, row, factors);
            engram_choose_way(&way, &run, program, factors);
            const int delivers = which == ENGRAM_PROGRAM_PRE && draw(2);
            if (delivers)
                engram_deliver_row(&way, &run, program, factors, rows[row], rows[row + 1u] - rows[row]);
            else
                engram_learn_row(&way, &run, program, factors, rows[row], rows[row + 1u] - rows[row]);
            for (uint32_t k = rows[row]; k < rows[row + 1u]; k++) {
                if (delivers)
                    expected.acc[neuron_of[k]] += (expected.weight[k] >> 8) * (1 << block.shift);
                expect_event(&run, own, own_count, k);
            }
        }
        chosen[way.loop][sparse]++;
        if (differs(&run)) {
            printf("program %u of %u terms, loop %u, sparse %d, packed %d: not what docs/core.md says\n", which, program->count,
                   way.loop, sparse, run.packed != 0);
            return 1;
        }
    }
    return 0;
}

int main(int argument_count, char **arguments)
{
    const int rounds = argument_count > 1 ? atoi(arguments[1]) : 1000;
    state = argument_count > 2 ? (uint32_t)atoi(arguments[2]) : 1u;
    for (int n = 0; n < rounds; n++)
        if (try_one())
            return 1;
    for (uint32_t n = 0; n < 7u; n++)
        printf("loop %u: %u dense, %u sparse\n", n, chosen[n][0], chosen[n][1]);
    return 0;
}
