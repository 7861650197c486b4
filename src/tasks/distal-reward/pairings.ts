import type { SpikeRecord } from '../task.js';

/** Finds pairings: the second of two neurons spikes after the first, sooner than a window. */
export class PairingWatch {
  readonly #first: number;
  readonly #second: number;
  readonly #window: number;
  #firstSpiked = Number.NEGATIVE_INFINITY;

  /** Units of the two neurons; the window in ticks. */
  constructor(first: number, second: number, window: number) {
    this.#first = first;
    this.#second = second;
    this.#window = window;
  }

  /** Ticks at which pairings were completed in the spikes that came next. Spikes of one tick are no pairing. */
  take({ count, ticks, units }: SpikeRecord): number[] {
    const completed: number[] = [];
    let firstSpiked = this.#firstSpiked;
    for (let n = 0; n < count; n++) {
      const tick = ticks[n]!;
      // Of one tick the lower unit comes first, so the last spike of the first neuron may be of this tick or earlier.
      if (units[n] === this.#second && this.#pairs(tick)) completed.push(tick);
      if (units[n] === this.#first) firstSpiked = tick;
      if (n + 1 === count || ticks[n + 1] !== tick) this.#firstSpiked = firstSpiked;
    }
    return completed;
  }

  #pairs(tick: number): boolean {
    return tick - this.#firstSpiked < this.#window;
  }
}
