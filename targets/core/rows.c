#include "rows.h"

#include "engram_config.h"

void engram_load_constants(const engram_machine *m, int32_t *factors)
{
    factors[ENGRAM_FACTOR_ONE] = 4096;
    for (uint32_t n = 0; n < m->image.modulator_count; n++)
        factors[8u + n] = engram_sat16(m->channels[n].m >> 8);
}

ENGRAM_HOT void engram_update_synapse(const engram_block_run *run, const engram_program *program, uint32_t synapse,
                                      int32_t *factors)
{
    const int32_t weight = engram_weight_of(run, synapse);
    const int32_t tag = engram_tag_of(run, synapse);
    factors[ENGRAM_FACTOR_T] = tag;
    factors[ENGRAM_FACTOR_W] = weight;
    const engram_increments sums = engram_evaluate(program, factors);
    const int32_t new_weight = engram_clamp(weight + sums.weight, run->block->w_min, run->block->w_max);
    if (run->packed != 0)
        run->packed[synapse] = engram_pack(new_weight, engram_sat16(tag + sums.tag));
    else
        run->plastic16[synapse] = (int16_t)new_weight;
}
