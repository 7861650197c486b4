import type { ElaboratedProjection } from '../../passes.js';
import type { WeightErrors } from './quantized.js';

/** Static weights as mantissas of 2^exponent: −127 … 127. */
export function staticWeights(
  { weights, synapses }: ElaboratedProjection,
  exponent: number,
): { weights: Int8Array | number; errors: WeightErrors } {
  const unit = 2 ** exponent;
  if (typeof weights === 'number') {
    const mantissa = Math.round(weights / unit) + 0;
    return { weights: mantissa, errors: errorsOfEqual(weights - mantissa * unit, synapses) };
  }
  const mantissas = new Int8Array(weights.length);
  const errors = new ErrorSum();
  for (let n = 0; n < weights.length; n++) {
    const weight = weights[n]!;
    const mantissa = Math.round(weight / unit);
    mantissas[n] = mantissa;
    errors.add(weight - mantissa * unit);
  }
  return { weights: mantissas, errors: errors.result() };
}

/** Plastic weights: the nearest acting step, placed in the middle of its 256 fine steps, inside the bounds. */
export function plasticWeights(
  { weights, synapses }: ElaboratedProjection,
  exponent: number,
  wMin: number,
  wMax: number,
): { weights: Int16Array | number; errors: WeightErrors } {
  const unit = 2 ** exponent;
  const fineOf = (weight: number) => Math.min(wMax, Math.max(wMin, Math.round(weight / unit) * 256 + 128));
  if (typeof weights === 'number') {
    const value = fineOf(weights);
    return { weights: value, errors: errorsOfEqual(weights - (value >> 8) * unit, synapses) };
  }
  const fine = new Int16Array(weights.length);
  const errors = new ErrorSum();
  for (let n = 0; n < weights.length; n++) {
    const weight = weights[n]!;
    const value = fineOf(weight);
    fine[n] = value;
    errors.add(weight - (value >> 8) * unit);
  }
  return { weights: fine, errors: errors.result() };
}

/** Largest magnitude of a list of weights, or of the one for all; 0 of none. */
export function largestOf(weights: ArrayLike<number> | number): number {
  if (typeof weights === 'number') return Math.abs(weights);
  let largest = 0;
  for (let n = 0; n < weights.length; n++) {
    const magnitude = Math.abs(weights[n]!);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/** As if each of them were added to an `ErrorSum`, to the same bits. */
function errorsOfEqual(error: number, count: number): WeightErrors {
  const errors = new ErrorSum();
  for (let n = 0; n < count; n++) errors.add(error);
  return errors.result();
}

class ErrorSum {
  #max = 0;
  #squares = 0;
  #count = 0;

  add(error: number): void {
    const magnitude = Math.abs(error);
    if (magnitude > this.#max) this.#max = magnitude;
    this.#squares += error * error;
    this.#count++;
  }

  result(): WeightErrors {
    return { max: this.#max, rms: this.#count === 0 ? 0 : Math.sqrt(this.#squares / this.#count) };
  }
}
