import type { ElaboratedProjection } from '../../passes.js';
import type { WeightErrors } from './quantized.js';

/** Static weights as mantissas of 2^exponent: −127 … 127. */
export function staticWeights(
  { weights }: ElaboratedProjection,
  exponent: number,
): { weights: Int8Array; errors: WeightErrors } {
  const unit = 2 ** exponent;
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
  { weights }: ElaboratedProjection,
  exponent: number,
  wMin: number,
  wMax: number,
): { weights: Int16Array; errors: WeightErrors } {
  const unit = 2 ** exponent;
  const fine = new Int16Array(weights.length);
  const errors = new ErrorSum();
  for (let n = 0; n < weights.length; n++) {
    const weight = weights[n]!;
    const value = Math.min(wMax, Math.max(wMin, Math.round(weight / unit) * 256 + 128));
    fine[n] = value;
    errors.add(weight - (value >> 8) * unit);
  }
  return { weights: fine, errors: errors.result() };
}

class ErrorSum {
  #max = 0;
  #squares = 0;
  #count = 0;

  add(error: number): void {
    this.#max = Math.max(this.#max, Math.abs(error));
    this.#squares += error * error;
    this.#count++;
  }

  result(): WeightErrors {
    return { max: this.#max, rms: this.#count === 0 ? 0 : Math.sqrt(this.#squares / this.#count) };
  }
}
