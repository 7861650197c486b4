import { type Draws, drawsOf } from '../../src/tasks/draws.js';
import { normalDraws } from './compare.js';
import { type Raster, rasterOf } from './forward.js';
import { decayOf, drawWeights, type Model, type Weights } from './model.js';

/** A small random network and the patterns it should tell apart. */
export interface SmallNetwork {
  readonly model: Model;
  readonly weights: Weights;
  /** Random feedback weights, drawn like W_out but independently of it. */
  readonly randomFeedback: Float64Array;
  readonly patterns: readonly { readonly raster: Raster; readonly label: number }[];
}

export interface SmallOptions {
  readonly neuron: 'lif' | 'alif';
  readonly neurons?: number;
  readonly steps?: number;
  /** Standard deviation of the recurrent weights times the root of the number of neurons; 0: no recurrence. */
  readonly recurrent?: number;
  readonly spike?: Model['spike'];
  readonly refractory?: number;
}

/**
 * Draws one: 20 input lines of 20 to 60 Hz, membranes of 20 ms, normal weights, 6 patterns of Poisson spikes with a
 * class of 3 each. ALIF: adaptation of 200 ms, β = 0.1 thresholds or so.
 */
export function smallNetwork(seed: number, options: SmallOptions): SmallNetwork {
  const draws = drawsOf(seed);
  const normal = normalDraws(draws);
  const { neurons = 30, steps = 100 } = options;
  const model: Model = {
    inputs: 20,
    neurons,
    outputs: 3,
    alpha: new Float64Array(neurons).fill(decayOf(20)),
    rho: new Float64Array(neurons).fill(decayOf(200)),
    beta: new Float64Array(neurons).fill(options.neuron === 'alif' ? 0.1 : 0),
    kappa: decayOf(20),
    threshold: 1,
    refractory: options.refractory ?? 2,
    surrogate: { shape: 'triangle', gamma: 0.3, width: 1 },
    spike: options.spike ?? 'step',
  };
  const scale = { input: 1.5, recurrent: options.recurrent ?? 1, output: 0.1 };
  const weights = drawWeights(model, scale, normal);
  const randomFeedback = drawWeights(model, scale, normal).output;
  const patterns = Array.from({ length: 6 }, (_, n) => ({
    raster: drawPattern(draws, model.inputs, steps),
    label: n % 3,
  }));
  return { model, weights, randomFeedback, patterns };
}

function drawPattern(draws: Draws, inputs: number, steps: number): Raster {
  const chance = Array.from({ length: inputs }, () => 0.02 + 0.04 * draws.uniform());
  const spikes: { in: number; unit: number }[] = [];
  for (let t = 0; t < steps; t++)
    chance.forEach((probability, unit) => {
      if (draws.uniform() < probability) spikes.push({ in: t, unit });
    });
  return rasterOf(steps, spikes);
}
