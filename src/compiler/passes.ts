import type { ResolvedNetwork, ResolvedProjection } from '../network/resolved.js';

/**
 * The forms a network takes between the passes. No form holds an object per synapse: bulk data stands in
 * typed arrays, in canonical order: by source neuron, then by target neuron.
 */

/** Numbers below a known bound, in as few bytes as they take. */
export type Indices = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Room for `length` indices below `bound`. */
export function makeIndices(length: number, bound: number): Indices {
  return bound <= 0x1_0000 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Which synapses a projection has, and their delays. Rows are source neurons of its `from` slice. */
export interface Connections {
  readonly projection: ResolvedProjection;
  /** Every pair is connected exactly once: synapse = row · columns + column, and `targets` is empty. */
  readonly full: boolean;
  /** No pair is connected twice. */
  readonly distinct: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly synapses: number;
  /** rows + 1 places. */
  readonly rowStart: Uint32Array;
  /** Column of each synapse (neuron in the `to` slice), never falling within a row; empty if `full`. */
  readonly targets: Indices;
  /** Synapses of each column. */
  readonly inDegree: Uint32Array;
  /** Delay of each synapse in ticks, or of all. */
  readonly delays: Uint8Array | number;
}

/** After `elaborate`: every synapse is there. */
export interface ElaboratedProjection extends Connections {
  /** Weight of each synapse in membrane units, or of all. */
  readonly weights: Float32Array | number;
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
export function columnOf({ full, columns, targets }: Connections, row: number, synapse: number): number {
  return full ? synapse - row * columns : targets[synapse]!;
}

/** Core of each unit of the network; that of input lines, which stand on none, is the number of cores. */
export function coresOfUnits({ populations }: ResolvedNetwork, placement: Placement): Uint16Array {
  const units = populations.reduce((sum, { size }) => sum + size, 0);
  const cores = new Uint16Array(units).fill(placement.length);
  placement.forEach((slices, core) => {
    for (const { population, first, count } of slices) {
      const unit = populations[population]!.firstUnit + first;
      cores.fill(core, unit, unit + count);
    }
  });
  return cores;
}
