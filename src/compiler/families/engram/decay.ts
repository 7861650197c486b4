/** A decay as the core does it: |x| = floor(|x|·keep/65536) every 2^cadence ticks. */
export interface Decay {
  readonly keep: number;
  readonly cadence: number;
}

export const noDecay: Decay = { keep: 65536, cadence: 0 };

/** Smallest decrement that still resolves a time constant to 0.1 % (`docs/core.md`, section 12). */
const leastDecrement = 512;

/** Decay of a state with time constant `tau` in ticks; null: none. */
export function stateDecay(tau: number | null): Decay {
  if (tau === null) return noDecay;
  for (let cadence = 0; cadence <= 31; cadence++) {
    const decrement = decrementOver(2 ** cadence, tau);
    if (decrement >= leastDecrement) return { keep: 65536 - decrement, cadence };
  }
  return noDecay;
}

/** Decay of a tag, done in sweeps: the longest period that takes at most a sixteenth; without decay 64 ticks. */
export function tagDecay(tau: number): Decay {
  if (!Number.isFinite(tau)) return { keep: 65536, cadence: 6 };
  let cadence = 0;
  while (cadence < 31 && 1 - Math.exp(-(2 ** (cadence + 1)) / tau) <= 1 / 16) cadence++;
  return { keep: 65536 - decrementOver(2 ** cadence, tau), cadence };
}

/** Period, as a power of two, of the modulated sweeps beside a tag of time constant `tau` ticks. */
export function sweepPeriod(tau: number): number {
  return Math.min(6, Math.max(0, Math.floor(Math.log2(tau / 32))));
}

function decrementOver(ticks: number, tau: number): number {
  return Math.min(65536, Math.round(65536 * -Math.expm1(-ticks / tau)));
}
