/** What a description means where it is silent: one place for schema, documents and `resolveNetwork`. */
export const defaults = {
  tick: '1 ms',
  seed: 1,
  tauMembrane: '20 ms',
  threshold: 1,
  reset: 0,
  refractory: '0 ms',
  period: '10 ms',
  surrogate: { dampening: 0.3, width: 1, shape: 'triangle' },
  episodes: {
    slots: 8,
    events: 256,
    speed: 1,
    order: 'forward',
    earlier: 0,
    clear: ['traces', 'tags', 'flying'],
  },
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
  /** Synapses of feedback projections that stem from one neuron. */
  feedbackTargets: 256,
  /** Ticks an episode is open for, and quiet ticks after it. */
  episodeTicks: 4096,
  settleTicks: 65_535,
  /** Unit ids of recorded populations stay below this. */
  recordedUnits: 2 ** 20,
  /** Microseconds. */
  tick: { low: 10, high: 1_000_000 },
} as const;

/** The fields of a description that were given. */
export function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
