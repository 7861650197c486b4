import { axonBytes, routeBytes, startBytes, synapseBytes } from './families/engram/memory.js';
import type { QuantizedNetwork } from './families/engram/quantized.js';
import { columnOf, type ElaboratedProjection } from './passes.js';

export interface NeuronCost {
  readonly synapses: number;
  /** Axons the core does not have yet. */
  readonly axons: number;
  readonly bytes: number;
}

/**
 * The synapses onto each neuron of a population, and which axons a core already has for them. Axons are counted once
 * per projection and delay; projections that share a source then share axons, so the count errs on the safe side.
 */
export interface IncomingSynapses {
  /** What the neuron would add to that core. */
  cost(neuron: number, core: number): NeuronCost;
  /** Marks its axons as present on that core. */
  take(neuron: number, core: number): void;
}

/** Index of the synapses by target neuron, for the projections onto one population. */
export function incomingSynapses(network: QuantizedNetwork, population: number): IncomingSynapses {
  const columns = network.projections
    .filter(({ projection }) => projection.to.population === population)
    .map((elaborated) => new ProjectionColumns(network, elaborated));
  return {
    cost(neuron, core) {
      let synapses = 0;
      let axons = 0;
      let bytes = 0;
      for (const column of columns) {
        const cost = column.cost(neuron, core);
        synapses += cost.synapses;
        axons += cost.axons;
        bytes += cost.bytes;
      }
      return { synapses, axons, bytes };
    },
    take(neuron, core) {
      for (const column of columns) column.take(neuron, core);
    },
  };
}

class ProjectionColumns {
  readonly #elaborated: ElaboratedProjection;
  readonly #columnStart: Uint32Array;
  readonly #axonOf: Uint32Array;
  /** Core that has the axon last. */
  readonly #owner: Uint16Array;
  readonly #synapseBytes: number;
  readonly #axonBytes: number;

  constructor(network: QuantizedNetwork, elaborated: ElaboratedProjection) {
    this.#elaborated = elaborated;
    const { projection, columns, rows, delays } = elaborated;
    const quantized = network.quantized[projection.index]!;
    const sparse = !elaborated.full || typeof delays !== 'number';
    this.#synapseBytes = synapseBytes(quantized, sparse ? 'sparse' : 'dense');
    const traces = quantized.plasticity?.traces.filter((trace) => trace !== null).length ?? 0;
    const longest = typeof delays === 'number' ? delays : 63;
    this.#axonBytes = axonBytes(longest, traces) + routeBytes + (sparse ? startBytes : 0);
    this.#columnStart = new Uint32Array(sparse ? columns + 1 : 0);
    this.#axonOf = sparse ? this.#index(elaborated) : new Uint32Array(0);
    this.#owner = new Uint16Array(typeof delays === 'number' ? rows : rows * 64);
  }

  cost(neuron: number, core: number): NeuronCost {
    const column = neuron - this.#elaborated.projection.to.first;
    if (column < 0 || column >= this.#elaborated.columns) return { synapses: 0, axons: 0, bytes: 0 };
    let axons = 0;
    let synapses = this.#elaborated.rows;
    if (this.#axonOf.length === 0 && this.#columnStart.length === 0) {
      if (this.#owner[0] !== core) axons = this.#elaborated.rows;
    } else {
      const first = this.#columnStart[column]!;
      const end = this.#columnStart[column + 1]!;
      synapses = end - first;
      for (let k = first; k < end; k++) if (this.#owner[this.#axonOf[k]!] !== core) axons++;
    }
    return { synapses, axons, bytes: synapses * this.#synapseBytes + axons * this.#axonBytes };
  }

  take(neuron: number, core: number): void {
    const column = neuron - this.#elaborated.projection.to.first;
    if (column < 0 || column >= this.#elaborated.columns) return;
    if (this.#columnStart.length === 0) this.#owner[0] = core;
    else
      for (let k = this.#columnStart[column]!; k < this.#columnStart[column + 1]!; k++)
        this.#owner[this.#axonOf[k]!] = core;
  }

  /** Axon (row, or row and delay) of each synapse, column by column. */
  #index(elaborated: ElaboratedProjection): Uint32Array {
    const { rows, columns, rowStart, delays, synapses } = elaborated;
    const start = this.#columnStart;
    const each = (visit: (row: number, column: number, synapse: number) => void) => {
      for (let row = 0; row < rows; row++)
        for (let synapse = rowStart[row]!; synapse < rowStart[row + 1]!; synapse++)
          visit(row, columnOf(elaborated, row, synapse), synapse);
    };
    each((_, column) => {
      start[column + 1] = start[column + 1]! + 1;
    });
    for (let column = 0; column < columns; column++) start[column + 1] = start[column + 1]! + start[column]!;
    const place = start.slice();
    const axonOf = new Uint32Array(synapses);
    each((row, column, synapse) => {
      const axon = typeof delays === 'number' ? row : row * 64 + delays[synapse]!;
      axonOf[place[column]!] = axon;
      place[column] = place[column]! + 1;
    });
    return axonOf;
  }
}
