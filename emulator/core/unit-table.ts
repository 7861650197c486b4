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
    let next = count;
    for (let n = 0; n < neuronCount; ) {
      while (neurons[n]! >= this.#ends[group]!) group++;
      const end = behind(neurons, n, neuronCount, this.#ends[group]!);
      if (shown[this.#populations[group]!] === 1) {
        const offset = this.#offsets[group]!;
        for (let k = n; k < end; k++) units[next++] = neurons[k]! + offset;
      }
      n = end;
    }
    return next;
  }
}

/** Place of the first of the rising numbers, from place `low` up to `high`, that is at least `least`; `high` if none is. */
function behind(numbers: Uint32Array, from: number, to: number, least: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
