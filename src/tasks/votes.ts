import { argmax } from './readout.js';
import type { SpikeRecord, TaskPopulation } from './task.js';

/** Counts the spikes of each action's group; the group with most is the choice. */
export class VoteCounter {
  readonly #first: number;
  readonly #perAction: number;
  readonly #counts: Uint32Array;

  /** `population` holds the groups one after the other. Throws E0804 if it is too small. */
  constructor(population: TaskPopulation, actions: number, neuronsPerAction: number) {
    this.#first = population.unit(0);
    population.unit(actions * neuronsPerAction - 1);
    this.#perAction = neuronsPerAction;
    this.#counts = new Uint32Array(actions);
  }

  /** The action with most spikes; ties go to `fallback` if it is among them, else to the first. */
  choose(spikes: SpikeRecord, fallback: number): number {
    this.#counts.fill(0);
    for (let n = 0; n < spikes.count; n++) {
      const action = Math.floor((spikes.units[n]! - this.#first) / this.#perAction);
      if (action >= 0 && action < this.#counts.length) this.#counts[action] = this.#counts[action]! + 1;
    }
    const most = argmax(this.#counts);
    return this.#counts[fallback] === this.#counts[most] ? fallback : most;
  }
}
