import type { Trial } from '../tasks/task.js';

/** Spikes of a population in the stretch shown; times in milliseconds from its start. */
export interface RasterPopulation {
  readonly name: string;
  readonly size: number;
  /** Neuron or line in the population, and time, of each spike. */
  readonly spikes: readonly { readonly neuron: number; readonly ms: number }[];
}

/** A task that has been played, as its report shows it. */
export interface TaskReport {
  readonly task: string;
  readonly summary: string;
  readonly command: string;
  readonly trials: readonly Trial[];
  readonly blockSize: number;
  /** The end of the last trial; null if nothing spiked in it. */
  readonly raster: {
    readonly milliseconds: number;
    readonly populations: readonly RasterPopulation[];
  } | null;
  readonly facts: readonly (readonly [string, string])[];
}
