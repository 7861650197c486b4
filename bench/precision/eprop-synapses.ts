import type { Format } from './format.js';
import { periodsOf } from './reward-synapses.js';
import { Rounder } from './rounder.js';
import { PlasticWeights, type WeightRange } from './weights.js';

export interface EpropRule {
  readonly neurons: number;
  readonly sources: number;
  /** Neurons from this one on are adaptive. */
  readonly adaptive: number;
  /** Rise of the threshold by a unit of adaptation. */
  readonly beta: number;
  /** Time constant of the pre-traces in ticks: that of the membrane. */
  readonly tauPre: number;
  /** Time constants in ticks: of the tag (that of the readout) and of the slow tag (that of the adaptation). */
  readonly tauTag: number;
  readonly tauSlow: number;
  /** Largest tag and slow tag held; powers of two. */
  readonly tagRange: number;
  readonly slowRange: number;
  readonly rate: number;
  /** Ticks between two changes of a weight, a power of two; each takes the learning signals since the last. */
  readonly period: number;
  /** Sources before the neurons themselves: input lines. */
  readonly lines: number;
  readonly weights: WeightRange;
}

/**
 * E-prop with tags (Bellec et al. 2020), in the core's shape: on a near-event, with ψ the pseudo-derivative,
 *   e = ψ·x1 − ψ·β·t2,  t += e,  t2 += e (adaptive neurons),
 * each product rounded for itself; t decays every tick, t2 in sweeps; dw = −rate·l·t. So t is the eligibility filtered
 * like the readout, and t2 is ε_a: ε_a ← ρ ε_a + ψ (x − β ε_a).
 * Synapse (source i, neuron j) is at `j · sources + i`.
 */
export class EpropSynapses {
  readonly weights: PlasticWeights;
  /** Pre-traces of the sources, with the membrane's time constant. */
  readonly pre: Float64Array;
  readonly tags: Float64Array;
  readonly slow: Float64Array;
  readonly tagPerUnit: number;
  readonly slowPerUnit: number;
  readonly rounder: Rounder;
  readonly #rule: EpropRule;
  /** Traces below it are 0: the core reads them as multiples of 2^-12. */
  readonly #nothing: number;
  readonly #preDecay: number;
  readonly #keep: number;
  readonly #slowKeep: number;
  readonly #slowPeriod: number;
  readonly #ring: Float64Array;
  readonly #window: Float64Array;
  #tick = 0;

  constructor(rule: EpropRule, initial: Float64Array, format: Format, seed: number) {
    this.#rule = rule;
    this.weights = new PlasticWeights(initial, rule.weights, format, seed * 3 + 1);
    this.rounder = new Rounder(format.tag, format.rounding, seed * 3 + 2);
    this.pre = new Float64Array(rule.sources);
    this.tags = new Float64Array(initial.length);
    this.slow = new Float64Array(initial.length);
    this.tagPerUnit = format.tag === null ? 1 : 2 ** (format.tag - 1) / rule.tagRange;
    this.slowPerUnit = format.tag === null ? 1 : 2 ** (format.tag - 1) / rule.slowRange;
    this.#ring = new Float64Array(rule.period * rule.neurons);
    this.#window = new Float64Array(rule.neurons);
    this.#nothing = this.rounder.exact ? 2 ** -40 : 2 ** -12;
    this.#preDecay = Math.exp(-1 / rule.tauPre);
    this.#keep = Math.exp(-1 / rule.tauTag);
    this.#slowPeriod = periodsOf(rule.tauSlow).tag;
    this.#slowKeep = Math.exp(-this.#slowPeriod / rule.tauSlow);
  }

  clear(): void {
    this.pre.fill(0);
    this.tags.fill(0);
    this.slow.fill(0);
    this.#ring.fill(0);
    this.#window.fill(0);
    this.#tick = 0;
  }

  /** The near-events of a tick: `psi` by neuron. Tags and slow tags can be left out while nothing reads them. */
  near(psi: Float64Array, withTags: boolean, withSlow: boolean): void {
    const { adaptive, neurons } = this.#rule;
    for (let j = withTags ? 0 : adaptive; j < neurons; j++) {
      const p = psi[j]!;
      if (p === 0) continue;
      if (j < adaptive) this.#nearPlain(j, p);
      else if (withSlow) this.#nearAdaptive(j, p, withTags);
    }
  }

  #nearPlain(j: number, psi: number): void {
    const { sources } = this.#rule;
    const { pre, tags } = this;
    const rounder = this.rounder;
    const scale = psi * this.tagPerUnit;
    for (let i = 0, s = j * sources; i < sources; i++, s++) {
      const x = pre[i]!;
      if (x !== 0) tags[s] = rounder.saturate(tags[s]! + rounder.increment(scale * x));
    }
  }

  #nearAdaptive(j: number, psi: number, withTags: boolean): void {
    const { sources, beta } = this.#rule;
    const { pre, slow, tags } = this;
    const rounder = this.rounder;
    const up = psi * this.slowPerUnit;
    const down = -psi * beta;
    const both = this.tagPerUnit / this.slowPerUnit;
    for (let i = 0, s = j * sources; i < sources; i++, s++) {
      const x = pre[i]!;
      const old = slow[s]!;
      if (x === 0 && old === 0) continue;
      const gain = rounder.increment(up * x);
      const loss = rounder.increment(down * old);
      slow[s] = rounder.saturate(old + gain + loss);
      if (withTags)
        tags[s] = rounder.saturate(
          tags[s]! + rounder.increment(up * both * x) + rounder.increment(down * both * old),
        );
    }
  }

  /** Sums the learning signals of this tick, and changes the weights of the rows whose turn it is. */
  learn(signal: Float64Array, tick: number): void {
    const { neurons, sources, rate, period } = this.#rule;
    const { tags, weights } = this;
    const mask = period - 1;
    const now = (tick & mask) * neurons;
    for (let j = 0; j < neurons; j++) {
      // The last `period` signals, by a ring of as many.
      this.#window[j] = this.#window[j]! + signal[j]! - this.#ring[now + j]!;
      this.#ring[now + j] = signal[j]!;
    }
    for (let i = (period - (tick & mask)) & mask; i < sources; i += period)
      for (let j = 0, s = i; j < neurons; j++, s += sources) {
        const tag = tags[s]!;
        if (tag !== 0 && i !== this.#rule.lines + j)
          weights.add(s, ((-rate * this.#window[j]!) / this.tagPerUnit) * tag);
      }
  }

  /** Decays and sweeps. */
  endTick(withTags: boolean): void {
    const { pre, slow, tags } = this;
    const rounder = this.rounder;
    if (withTags)
      for (let s = 0; s < tags.length; s++) {
        const tag = tags[s]!;
        if (tag !== 0) tags[s] = rounder.decayed(tag * this.#keep);
      }
    const { adaptive, neurons, sources } = this.#rule;
    const period = this.#slowPeriod;
    for (let i = (period - (this.#tick % period)) % period; i < sources; i += period)
      for (let j = adaptive, s = adaptive * sources + i; j < neurons; j++, s += sources) {
        const tag = slow[s]!;
        if (tag !== 0) slow[s] = rounder.decayed(tag * this.#slowKeep);
      }
    this.#tick++;
    for (let i = 0; i < pre.length; i++) {
      const x = pre[i]!;
      if (x !== 0) pre[i] = x < this.#nothing ? 0 : x * this.#preDecay;
    }
  }
}
