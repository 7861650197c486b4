/**
 * Bounds of the core against real arithmetic, `docs/core.md`, section 12. Times are in ticks; what is relative is a part
 * of the exact value.
 */

/** A coefficient is a mantissa of 64 to 127. */
export const coefficientError = 1 / 128;
/** A factor loses less than this, absolute. */
export const factorError = 2 ** -12;

interface Decay {
  /** Relative error of the rate. */
  readonly rate: number;
  /** Relative error of a value read between two turns. */
  readonly stale: number;
  /** Units below the exact value, by rounding down at each turn. */
  readonly low: number;
}

function decayOf(tau: number): Decay {
  for (let cadence = 0; ; cadence++) {
    const d = Math.round(65536 * (1 - Math.exp(-(2 ** cadence) / tau)));
    if (d >= 512) return { rate: 0.5 / d, stale: cadence === 0 ? 0 : d / 65536, low: 65536 / d };
  }
}

/** Error of a trace as a factor, so long after an impulse of `impulse`. */
export function traceError(tau: number, age: number, impulse = 1): number {
  const { rate, stale, low } = decayOf(tau);
  return impulse * Math.exp(-age / tau) * ((rate * age) / tau + stale) + low * 2 ** -20 + factorError;
}

/** Relative error of a membrane or modulator so long after it was set. */
export function stateError(tau: number, age: number): number {
  const { rate, stale } = decayOf(tau);
  return (rate * age) / tau + stale;
}

interface TagError {
  /** By visits that come early or late. */
  readonly relative: number;
  /** Units of the tag: rounded down at each visit. */
  readonly low: number;
}

/** Error of a tag: its visits are a power of two of ticks apart. */
export function tagError(tau: number): TagError {
  let period = 1;
  while (1 - Math.exp(-(2 * period) / tau) <= 1 / 16) period *= 2;
  const d = Math.round(65536 * (1 - Math.exp(-period / tau)));
  return { relative: period === 1 ? 0.5 / d : Math.exp(period / tau) - 1, low: 65536 / d };
}

/** Ticks between two visits of a modulated sweep of a rule with a tag. */
export function modulatedPeriod(tauTag: number): number {
  let period = 1;
  while (period < 64 && 2 * period <= tauTag / 32) period *= 2;
  return period;
}
