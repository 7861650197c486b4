import type { Format } from './format.js';
import { Rounder } from './rounder.js';

/** Where a projection's weights lie, in membrane units. */
export interface WeightRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Plastic weights of one projection at a given width. Counted in fine steps; what a spike carries is the high part, the
 * fine weight rounded down to an acting step. The acting step is the smallest power of two of which 2^(n − 1) − 1 hold
 * the range, n being the acting bits: for 8 bits that is the compiler's choice.
 */
export class PlasticWeights {
  /** Fine weights, in fine steps. */
  readonly fine: Float64Array;
  /** What a spike carries, in membrane units; follows `fine`. */
  readonly acting: Float64Array;
  /** Fine steps of one membrane unit; 1 without a format. */
  readonly perUnit: number;
  readonly rounder: Rounder;
  readonly #low: number;
  readonly #high: number;
  /** Fine steps of an acting step; 0: all of the weight acts. */
  readonly #hidden: number;
  readonly #unit: number;

  constructor(initial: Float64Array, range: WeightRange, format: Format, seed: number) {
    const { weight, acting } = format;
    const largest = initial.reduce((max, w) => Math.max(max, Math.abs(w)), Math.max(-range.min, range.max));
    const held = weight !== null && acting !== null;
    this.#hidden = held ? 2 ** (weight - acting) : 0;
    this.perUnit = held
      ? this.#hidden * 2 ** -Math.ceil(Math.log2(largest / (2 ** (acting - 1) - 1)) - 1e-9)
      : 1;
    this.#unit = 1 / this.perUnit;
    this.rounder = new Rounder(weight, format.rounding, seed);
    const { limit } = this.rounder;
    const bound = (w: number) =>
      weight === null ? w : Math.max(-limit, Math.min(limit, Math.round(w * this.perUnit)));
    this.#low = bound(range.min);
    this.#high = bound(range.max);
    this.acting = new Float64Array(initial.length);
    this.fine = initial.map((w) => {
      if (this.#hidden === 0) return this.#clamp(w);
      // The middle of the nearest acting step, as the compiler does; with no hidden bits the step itself.
      const step = Math.round((w * this.perUnit) / this.#hidden);
      return this.#clamp(step * this.#hidden + Math.floor(this.#hidden / 2));
    });
    for (let n = 0; n < initial.length; n++) this.#act(n);
  }

  /** Adds `change` (membrane units) to weight n. */
  add(n: number, change: number): void {
    const before = this.fine[n]!;
    const after = this.#clamp(before + this.rounder.increment(change * this.perUnit));
    if (after === before) return;
    this.fine[n] = after;
    this.#act(n);
  }

  /** The fine weight in membrane units. */
  value(n: number): number {
    return this.fine[n]! * this.#unit;
  }

  #act(n: number): void {
    const fine = this.fine[n]!;
    this.acting[n] = (this.#hidden > 1 ? Math.floor(fine / this.#hidden) * this.#hidden : fine) * this.#unit;
  }

  #clamp(fine: number): number {
    return fine < this.#low ? this.#low : fine > this.#high ? this.#high : fine;
  }
}
