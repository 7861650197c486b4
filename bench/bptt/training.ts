import { type CueTrial, cueTask } from '../../src/tasks/cue-accumulation/generator.js';
import { backward } from './backward.js';
import { type Algorithm, pathsOf } from './cosines.js';
import { emptyRun, forward, type Run, rasterOf } from './forward.js';
import { answerOf, lossOf, type Target } from './loss.js';
import { emptyWeights, type Model, type Weights } from './model.js';

/** A step of gradient descent after each trial. */
export interface TrainingOptions {
  readonly algorithm: Algorithm;
  readonly loss: Target['kind'];
  /** Whether the eligibility goes through the readout's filter. ReckOn's does not. Default true. */
  readonly throughReadout?: boolean;
  /** Step sizes. */
  readonly rates: { readonly input: number; readonly recurrent: number; readonly output: number };
  /**
   * Adaptive feedback: the feedback weights take the steps of W_out, and both lose this share of themselves each trial,
   * so that they grow alike. Default: feedback weights are fixed.
   */
  readonly feedbackDecay?: number;
  /** Steps shrink as 1 / (1 + trials / this). Default: they do not. */
  readonly rateHalves?: number;
  /** Steps follow a running mean of the gradient that keeps so much of itself each trial. Default 0. */
  readonly keep?: number;
  /** Largest change of a weight in a trial. Default: none. */
  readonly largestChange?: number;
  /** Largest error of an output that is learnt from. Default: none. */
  readonly largestError?: number;
  /** After each trial all weights onto a neuron move against the deviation of its rate, by `change` at most. */
  readonly homeostasis?: { readonly hertz: number; readonly change: number };
  /** The network runs on weights cut down to so many bits of ±range; steps change finer ones of 16 bits. */
  readonly acting?: { readonly bits: number; readonly range: number };
}

const layers = ['input', 'recurrent', 'output'] as const;

/** Trains a network on trials of cue accumulation, one at a time. */
export class Training {
  readonly model: Model;
  /** Fine weights. */
  readonly weights: Weights;
  readonly #acting: Weights;
  readonly #options: TrainingOptions;
  readonly #feedback: Float64Array;
  readonly #run: Run;
  readonly #error: Float64Array;
  readonly #gradient: Weights;
  readonly #mean: Weights;
  #trials = 0;

  constructor(model: Model, weights: Weights, feedback: Float64Array, options: TrainingOptions) {
    this.model = model;
    this.weights = weights;
    this.#options = options;
    this.#feedback = feedback;
    this.#acting = options.acting ? emptyWeights(model) : weights;
    this.#run = emptyRun(model, cueTask.length);
    this.#error = new Float64Array(cueTask.length * model.outputs);
    this.#gradient = emptyWeights(model);
    this.#mean = emptyWeights(model);
    this.#act();
  }

  /** Whether the network answers a trial right; nothing is learnt. */
  answers(trial: CueTrial): boolean {
    forward(this.model, this.#acting, rasterOf(trial.length, trial.spikes), this.#run);
    return this.#answer() === trial.label;
  }

  /** Answers a trial, then learns from it; whether the answer was right. */
  learn(trial: CueTrial): boolean {
    const { model } = this;
    const { algorithm, largestError = Number.POSITIVE_INFINITY, loss, throughReadout = true } = this.#options;
    const raster = rasterOf(trial.length, trial.spikes);
    forward(model, this.#acting, raster, this.#run);
    const target: Target = { kind: loss, label: trial.label, from: cueTask.recallFrom, to: trial.length };
    lossOf(this.#run.y, model.outputs, target, this.#error);
    for (let n = 0; n < this.#error.length; n++) this.#error[n] = clamp(this.#error[n]!, largestError);
    const paths = { ...pathsOf(algorithm, this.#acting.output, this.#feedback), throughReadout };
    backward(model, this.#acting, raster, this.#run, this.#error, paths, this.#gradient);
    this.#step();
    this.#trials++;
    return this.#answer() === trial.label;
  }

  #answer(): number {
    return answerOf(this.#run.y, this.model.outputs, cueTask.recallFrom, cueTask.length);
  }

  #step(): void {
    const { keep = 0, largestChange = Number.POSITIVE_INFINITY, rates } = this.#options;
    const shrunk = 1 / (1 + this.#trials / (this.#options.rateHalves ?? Number.POSITIVE_INFINITY));
    for (const layer of layers) {
      const [weights, gradient, mean] = [this.weights[layer], this.#gradient[layer], this.#mean[layer]];
      for (let n = 0; n < weights.length; n++) {
        mean[n] = keep * mean[n]! + (1 - keep) * gradient[n]!;
        weights[n]! -= clamp(rates[layer] * shrunk * mean[n]!, largestChange);
      }
    }
    this.#adaptFeedback(rates.output * shrunk);
    this.#balance();
    this.#act();
  }

  #adaptFeedback(rate: number): void {
    const { feedbackDecay } = this.#options;
    if (feedbackDecay === undefined) return;
    const { output } = this.weights;
    for (let n = 0; n < output.length; n++) {
      this.#feedback[n] = (1 - feedbackDecay) * (this.#feedback[n]! - rate * this.#gradient.output[n]!);
      output[n]! *= 1 - feedbackDecay;
    }
  }

  #balance(): void {
    const { homeostasis } = this.#options;
    if (!homeostasis) return;
    const { neurons, inputs } = this.model;
    for (let j = 0; j < neurons; j++) {
      let spikes = 0;
      for (let t = 0; t < this.#run.steps; t++) spikes += this.#run.z[t * neurons + j]!;
      const hertz = (spikes / this.#run.steps) * 1000;
      const change = homeostasis.change * clamp(hertz / homeostasis.hertz - 1, 1);
      for (let i = 0; i < inputs; i++) this.weights.input[i * neurons + j]! -= change;
      for (let i = 0; i < neurons; i++) if (i !== j) this.weights.recurrent[i * neurons + j]! -= change;
    }
  }

  #act(): void {
    const { acting } = this.#options;
    if (!acting) return;
    const coarse = acting.range / 2 ** (acting.bits - 1);
    const fine = acting.range / 2 ** 15;
    for (const layer of layers)
      for (let n = 0; n < this.weights[layer].length; n++) {
        const weight = Math.round(clamp(this.weights[layer][n]!, acting.range - fine) / fine) * fine;
        this.weights[layer][n] = weight;
        this.#acting[layer][n] = Math.floor(weight / coarse) * coarse;
      }
  }
}

function clamp(value: number, limit: number): number {
  return value > limit ? limit : value < -limit ? -limit : value;
}
