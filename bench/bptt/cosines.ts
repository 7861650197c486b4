import { backward, type Paths } from './backward.js';
import { cosine } from './compare.js';
import { eligibilityGradient } from './eligibility.js';
import { emptyRun, forward } from './forward.js';
import { lossOf } from './loss.js';
import { emptyWeights, type Weights } from './model.js';
import type { SmallNetwork } from './small-network.js';

/** Feedback of e-prop's learning signal: W_out itself, or fixed random weights. */
export type Feedback = 'symmetric' | 'random';

/** BPTT follows every path. E-prop as published leaves out those through other neurons and through the reset. */
export interface Algorithm {
  readonly kind: 'bptt' | 'eprop';
  readonly feedback: Feedback;
  readonly throughReset: boolean;
}

export const bptt: Algorithm = { kind: 'bptt', feedback: 'symmetric', throughReset: true };

export function pathsOf(algorithm: Algorithm, output: Float64Array, random: Float64Array): Paths {
  return {
    feedback: algorithm.feedback === 'random' ? random : output,
    throughNeurons: algorithm.kind === 'bptt',
    throughReset: algorithm.throughReset,
    throughReadout: true,
  };
}

/**
 * Softmax loss in the second half of each pattern, and its gradient, summed over all patterns. E-prop can be taken
 * `forwards` with eligibility vectors; the result is the same.
 */
export function patternGradient(
  network: SmallNetwork,
  algorithm: Algorithm,
  direction: 'backwards' | 'forwards' = 'backwards',
): { gradient: Weights; loss: number } {
  const { model, weights, patterns, randomFeedback } = network;
  const sum = emptyWeights(model);
  const single = emptyWeights(model);
  const paths = pathsOf(algorithm, weights.output, randomFeedback);
  let loss = 0;
  for (const { raster, label } of patterns) {
    const run = forward(model, weights, raster, emptyRun(model, raster.steps));
    const error = new Float64Array(run.y.length);
    const target = { kind: 'softmax', label, from: raster.steps >> 1, to: raster.steps } as const;
    loss += lossOf(run.y, model.outputs, target, error);
    const gradient =
      direction === 'forwards'
        ? eligibilityGradient(model, raster, run, error, paths)
        : backward(model, weights, raster, run, error, paths, single);
    addTo(sum, gradient, 1);
  }
  return { gradient: sum, loss };
}

/** Cosine between an e-prop update and the BPTT gradient of the recurrent weights. */
export function recurrentCosine(network: SmallNetwork, algorithm: Algorithm): number {
  return cosine(
    patternGradient(network, algorithm).gradient.recurrent,
    patternGradient(network, bptt).gradient.recurrent,
  );
}

/** So many steps of gradient descent on all patterns; changes the network's weights. */
export function trainOnPatterns(network: SmallNetwork, algorithm: Algorithm, steps: number): void {
  for (let n = 0; n < steps; n++) addTo(network.weights, patternGradient(network, algorithm).gradient, -1e-3);
}

export function addTo(into: Weights, other: Weights, factor: number): void {
  for (const key of ['input', 'recurrent', 'output'] as const) {
    const [to, from] = [into[key], other[key]];
    for (let n = 0; n < to.length; n++) to[n]! += factor * from[n]!;
  }
}
