/** What a description means where it is silent: one place for schema, documents and `resolveNetwork`. */
export const defaults = {
  tick: '1 ms',
  seed: 1,
  tauMembrane: '20 ms',
  threshold: 1,
  reset: 0,
  refractory: '0 ms',
  period: '10 ms',
} as const;

/** Limits of the core (`docs/core.md`) that a description must keep to. */
export const limits = {
  delayTicks: 63,
  refractoryTicks: 65_535,
  probeTicks: 2 ** 32 - 1,
  /** Unit ids stay below this. */
  units: 2 ** 31,
  populations: 65_535,
  modulators: 239,
  /** Microseconds. */
  tick: { low: 10, high: 1_000_000 },
} as const;
