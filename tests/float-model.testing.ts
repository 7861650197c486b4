/**
 * The learning core in float64, continuous decays every tick, with the error that `docs/core.md`, section 12, allows
 * carried beside each value. It is driven by the core's own spikes ("teacher forced"), so that one rounding at the
 * threshold does not make the two runs incomparable. It shares no code with the emulator.
 */

/** A real value and how far the core may be from it. */
export interface Bounded {
  value: number;
  error: number;
}

/** Error of the rate of a state's decay: half a step of a decrement of at least 512. */
const rateError = 0.5 / 512;
/** Largest sum of the roundings of a state: 65536 / 512 units. */
const stateRounding = 128;

export function product(factors: readonly Bounded[]): Bounded {
  return factors.reduce(
    (a, b) => ({
      value: a.value * b.value,
      error: Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error,
    }),
    { value: 1, error: 0 },
  );
}

/** A decaying state: value, and the sum of (age/τ)·e^(−age/τ), which turns an error of the rate into one of the value. */
export class FloatState {
  #value = 0;
  #aged = 0;
  readonly #tau: number;
  readonly #unit: number;

  constructor(tau: number, unit: number) {
    this.#tau = tau;
    this.#unit = unit;
  }

  /** A trace saturates just below 8; a difference does not grow by that. */
  add(amount: number): void {
    this.#value = Math.min(8 - 2 ** -20, this.#value + amount);
  }

  set(amount: number): void {
    this.#value = amount;
    this.#aged = 0;
  }

  decay(): void {
    const keep = Math.exp(-1 / this.#tau);
    this.#aged = keep * (this.#aged + Math.abs(this.#value) / this.#tau);
    this.#value *= keep;
  }

  get(): Bounded {
    return { value: this.#value, error: 1.05 * rateError * this.#aged + stateRounding * this.#unit };
  }

  /** As a rule's factor: its low 8 bits are cut off. */
  factor(): Bounded {
    const { value, error } = this.get();
    return { value, error: error + 2 ** -12 };
  }
}

/** A tag: decays every tick here, in sweeps of `period` ticks on the core. */
export class FloatTag {
  #value = 0;
  /** Sum of the magnitudes of all increments, decayed: what an early or late sweep can be wrong by. */
  #magnitude = 0;
  #eventError = 0;
  #unit: number;
  readonly #tau: number;
  readonly #shift: number;
  readonly #sweepRounding: number;

  constructor(tau: number, unit: number, period: number) {
    this.#tau = tau;
    this.#unit = unit;
    this.#shift = Math.expm1(period / tau);
    // 65536/d units with d = 65536·(1 − e^(−P/τ)), and the rate's own rounding is far below it.
    this.#sweepRounding = 1.02 / -Math.expm1(-period / tau);
  }

  add({ value, error }: Bounded): void {
    this.#value += value;
    this.#magnitude += Math.abs(value);
    this.#eventError += error;
  }

  decay(): void {
    const keep = Math.exp(-1 / this.#tau);
    this.#value *= keep;
    this.#magnitude *= keep;
    this.#eventError *= keep;
  }

  get(): Bounded {
    // A decrement of at least 2048 is rounded by at most half: 0.00025 of the rate, over at most a few τ.
    const rate = 0.00025 * this.#magnitude * 8;
    return {
      value: this.#value,
      error:
        this.#magnitude * this.#shift +
        rate +
        this.#eventError * (1 + this.#shift) +
        this.#sweepRounding * this.#unit,
    };
  }

  get magnitude(): number {
    return this.#magnitude;
  }
}

/** Increment of a term: 1/128 of the coefficient, the factors' errors, and one unit for the two roundings. */
export function increment(coefficient: number, factors: readonly Bounded[], unit: number): Bounded {
  const { value, error } = product(factors);
  return {
    value: coefficient * value,
    error: Math.abs(coefficient) * (error * (1 + 1 / 128) + Math.abs(value) / 128) + unit,
  };
}
