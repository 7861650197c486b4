#include "rows.h"

#include "engram_config.h"

void engram_load_constants(const engram_machine *m, int32_t *factors)
{
    factors[ENGRAM_FACTOR_ONE] = 4096;
    factors[ENGRAM_FACTOR_T2] = 0;
    factors[ENGRAM_FACTOR_H] = 0;
    factors[ENGRAM_FACTOR_L] = 0;
    for (uint32_t n = 0; n < m->image.modulator_count; n++)
        factors[ENGRAM_CHANNEL_SLOT + n] = m->image.modulators[n].flags & ENGRAM_MODULATOR_FLAG_ERROR
                                               ? engram_modulator_mean(m, n, 0)
                                               : engram_sat16(m->channels[n].m >> 8);
}

ENGRAM_HOT void engram_update_synapse(const engram_block_run *run, const engram_program *program, uint32_t synapse,
                                      int32_t *factors)
{
    const int32_t weight = engram_weight_of(run, synapse);
    const int32_t tag = engram_tag_of(run, synapse);
    factors[ENGRAM_FACTOR_T] = tag;
    factors[ENGRAM_FACTOR_W] = weight;
    if (run->tags2 != 0)
        factors[ENGRAM_FACTOR_T2] = run->tags2[synapse];
    const engram_increments sums = engram_evaluate(program, factors);
    if (run->tags2 != 0)
        run->tags2[synapse] = (int16_t)engram_sat16(run->tags2[synapse] + sums.tag2);
    const int32_t new_weight = engram_clamp(weight + sums.weight, run->block->w_min, run->block->w_max);
    if (run->packed != 0)
        run->packed[synapse] = engram_pack(new_weight, engram_sat16(tag + sums.tag));
    else
        run->plastic16[synapse] = (int16_t)new_weight;
}
