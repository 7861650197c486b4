#include "rows.h"

#include "arithmetic.h"

void engram_load_constants(const engram_machine *m, int16_t *factors)
{
    factors[ENGRAM_FACTOR_ONE] = 4096;
    factors[ENGRAM_FACTOR_H] = 0;
    for (uint32_t n = 0; n < m->image.modulator_count; n++) {
        const int error = m->image.modulators[n].flags & ENGRAM_MODULATOR_FLAG_ERROR;
        const int32_t value = error ? engram_modulator_mean(m, n, 0) : engram_sat16(m->channels[n].m >> 8);
        factors[ENGRAM_CHANNEL_SLOT + n] = (int16_t)value;
    }
}
