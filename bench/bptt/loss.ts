/** What the readout should say, by step from `from` to `to` (not included); outside there is no error. */
export interface Target {
  readonly kind: 'softmax' | 'linear';
  /** Class that should win; with `linear` its readout should be 1 and the others 0. */
  readonly label: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Loss summed over the steps, and its derivative by y(t) into `error`. `softmax`: cross-entropy, error p − p*;
 * `linear`: half the squared distance, error y − y*.
 */
export function lossOf(y: Float64Array, outputs: number, target: Target, error: Float64Array): number {
  error.fill(0);
  let loss = 0;
  for (let t = target.from; t < target.to; t++) {
    const row = t * outputs;
    if (target.kind === 'linear') {
      for (let k = 0; k < outputs; k++) {
        const distance = y[row + k]! - (k === target.label ? 1 : 0);
        error[row + k] = distance;
        loss += distance ** 2 / 2;
      }
      continue;
    }
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < outputs; k++) top = Math.max(top, y[row + k]!);
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += Math.exp(y[row + k]! - top);
    for (let k = 0; k < outputs; k++)
      error[row + k] = Math.exp(y[row + k]! - top) / sum - (k === target.label ? 1 : 0);
    loss += Math.log(sum) + top - y[row + target.label]!;
  }
  return loss;
}

/** Class with the largest readout, summed over the steps of the target. */
export function answerOf(y: Float64Array, outputs: number, from: number, to: number): number {
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (let t = from; t < to; t++) sum += y[t * outputs + k]!;
    if (sum > largest) [best, largest] = [k, sum];
  }
  return best;
}
