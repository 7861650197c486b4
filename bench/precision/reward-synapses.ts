import type { Format } from './format.js';
import { Rounder } from './rounder.js';
import { PlasticWeights, type WeightRange } from './weights.js';

/** Reward-modulated STDP, times in ticks: dt = aPlus·x1·y0 − aMinus·y1·x0, dw = rate·m·t a tick. */
export interface RewardRule {
  readonly aPlus: number;
  readonly aMinus: number;
  readonly tauPlus: number;
  readonly tauMinus: number;
  /** Whether a spike sets its trace to 1 (nearest spikes pair) instead of adding 1. */
  readonly nearest: boolean;
  readonly tauTag: number;
  readonly rate: number;
  /** Largest tag to be held; null: 32 times what one event adds at unit traces. */
  readonly tagRange: number | null;
  readonly weights: WeightRange;
  readonly tauModulator: number;
  /** Events of the running mean taken from the reward; null: none is taken. */
  readonly baselineEvents: number | null;
}

/** Sparse synapses: those of source i are `starts[i] … starts[i + 1] − 1`, `targets` their neurons. */
export interface Wiring {
  readonly sources: number;
  readonly targets: Int32Array;
  readonly starts: Int32Array;
  /** Unit id of source i: its rows are swept at ticks with this phase. */
  readonly unitOf: (source: number) => number;
  readonly neurons: number;
}

/** Periods that `docs/core.md`, section 12, derives from the tag's time constant. */
export function periodsOf(tauTag: number): { tag: number; modulated: number } {
  let tag = 1;
  while (-Math.expm1((-2 * tag) / tauTag) <= 1 / 16) tag *= 2;
  return { tag, modulated: 2 ** Math.min(6, Math.max(0, Math.floor(Math.log2(tauTag / 32)))) };
}

/**
 * Synapses that learn from a late reward, in real arithmetic, with tag and weight brought to a format where the core
 * does so: after each increment and each sweep. The caller tells which sources and neurons spike, in the order of a
 * tick: `arrive` for all, then `fire` for all, then `endTick`.
 */
export class RewardSynapses {
  readonly weights: PlasticWeights;
  /** Tags, in steps of the format. */
  readonly tags: Float64Array;
  /** Steps of a tag of 1; without a format 1. */
  readonly tagPerUnit: number;
  readonly rounder: Rounder;
  tick = 0;
  modulator = 0;
  baseline = 0;
  /** Tags that met the end of their range. */
  saturated = 0;
  readonly #rule: RewardRule;
  readonly #wiring: Wiring;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #xDecay: number;
  readonly #yDecay: number;
  readonly #keep: number;
  readonly #tagPeriod: number;
  readonly #period: number;
  readonly #modulatorDecay: number;
  /** Traces and modulators below it are 0: the core reads them as multiples of 2^-12. */
  readonly #nothing: number;
  /** Running sums of the modulator at the ends of the last ticks: the sum at the end of tick t at t & 127. */
  readonly #sums = new Float64Array(128);
  #sum = 0;
  /** Sources by phase of their sweeps. */
  readonly #modulatedRows: number[][];
  readonly #tagRows: number[][];
  /** Synapses onto neuron j, as (source, synapse) pairs. */
  readonly #onto: Int32Array[];

  constructor(rule: RewardRule, wiring: Wiring, initial: Float64Array, format: Format, seed: number) {
    this.#rule = rule;
    this.#wiring = wiring;
    this.weights = new PlasticWeights(initial, rule.weights, format, seed * 2 + 1);
    this.rounder = new Rounder(format.tag, format.rounding, seed * 2 + 2);
    this.#nothing = this.rounder.exact ? 2 ** -40 : 2 ** -12;
    const range = rule.tagRange ?? 32 * Math.max(rule.aPlus, rule.aMinus);
    this.tagPerUnit = format.tag === null ? 1 : 2 ** (format.tag - 1 - Math.ceil(Math.log2(range)));
    this.tags = new Float64Array(initial.length);
    this.#x = new Float64Array(wiring.sources);
    this.#y = new Float64Array(wiring.neurons);
    this.#xDecay = Math.exp(-1 / rule.tauPlus);
    this.#yDecay = Math.exp(-1 / rule.tauMinus);
    const periods = periodsOf(rule.tauTag);
    this.#tagPeriod = periods.tag;
    this.#period = periods.modulated;
    this.#keep = Math.exp(-periods.tag / rule.tauTag);
    this.#modulatorDecay = Math.exp(-1 / rule.tauModulator);
    const sources = Array.from({ length: wiring.sources }, (_, i) => i);
    const byPhase = (period: number) => {
      const rows: number[][] = Array.from({ length: period }, () => []);
      for (const i of sources) rows[(period - (wiring.unitOf(i) % period)) % period]!.push(i);
      return rows;
    };
    this.#modulatedRows = byPhase(this.#period);
    this.#tagRows = byPhase(this.#tagPeriod);
    const onto: number[][] = Array.from({ length: wiring.neurons }, () => []);
    for (const i of sources)
      for (let s = wiring.starts[i]!; s < wiring.starts[i + 1]!; s++) onto[wiring.targets[s]!]!.push(i, s);
    this.#onto = onto.map((pairs) => Int32Array.from(pairs));
  }

  /** A spike of source i arrives: adds its weights to `drive`, by neuron; the pre-events. */
  arrive(i: number, drive: Float64Array): void {
    const { starts, targets } = this.#wiring;
    const { acting } = this.weights;
    const scale = -this.#rule.aMinus * this.tagPerUnit;
    for (let s = starts[i]!; s < starts[i + 1]!; s++) {
      const j = targets[s]!;
      drive[j]! += acting[s]!;
      const y = this.#y[j]!;
      if (y !== 0) this.#mark(s, scale * y);
    }
    this.#x[i] = this.#rule.nearest ? 1 : this.#x[i]! + 1;
  }

  /** Neuron j spikes: the post-events. */
  fire(j: number): void {
    const onto = this.#onto[j]!;
    const scale = this.#rule.aPlus * this.tagPerUnit;
    for (let n = 0; n < onto.length; n += 2) {
      const x = this.#x[onto[n]!]!;
      if (x !== 0) this.#mark(onto[n + 1]!, scale * x);
    }
    this.#y[j] = this.#rule.nearest ? 1 : this.#y[j]! + 1;
  }

  /** Sweeps whose turn it is, decays, and the reward of this tick, if there is one. */
  endTick(reward: number | null = null): void {
    const now = this.tick;
    if (this.#sum !== this.#sumBefore(now)) this.#learn(now);
    const { starts } = this.#wiring;
    const keep = this.#keep;
    for (const i of this.#tagRows[now % this.#tagPeriod]!)
      for (let s = starts[i]!; s < starts[i + 1]!; s++) {
        const tag = this.tags[s]!;
        if (tag !== 0) this.tags[s] = this.rounder.decayed(tag * keep);
      }
    this.#decayTraces(this.#x, this.#xDecay);
    this.#decayTraces(this.#y, this.#yDecay);
    this.#moveModulator(reward);
    this.#sums[now & 127] = this.#sum;
    this.tick = now + 1;
  }

  /** Sum of the modulator at the end of tick now − 1 − period. */
  #sumBefore(now: number): number {
    return this.#sums[(now - 1 - this.#period) & 127]!;
  }

  #learn(now: number): void {
    const { starts } = this.#wiring;
    const gain = this.#rule.rate * (this.#sum - this.#sumBefore(now)) * (1 / this.tagPerUnit);
    for (const i of this.#modulatedRows[now % this.#period]!)
      for (let s = starts[i]!; s < starts[i + 1]!; s++) {
        const tag = this.tags[s]!;
        if (tag !== 0) this.weights.add(s, gain * tag);
      }
  }

  #moveModulator(reward: number | null): void {
    this.modulator *= this.#modulatorDecay;
    // A modulator of the core reaches zero; one of float64 would keep the sweeps busy for ever.
    if (Math.abs(this.modulator) < this.#nothing) this.modulator = 0;
    if (reward !== null) {
      const error = reward - this.baseline;
      this.modulator += error;
      if (this.#rule.baselineEvents !== null) this.baseline += error / this.#rule.baselineEvents;
    }
    this.#sum += this.modulator;
  }

  #mark(s: number, steps: number): void {
    const tag = this.tags[s]! + this.rounder.increment(steps);
    const held = this.rounder.saturate(tag);
    if (held !== tag) this.saturated++;
    this.tags[s] = held;
  }

  #decayTraces(traces: Float64Array, factor: number): void {
    for (let n = 0; n < traces.length; n++) {
      const trace = traces[n]!;
      if (trace !== 0) traces[n] = trace < this.#nothing ? 0 : trace * factor;
    }
  }
}
