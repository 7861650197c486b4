import { type CueTrial, cueTask, drawCueTrial } from '../../src/tasks/cue-accumulation/generator.js';
import { type Draws, drawsOf } from '../../src/tasks/draws.js';
import { EpropSynapses } from './eprop-synapses.js';
import type { Format } from './format.js';
import { PlasticWeights } from './weights.js';

/** One run of the cue task: 25 LIF and 25 ALIF neurons. */
export interface CueRun {
  readonly seed: number;
  readonly trials: number;
  readonly format: Format;
  readonly tests: number;
  /** Largest tags held: of the eligibility as the readout filters it, and of the slow one. */
  readonly tagRange: number;
  readonly slowRange: number;
  /** Times the task's rates of learning; default 1. */
  readonly faster?: number;
}

const lif = 25;
const alif = 25;
const neurons = lif + alif;
const sources = cueTask.lines + neurons;
/** Change of a weight by learning signal, tag and tick: onto the neurons, and onto the readouts. */
const rate = 1e-4;
const readoutRate = 1e-5;
/** Ticks between two changes of a weight. */
const period = 8;
const testSeed = 777;
const outputs = 2;
const threshold = 0.6;
const refractoryTicks = 5;
const beta = 0.0174;
const dampening = 0.3;
const decay = Math.exp(-1 / 20);
const adaptationDecay = Math.exp(-1 / 2000);
const inputRange = { min: -0.9, max: 0.9 };
const readoutRange = { min: -0.9, max: 0.9 };
/** Tags onto all neurons live 20 ms: what they held so long before the first error is gone. */
const tagsFrom = cueTask.recallFrom - 150;

/**
 * Recurrent LIF and ALIF neurons with leaky readouts, in float64, that learn by e-prop with symmetric feedback
 * (Bellec et al. 2020) while they run. Tags and weights are held in the format; all else is exact.
 */
export class CueLearner {
  readonly synapses: EpropSynapses;
  /** From neuron j to readout k: `k · neurons + j`. */
  readonly readout: PlasticWeights;
  readonly #v: Float64Array;
  readonly #a: Float64Array;
  readonly #resting: Int32Array;
  readonly #drive: Float64Array;
  readonly #psi: Float64Array;
  readonly #z: Float64Array;
  readonly #signal: Float64Array;
  readonly #y = new Float64Array(outputs);
  readonly #error = new Float64Array(outputs);
  readonly #window = new Float64Array(outputs);
  readonly #ring: Float64Array;
  readonly #readoutRate: number;
  /** Ticks with learning so far: weights change in turns that go on from trial to trial. */
  #now = 0;
  spikes = 0;

  constructor(run: Omit<CueRun, 'trials' | 'tests'>) {
    this.#readoutRate = readoutRate * (run.faster ?? 1);
    const normal = normals(drawsOf(run.seed + 1_000_003));
    const initial = new Float64Array(neurons * sources);
    for (let j = 0; j < neurons; j++)
      for (let i = 0; i < sources; i++) {
        const recurrent = i >= cueTask.lines;
        if (i === cueTask.lines + j) continue;
        initial[j * sources + i] = normal() / Math.sqrt(recurrent ? neurons : cueTask.lines);
      }
    this.synapses = new EpropSynapses(
      {
        neurons,
        sources,
        adaptive: lif,
        beta,
        tauPre: 20,
        tauTag: 20,
        tauSlow: 2000,
        tagRange: run.tagRange,
        slowRange: run.slowRange,
        rate: rate * (run.faster ?? 1),
        period,
        lines: cueTask.lines,
        weights: inputRange,
      },
      initial,
      run.format,
      run.seed,
    );
    const first = Float64Array.from({ length: outputs * neurons }, () => normal() / Math.sqrt(neurons));
    this.readout = new PlasticWeights(first, readoutRange, run.format, run.seed * 7 + 3);
    this.#v = new Float64Array(neurons);
    this.#a = new Float64Array(neurons);
    this.#resting = new Int32Array(neurons);
    this.#drive = new Float64Array(neurons);
    this.#psi = new Float64Array(neurons);
    this.#z = new Float64Array(neurons);
    this.#ring = new Float64Array(outputs * period);
    this.#signal = new Float64Array(neurons);
  }

  /** Plays a trial and learns from it; whether the readout of the label was the larger over the recall window. */
  trial({ length, label, spikes }: CueTrial, learn = true): boolean {
    for (const state of [this.#v, this.#a, this.#z, this.#y, this.#resting]) state.fill(0);
    this.synapses.clear();
    this.#ring.fill(0);
    this.#window.fill(0);
    const sums = new Float64Array(outputs);
    let next = 0;
    for (let tick = 0; tick < length; tick++) {
      const from = next;
      while (next < spikes.length && spikes[next]!.in === tick) next++;
      this.#deliver(spikes, from, next);
      this.#neuronStep();
      this.synapses.near(this.#psi, tick >= tagsFrom && learn, learn);
      if (tick >= cueTask.recallFrom) {
        this.#readErrors(label);
        for (let k = 0; k < outputs; k++) sums[k]! += this.#y[k]!;
        if (learn) this.#learn();
      }
      this.synapses.endTick(tick >= tagsFrom && learn);
    }
    if (learn) this.#settle();
    return sums[label]! > sums[1 - label]!;
  }

  /** The last errors of a trial still have to meet the rows whose turn has not come. */
  #settle(): void {
    this.#error.fill(0);
    this.#z.fill(0);
    for (let tick = 1; tick < period; tick++) {
      this.#learn();
      this.synapses.endTick(true);
    }
  }

  #deliver(spikes: CueTrial['spikes'], from: number, to: number): void {
    const { weights, pre } = this.synapses;
    const drive = this.#drive.fill(0);
    const add = (i: number) => {
      pre[i]! += 1;
      for (let j = 0, s = i; j < drive.length; j++, s += sources) drive[j]! += weights.acting[s]!;
    };
    for (let n = from; n < to; n++) add(spikes[n]!.unit);
    for (let j = 0; j < neurons; j++)
      if (this.#z[j] !== 0) {
        add(cueTask.lines + j);
        drive[j]! -= threshold;
      }
  }

  #neuronStep(): void {
    const { acting } = this.readout;
    for (let k = 0; k < outputs; k++) this.#y[k]! *= decay;
    for (let j = 0; j < neurons; j++) {
      const v = this.#v[j]! * decay + this.#drive[j]!;
      this.#v[j] = v;
      let level = threshold;
      if (j >= lif) {
        this.#a[j] = this.#a[j]! * adaptationDecay + this.#z[j]!;
        level += beta * this.#a[j]!;
      }
      this.#psi[j] = 0;
      this.#z[j] = 0;
      if (this.#resting[j]! > 0) {
        this.#resting[j]!--;
        continue;
      }
      const distance = Math.abs(v - level) / threshold;
      if (distance < 1) this.#psi[j] = (dampening / threshold) * (1 - distance);
      if (v < level) continue;
      this.#z[j] = 1;
      this.spikes++;
      this.#resting[j] = refractoryTicks;
      for (let k = 0; k < outputs; k++) this.#y[k]! += acting[k * neurons + j]!;
    }
  }

  /** Softmax error of the readouts. */
  #readErrors(label: number): void {
    const p1 = 1 / (1 + Math.exp(this.#y[0]! - this.#y[1]!));
    this.#error[0] = 1 - p1 - (label === 0 ? 1 : 0);
    this.#error[1] = p1 - (label === 1 ? 1 : 0);
  }

  #learn(): void {
    const { acting } = this.readout;
    const tick = this.#now++;
    for (let j = 0; j < neurons; j++)
      this.#signal[j] = this.#error[0]! * acting[j]! + this.#error[1]! * acting[neurons + j]!;
    this.synapses.learn(this.#signal, tick);
    const mask = period - 1;
    for (let k = 0; k < outputs; k++) {
      const place = (tick & mask) * outputs + k;
      this.#window[k] = this.#window[k]! + this.#error[k]! - this.#ring[place]!;
      this.#ring[place] = this.#error[k]!;
      for (let j = (period - ((tick + cueTask.lines) & mask)) & mask; j < neurons; j += period) {
        const trace = this.synapses.pre[cueTask.lines + j]! + this.#z[j]!;
        if (trace !== 0) this.readout.add(k * neurons + j, -this.#readoutRate * this.#window[k]! * trace);
      }
    }
  }
}

/**
 * Proportion correct after learning. Each of the last `tests` trials of training is followed by one that is never
 * learned from, the same for all seeds and formats: the readouts' balance swings from trial to trial, and a test in one
 * go would see one moment of it.
 */
export function runCue(run: CueRun): number {
  const learner = new CueLearner(run);
  const draws = drawsOf(run.seed);
  const unseen = drawsOf(testSeed);
  let right = 0;
  for (let left = run.trials - 1; left >= 0; left--) {
    learner.trial(drawCueTrial(draws));
    if (left < run.tests && learner.trial(drawCueTrial(unseen), false)) right++;
  }
  return right / run.tests;
}

/** Normal draws (Box and Muller). */
function normals(draws: Draws): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - draws.uniform())) * Math.cos(2 * Math.PI * draws.uniform());
}
