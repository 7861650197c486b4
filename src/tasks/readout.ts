/** The index of the largest value; of equals the lowest. Throws a RangeError if there is none. */
export function argmax(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('argmax of no values');
  let best = 0;
  for (let n = 1; n < values.length; n++) if (values[n]! > values[best]!) best = n;
  return best;
}

/**
 * Probabilities exp(v/T) / Σ exp(v/T) of leaky readouts, for membranes v and a temperature T above 0, both in membrane
 * units. They add up to 1, however large the values.
 */
export function softmax(values: ArrayLike<number>, temperature = 1): Float64Array {
  if (!(temperature > 0)) throw new RangeError(`softmax needs a temperature above 0, not ${temperature}`);
  const most = values.length === 0 ? 0 : values[argmax(values)]!;
  const weights = Float64Array.from(values, (value) => Math.exp((value - most) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Adds up what readouts show at several looks; the mean tells an answer better than one look does. */
export class ReadoutMean {
  #sums = new Float64Array(0);
  #looks = 0;

  /** Membranes of the readouts, at each look as many. Throws a RangeError otherwise. */
  look(membranes: Float64Array): void {
    if (this.#looks === 0) this.#sums = new Float64Array(membranes.length);
    if (membranes.length !== this.#sums.length)
      throw new RangeError(`${membranes.length} readouts after looks at ${this.#sums.length}`);
    membranes.forEach((value, n) => {
      this.#sums[n] = this.#sums[n]! + value;
    });
    this.#looks++;
  }

  /** The mean of each readout. Throws a RangeError before the first look. */
  get values(): Float64Array {
    if (this.#looks === 0) throw new RangeError('no look at the readouts yet');
    return this.#sums.map((sum) => sum / this.#looks);
  }
}
