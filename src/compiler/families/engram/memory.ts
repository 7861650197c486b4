import { episodeWords } from '../../../image/layout.js';
import type { QuantizedNetwork, QuantizedProjection } from './quantized.js';

/** Bytes on a core by kind, as `docs/compiler.md` states them; the firmware's arena follows the same sums. */
export interface MemoryUse {
  readonly neurons: number;
  readonly axons: number;
  readonly synapses: number;
  readonly routes: number;
  /** The episodic buffer; on core 0. */
  readonly episodes: number;
}

export function memoryTotal(use: MemoryUse): number {
  return use.neurons + use.axons + use.synapses + use.routes + use.episodes;
}

/** Bytes of one neuron of a population: V, accumulator, refractory count, place of its routes, and what its model adds. */
export function neuronBytes(network: QuantizedNetwork, population: number): number {
  const { i, traces, adaptation, window, signal, bias, initial } = network.populations[population]!;
  return (
    14 +
    (i ? 4 : 0) +
    (adaptation ? 4 : 0) +
    (window ? 2 : 0) +
    (signal ? 2 : 0) +
    4 * traces.length +
    (typeof bias === 'number' ? 0 : 4) +
    (typeof initial === 'number' ? 0 : 4)
  );
}

/** Bytes of one axon: its source, its traces, and a bit for each tick of delay it may wait. */
export function axonBytes(delay: number, traces: number): number {
  return 4 + 4 * traces + delaySlots(delay) / 8;
}

/** Ticks a delay line of that largest delay holds: a power of two above it. */
export function delaySlots(maxDelay: number): number {
  return 2 ** Math.ceil(Math.log2(maxDelay + 1));
}

export const routeBytes = 4;
/** A row start or a column start of a sparse block. */
export const startBytes = 4;

/** Bytes of one synapse as stored densely or sparsely. */
export function synapseBytes({ plasticity }: QuantizedProjection, storage: 'dense' | 'sparse'): number {
  const tags = plasticity === null ? [] : [plasticity.tagExponent, plasticity.tag2Exponent];
  const state = (plasticity === null ? 1 : 2) + 2 * tags.filter((exponent) => exponent !== null).length;
  if (storage === 'dense') return state;
  return state + 2 + (plasticity?.needsColumns ? 6 : 0);
}

/** Bytes of the episodic buffer: its words, and count, outcome, priority and events of each slot. */
export function episodeBytes({ network: { episodes } }: QuantizedNetwork): number {
  return episodes === null ? 0 : 4 * episodeWords + episodes.slots * (12 + 4 * episodes.events);
}
