import type { Rounding } from './format.js';

/**
 * Rounds numbers that count steps of a format. One class for all three ways, so that the loops that call it stay fast.
 * `bits` null: nothing happens, the number is float64.
 */
export class Rounder {
  /** Largest magnitude held, in steps. */
  readonly limit: number;
  readonly #way: 0 | 1 | 2;
  #state: number;
  /** Magnitudes of all increments so far, and of those that became 0. */
  #asked = 0;
  #vanished = 0;

  constructor(bits: number | null, rounding: Rounding, seed: number) {
    this.limit = bits === null ? Number.POSITIVE_INFINITY : 2 ** (bits - 1) - 1;
    this.#way = bits === null ? 0 : rounding === 'core' ? 1 : 2;
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  }

  /** Whether numbers are rounded at all. */
  get exact(): boolean {
    return this.#way === 0;
  }

  /** How much of the increments so far was in such as became 0, by magnitude. */
  get vanished(): number {
    return this.#asked === 0 ? 0 : this.#vanished / this.#asked;
  }

  /** An increment: to the nearest step, halves upwards; or at random. */
  increment(steps: number): number {
    if (this.#way === 0) return steps;
    const rounded = Math.floor(steps + (this.#way === 1 ? 0.5 : this.#uniform()));
    const magnitude = Math.abs(steps);
    this.#asked += magnitude;
    if (rounded === 0) this.#vanished += magnitude;
    return rounded;
  }

  /** What is left after a decay: the magnitude down; or at random. */
  decayed(steps: number): number {
    if (this.#way === 1) return Math.trunc(steps);
    return this.#way === 0 ? steps : Math.floor(steps + this.#uniform());
  }

  /** Clamps to the range of the format. */
  saturate(steps: number): number {
    return steps > this.limit ? this.limit : steps < -this.limit ? -this.limit : steps;
  }

  /** xorshift32 (Marsaglia 2003): one number in [0, 1). */
  #uniform(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 0x1_0000_0000;
  }
}
