import { axonBytes, routeBytes, startBytes, synapseBytes } from './families/engram/memory.js';
import type { QuantizedNetwork } from './families/engram/quantized.js';
import { type Connections, type Indices, makeIndices } from './passes.js';

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

/** How axons are counted: one by one, or as many as there could be at most, which needs no look at the synapses. */
export type AxonCount = 'exact' | 'at most';

/** Counts the synapses of the projections onto one population, neuron by neuron. */
export function incomingSynapses(
  network: QuantizedNetwork,
  population: number,
  count: AxonCount,
): IncomingSynapses {
  const columns = network.projections
    .filter(({ projection }) => projection.to.population === population)
    .map((connections) => new ProjectionColumns(network, connections, count));
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

/** Axons of one projection on the core that is being filled. */
interface AxonCounter {
  /** Axons that a column would add to the core. */
  missing(column: number, core: number): number;
  take(column: number, core: number): void;
}

const nothing: NeuronCost = { synapses: 0, axons: 0, bytes: 0 };

class ProjectionColumns {
  readonly #connections: Connections;
  readonly #axons: AxonCounter;
  readonly #synapseBytes: number;
  readonly #axonBytes: number;

  constructor(network: QuantizedNetwork, connections: Connections, count: AxonCount) {
    this.#connections = connections;
    const { projection, delays, full } = connections;
    const quantized = network.quantized[projection.index]!;
    const sparse = !full || typeof delays !== 'number';
    this.#synapseBytes = synapseBytes(quantized, sparse ? 'sparse' : 'dense');
    const traces = quantized.plasticity?.traces.filter((trace) => trace !== null).length ?? 0;
    const longest = typeof delays === 'number' ? delays : 63;
    this.#axonBytes = axonBytes(longest, traces) + routeBytes + (sparse ? startBytes : 0);
    this.#axons = sparse && count === 'exact' ? new IndexedAxons(connections) : new MostAxons(connections);
  }

  cost(neuron: number, core: number): NeuronCost {
    const { projection, columns, inDegree } = this.#connections;
    const column = neuron - projection.to.first;
    if (column < 0 || column >= columns) return nothing;
    const synapses = inDegree[column]!;
    const axons = this.#axons.missing(column, core);
    return { synapses, axons, bytes: synapses * this.#synapseBytes + axons * this.#axonBytes };
  }

  take(neuron: number, core: number): void {
    const { projection, columns } = this.#connections;
    const column = neuron - projection.to.first;
    if (column >= 0 && column < columns) this.#axons.take(column, core);
  }
}

/** An axon for every synapse, until each source has all it can have. Of a full projection that is the exact count. */
class MostAxons implements AxonCounter {
  readonly #inDegree: Uint32Array;
  readonly #all: number;
  #core = 0;
  #present = 0;

  constructor({ rows, delays, inDegree }: Connections) {
    this.#inDegree = inDegree;
    this.#all = rows * delayRange(delays).span;
  }

  missing(column: number, core: number): number {
    const present = this.#core === core ? this.#present : 0;
    return Math.min(this.#inDegree[column]!, this.#all - present);
  }

  take(column: number, core: number): void {
    const missing = this.missing(column, core);
    this.#present = (this.#core === core ? this.#present : 0) + missing;
    this.#core = core;
  }
}

/** Looks at each synapse, through an index by column. */
class IndexedAxons implements AxonCounter {
  readonly #columnStart: Uint32Array;
  readonly #axonOf: Indices;
  /** Core that has the axon last. */
  readonly #owner: Uint16Array;

  constructor(connections: Connections) {
    const { rows, columns, inDegree, delays } = connections;
    const { least, span } = delayRange(delays);
    this.#owner = new Uint16Array(rows * span);
    this.#columnStart = new Uint32Array(columns + 1);
    for (let column = 0; column < columns; column++)
      this.#columnStart[column + 1] = this.#columnStart[column]! + inDegree[column]!;
    this.#axonOf = axonsByColumn(connections, this.#columnStart, least, span);
  }

  missing(column: number, core: number): number {
    const axonOf = this.#axonOf;
    const owner = this.#owner;
    const end = this.#columnStart[column + 1]!;
    let axons = 0;
    for (let k = this.#columnStart[column]!; k < end; k++) if (owner[axonOf[k]!] !== core) axons++;
    return axons;
  }

  take(column: number, core: number): void {
    const axonOf = this.#axonOf;
    const owner = this.#owner;
    const end = this.#columnStart[column + 1]!;
    for (let k = this.#columnStart[column]!; k < end; k++) owner[axonOf[k]!] = core;
  }
}

/** Axon of each synapse (row · span + delay − least), column by column. */
function axonsByColumn(
  { full, rows, columns, synapses, rowStart, targets, delays }: Connections,
  columnStart: Uint32Array,
  least: number,
  span: number,
): Indices {
  const place = columnStart.slice();
  const axonOf = makeIndices(synapses, rows * span);
  for (let row = 0; row < rows; row++)
    for (let synapse = rowStart[row]!; synapse < rowStart[row + 1]!; synapse++) {
      const column = full ? synapse - row * columns : targets[synapse]!;
      const at = place[column]!;
      axonOf[at] = typeof delays === 'number' ? row : row * span + delays[synapse]! - least;
      place[column] = at + 1;
    }
  return axonOf;
}

/** Shortest delay of a projection, and how many different ones there can be. */
function delayRange(delays: Uint8Array | number): { least: number; span: number } {
  if (typeof delays === 'number') return { least: delays, span: 1 };
  let least = 63;
  let most = 1;
  for (let n = 0; n < delays.length; n++) {
    const delay = delays[n]!;
    if (delay < least) least = delay;
    if (delay > most) most = delay;
  }
  return { least, span: Math.max(1, most - least + 1) };
}
