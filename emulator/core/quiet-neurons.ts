import { LoneNeuron } from './lone-neuron.js';
import type { QuietPart } from './quiet-part.js';
import type { CoreState } from './state.js';

/** Neurons of a core that get no input: each runs by itself, to the first spike of any. */
export class QuietNeurons implements QuietPart {
  readonly #state: CoreState;
  readonly #lone: LoneNeuron;
  /** What the neurons come to at `#end`, until it is taken. */
  readonly #v: Int32Array;
  readonly #i: Int32Array;
  readonly #adaptation: Int32Array;
  readonly #refractory: Uint16Array;
  #end = -1;

  constructor(state: CoreState, seed: number) {
    this.#state = state;
    this.#lone = new LoneNeuron(state.image, seed);
    this.#v = new Int32Array(state.v.length);
    this.#i = new Int32Array(state.i.length);
    this.#adaptation = new Int32Array(state.adaptation.length);
    this.#refractory = new Uint16Array(state.refractory.length);
  }

  until(from: number, to: number): number {
    const end = this.#run(from, to);
    this.#end = end === to ? to : -1;
    return end;
  }

  advance(from: number, to: number): number {
    // Some neurons were taken further than the span turned out to reach.
    if (this.#end !== to) this.#run(from, to);
    const { v, i, adaptation, refractory } = this.#state;
    v.set(this.#v);
    i.set(this.#i);
    adaptation.set(this.#adaptation);
    refractory.set(this.#refractory);
    this.#end = -1;
    return 0;
  }

  #run(from: number, to: number): number {
    const lone = this.#lone;
    const { image, v, i, adaptation, refractory } = this.#state;
    let end = to;
    for (const group of image.neuronGroups) {
      lone.setGroup(group);
      for (let n = 0; n < group.count; n++) {
        const neuron = group.firstNeuron + n;
        lone.setNeuron(n, v[neuron]!, i[neuron]!, adaptation[neuron] ?? 0, refractory[neuron]!);
        end = lone.run(from, end);
        if (end <= from) return from;
        this.#v[neuron] = lone.v;
        this.#i[neuron] = lone.i;
        this.#refractory[neuron] = lone.refractory;
        if (adaptation.length > 0) this.#adaptation[neuron] = lone.adaptation;
      }
    }
    return end;
  }
}
