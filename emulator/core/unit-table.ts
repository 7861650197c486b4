import type { CoreImage } from '../../src/image/image.js';

/** Units and populations of a core's neurons, to be looked up in rising order. */
export class UnitTable {
  /** By neuron group: the neuron behind its last, what is added to a neuron for its unit, and its population. */
  readonly #ends: Uint32Array;
  readonly #offsets: Int32Array;
  readonly #populations: Uint16Array;

  constructor({ neuronGroups }: CoreImage) {
    this.#ends = Uint32Array.from(neuronGroups, ({ firstNeuron, count }) => firstNeuron + count);
    this.#offsets = Int32Array.from(neuronGroups, ({ firstUnit, firstNeuron }) => firstUnit - firstNeuron);
    this.#populations = Uint16Array.from(neuronGroups, ({ population }) => population);
  }

  /** Appends to `units`, from `count` on, the units of those neurons whose population is shown; gives the new count. */
  list(
    neurons: Uint32Array,
    neuronCount: number,
    shown: Uint8Array,
    units: Uint32Array,
    count: number,
  ): number {
    let group = 0;
    let end = this.#ends[0]!;
    let isShown = shown[this.#populations[0]!]!;
    let offset = this.#offsets[0]!;
    let next = count;
    for (let n = 0; n < neuronCount; n++) {
      const neuron = neurons[n]!;
      if (neuron >= end) {
        while (neuron >= this.#ends[group]!) group++;
        end = this.#ends[group]!;
        isShown = shown[this.#populations[group]!]!;
        offset = this.#offsets[group]!;
      }
      if (isShown === 1) units[next++] = neuron + offset;
    }
    return next;
  }
}
