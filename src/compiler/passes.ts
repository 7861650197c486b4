import type { ResolvedNetwork, ResolvedProjection } from '../network/resolved.js';

/**
 * The forms a network takes between the passes. No form holds an object per synapse: bulk data stands in
 * typed arrays, in canonical order: by source neuron, then by target neuron.
 */

/** After `elaborate`: every synapse is there. Rows are source neurons of the projection's `from` slice. */
export interface ElaboratedProjection {
  readonly projection: ResolvedProjection;
  /** Every pair is connected exactly once: synapse = row · columns + column, and `targets` is empty. */
  readonly full: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly synapses: number;
  /** rows + 1 places. */
  readonly rowStart: Uint32Array;
  /** Column of each synapse (neuron in the `to` slice), rising within a row; empty if `full`. */
  readonly targets: Uint32Array;
  /** Weight of each synapse in membrane units. */
  readonly weights: Float32Array;
  /** Delay of each synapse in ticks, or of all. */
  readonly delays: Uint8Array | number;
}

export interface ElaboratedNetwork {
  readonly network: ResolvedNetwork;
  readonly projections: readonly ElaboratedProjection[];
  /** Bias and initial value per population: one for all neurons, or one each. */
  readonly bias: readonly (number | Float32Array)[];
  readonly initial: readonly (number | Float32Array)[];
}

/** A run of neurons of one population that stands on one core. */
export interface Slice {
  readonly population: number;
  readonly first: number;
  readonly count: number;
}

/** After `partition` and `place`: the slices of each core, populations in order. */
export type Placement = readonly (readonly Slice[])[];

/** Column of a synapse, for either way of storing the targets. */
export function columnOf(elaborated: ElaboratedProjection, row: number, synapse: number): number {
  return elaborated.full ? synapse - row * elaborated.columns : elaborated.targets[synapse]!;
}
