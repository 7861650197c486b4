import type { NeuronGroupRecord } from '../../src/image/image.js';
import { neuronGroupFlags } from '../../src/image/layout.js';
import { LoneNeuron } from './lone-neuron.js';
import type { QuietPart } from './quiet-part.js';
import type { CoreState } from './state.js';

/** A span that ends within so many ticks, since a neuron spikes, is not worth while. */
const shortest = 8;

/** Neurons of a core that get no input: each runs by itself, to the first spike of any. */
export class QuietNeurons implements QuietPart {
  /** Neurons with noise or bias, which may well spike by themselves. */
  readonly restless: number;
  /** The most restless first: they soonest find that a span is not worth while. */
  readonly #groups: readonly NeuronGroupRecord[];
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
    const groups = state.image.neuronGroups;
    this.restless = groups.reduce((sum, group) => sum + (isRestless(group) ? group.count : 0), 0);
    this.#groups = [...groups.filter(isRestless), ...groups.filter((group) => !isRestless(group))];
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
    const { v, i, adaptation, refractory } = this.#state;
    let end = to;
    for (const group of this.#groups) {
      lone.setGroup(group);
      for (let n = 0; n < group.count; n++) {
        const neuron = group.firstNeuron + n;
        lone.setNeuron(n, v[neuron]!, i[neuron]!, adaptation[neuron] ?? 0, refractory[neuron]!);
        end = lone.run(from, end);
        if (end <= from || (end < to && end - from < shortest)) return from;
        this.#v[neuron] = lone.v;
        this.#i[neuron] = lone.i;
        this.#refractory[neuron] = lone.refractory;
        if (adaptation.length > 0) this.#adaptation[neuron] = lone.adaptation;
      }
    }
    return end;
  }
}

function isRestless({ noise, bias, flags }: NeuronGroupRecord): boolean {
  return noise !== 0 || bias !== 0 || (flags & neuronGroupFlags.biasArray) !== 0;
}
