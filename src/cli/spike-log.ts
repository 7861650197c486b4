import type { SpikeRecord } from '../tasks/task.js';

/** Collects the spikes of many steps; keeps nothing unless it is wanted. */
export class SpikeLog {
  readonly #wanted: boolean;
  #count = 0;
  #ticks = new Uint32Array(1024);
  #units = new Uint32Array(1024);

  constructor(wanted: boolean) {
    this.#wanted = wanted;
  }

  add(spikes: SpikeRecord): void {
    if (!this.#wanted) return;
    while (this.#count + spikes.count > this.#ticks.length) this.#grow();
    this.#ticks.set(spikes.ticks.subarray(0, spikes.count), this.#count);
    this.#units.set(spikes.units.subarray(0, spikes.count), this.#count);
    this.#count += spikes.count;
  }

  record(): SpikeRecord {
    return { count: this.#count, ticks: this.#ticks, units: this.#units };
  }

  #grow(): void {
    const [ticks, units] = [this.#ticks, this.#units];
    this.#ticks = new Uint32Array(ticks.length * 2);
    this.#units = new Uint32Array(ticks.length * 2);
    this.#ticks.set(ticks);
    this.#units.set(units);
  }
}
