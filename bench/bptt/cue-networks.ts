import { drawsOf } from '../../src/tasks/draws.js';
import { normalDraws } from './compare.js';
import { bptt } from './cosines.js';
import { decayOf, drawWeights, type Model } from './model.js';
import { Training, type TrainingOptions } from './training.js';

/** A network for cue accumulation and how it learns. */
export interface CueSetting {
  readonly name: string;
  readonly lif: number;
  readonly alif: number;
  /** Milliseconds. */
  readonly tauMembrane: number;
  /** In units of the membrane; the threshold is 0.6. */
  readonly beta: number;
  readonly refractory: number;
  readonly surrogate: Model['surrogate'];
  readonly scale: { readonly input: number; readonly recurrent: number; readonly output: number };
  /** As the scales, of random feedback weights. */
  readonly feedbackScale?: number;
  readonly training: TrainingOptions;
}

/** 50 LIF and 50 ALIF: constants of the published e-prop code for this task (threshold 0.6, β = 0.0174, τ_a = 2 s). */
const published = {
  lif: 50,
  alif: 50,
  tauMembrane: 20,
  beta: 0.0174,
  refractory: 5,
  surrogate: { shape: 'triangle', gamma: 0.3, width: 1 },
  scale: { input: 1, recurrent: 1, output: 0.1 },
} as const;

const plain = {
  loss: 'linear',
  rates: { input: 5e-4, recurrent: 5e-4, output: 2e-4 },
  rateHalves: 1000,
} as const;

const eprop = { kind: 'eprop', feedback: 'symmetric', throughReset: false } as const;

export const cueSettings: readonly CueSetting[] = [
  { ...published, name: 'BPTT', training: { ...plain, algorithm: bptt } },
  { ...published, name: 'e-prop', training: { ...plain, algorithm: eprop } },
  {
    ...published,
    name: 'e-prop, random feedback',
    feedbackScale: 0.5,
    training: { ...plain, loss: 'softmax', algorithm: { ...eprop, feedback: 'random' } },
  },
  {
    ...published,
    name: 'e-prop, adaptive feedback',
    feedbackScale: 1,
    training: {
      ...plain,
      loss: 'softmax',
      algorithm: { ...eprop, feedback: 'random' },
      feedbackDecay: 0.005,
    },
  },
  {
    ...published,
    name: 'e-prop for a chip',
    beta: 0.03,
    refractory: 0,
    surrogate: { shape: 'box', gamma: 0.3, width: 0.5 },
    training: { ...plain, algorithm: eprop, acting: { bits: 8, range: 1 } },
  },
  {
    name: 'e-prop, LIF only',
    lif: 100,
    alif: 0,
    tauMembrane: 1000,
    beta: 0,
    refractory: 0,
    surrogate: { shape: 'box', gamma: 0.3, width: 0.5 },
    scale: { input: 0.15, recurrent: 0.05, output: 0.1 },
    training: {
      algorithm: eprop,
      loss: 'linear',
      throughReadout: false,
      rates: { input: 3e-4, recurrent: 3e-5, output: 3e-4 },
      keep: 0.95,
      largestChange: 0.001,
      largestError: 1,
      homeostasis: { hertz: 10, change: 3e-4 },
      acting: { bits: 8, range: 0.5 },
      rateHalves: 1000,
    },
  },
];

/** The network of a setting with the first weights of a seed; equal seeds give all settings equal first draws. */
export function trainingOf(setting: CueSetting, seed: number): Training {
  const neurons = setting.lif + setting.alif;
  const model: Model = {
    inputs: 40,
    neurons,
    outputs: 2,
    alpha: new Float64Array(neurons).fill(decayOf(setting.tauMembrane)),
    rho: new Float64Array(neurons).fill(decayOf(2000)),
    beta: Float64Array.from({ length: neurons }, (_, j) => (j < setting.lif ? 0 : setting.beta)),
    kappa: decayOf(20),
    threshold: 0.6,
    refractory: setting.refractory,
    surrogate: setting.surrogate,
    spike: 'step',
  };
  const normal = normalDraws(drawsOf(seed));
  const weights = drawWeights(model, setting.scale, normal);
  const feedback = drawWeights(
    model,
    { ...setting.scale, output: setting.feedbackScale ?? 0 },
    normal,
  ).output;
  return new Training(model, weights, feedback, setting.training);
}
