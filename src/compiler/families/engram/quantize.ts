import { EngramError } from '../../../errors/engram-error.js';
import type { TermRecord } from '../../../image/image.js';
import { isModulated, type Rule, type TagName, type TagSpec } from '../../../learning/rule.js';
import type {
  ResolvedModulator,
  ResolvedNetwork,
  ResolvedPopulation,
  ResolvedProjection,
} from '../../../network/resolved.js';
import type { ElaboratedNetwork, ElaboratedProjection } from '../../passes.js';
import { type Decay, noDecay, stateDecay, tagDecay } from './decay.js';
import { quantizeRule } from './microcode.js';
import { assignPostTraces, type PostTraces, quantizeTrace, usedTraces } from './post-traces.js';
import type {
  QuantizedModulator,
  QuantizedNetwork,
  QuantizedPlasticity,
  QuantizedPopulation,
  QuantizedProjection,
  QuantizedWindow,
} from './quantized.js';
import { chooseScales, type Scales } from './scales.js';
import { modulatedPeriod, quantizeSignal, signalPeriod } from './signals.js';
import { largestOf, plasticWeights, staticWeights } from './weights.js';
import { quantizeWindow } from './window.js';

const stateMax = 2 ** 23 - 1;
/** Errors are in 2^-20, as modulators are. */
const errorUnit = 20;

/**
 * Pass 2: real numbers become the core's integers. Before `partition`, because the scale of a population follows
 * from all of its inputs, wherever they will stand; so one core and many hold the same integers.
 */
export function quantize(elaborated: ElaboratedNetwork): QuantizedNetwork {
  const { network, projections } = elaborated;
  const scales = chooseScales(elaborated);
  const postTraces = network.populations.map((_, population) => assignPostTraces(network, population));
  const rules = new RuleTable();
  const warnings: string[] = [];
  const populations = network.populations.map((population, n) =>
    quantizePopulation(population, elaborated, scales, postTraces[n]!),
  );
  const period = signalPeriod(network);
  const quantized = projections.map((projection) => {
    const { population } = projection.projection.to;
    const target: Target = {
      postTraces: postTraces[population]!,
      window: populations[population]!.window,
      signalPeriod: period,
      tickMilliseconds: network.tickMilliseconds,
    };
    const result = quantizeProjection(projection, scales, target, rules);
    warnings.push(...doubts(projection, result));
    return result;
  });
  return {
    network,
    projections: projections.map(({ weights: _, ...connections }) => connections),
    populations,
    quantized,
    rules: rules.entries,
    modulators: network.modulators.map((modulator) => quantizeModulator(modulator, network, scales)),
    signalPeriod: period,
    warnings,
  };
}

/** What a rule finds at the neurons it works on, and the time it works in. */
interface Target {
  readonly postTraces: PostTraces;
  readonly window: QuantizedWindow | null;
  readonly signalPeriod: number;
  readonly tickMilliseconds: number;
}

function quantizePopulation(
  population: ResolvedPopulation,
  { network, bias, initial }: ElaboratedNetwork,
  scales: Scales,
  { traces }: PostTraces,
): QuantizedPopulation {
  const exponent = scales.population[population.index]!;
  const unit = 2 ** exponent;
  const state = (value: number) => Math.max(-stateMax, Math.min(stateMax, Math.round(value * unit))) + 0;
  const states = (value: number | Float32Array) =>
    typeof value === 'number' ? state(value) : Int32Array.from(value, state);
  const { reset, threshold } = population;
  return {
    exponent,
    v: stateDecay(population.tauMembrane),
    i: population.tauSynapse === null ? null : stateDecay(population.tauSynapse),
    threshold: Number.isFinite(threshold) ? Math.max(1, state(threshold)) : stateMax,
    adaptation: population.adaptation && {
      ...stateDecay(population.adaptation.tau),
      impulse: state(population.adaptation.step),
    },
    resetValue: reset.mode === 'hard' ? state(reset.value) : 0,
    noise: state(population.noise),
    bias: states(bias[population.index]!),
    initial: states(initial[population.index]!),
    window: quantizeWindow(population, exponent),
    signal: quantizeSignal(network, population.index, scales.projection),
    traces,
  };
}

function quantizeProjection(
  elaborated: ElaboratedProjection,
  scales: Scales,
  target: Target,
  rules: RuleTable,
): QuantizedProjection {
  const { projection } = elaborated;
  const exponent = scales.projection[projection.index]!;
  const shift = projection.silent ? 0 : exponent + scales.population[projection.to.population]!;
  if (projection.plasticity === null)
    return { exponent, shift, plasticity: null, ...staticWeights(elaborated, exponent) };
  const plasticity = quantizePlasticity(projection, exponent, target, rules);
  const { weights, errors } = plasticWeights(elaborated, exponent, plasticity.wMin, plasticity.wMax);
  return { exponent, shift, weights, plasticity, errors };
}

function quantizePlasticity(
  projection: ResolvedProjection,
  exponent: number,
  target: Target,
  rules: RuleTable,
): QuantizedPlasticity {
  const { rule, modulators, weightMin, weightMax } = projection.plasticity!;
  const readsSignal = rule.terms.some(
    (term) => isModulated(term) && term.factors.some(({ name }) => name === 'l'),
  );
  const tag = rule.tag === null ? noDecay : tagDecay(rule.tag.tau);
  const tag2 = rule.tag2 === null ? noDecay : tagDecay(rule.tag2.tau);
  const tagExponent = tagExponentOf(rule, 't', target.window);
  const tag2Exponent = tagExponentOf(rule, 't2', target.window);
  const period = readsSignal ? target.signalPeriod : modulatedPeriod(rule);
  const rated = ratedPeriod(rule, tag);
  const { terms, errors } = quantizeRule(
    rule,
    {
      weightExponent: exponent - 8,
      tagExponent: tagExponent ?? 0,
      tag2Exponent: tag2Exponent ?? 0,
      windowExponent: target.window?.exponent ?? 0,
      ratedPeriod: 2 ** rated,
      sweepPeriod: 2 ** period,
      tickMilliseconds: target.tickMilliseconds,
      ySlots: target.postTraces.slotsOf.get(projection) ?? new Map(),
      modulators,
    },
    projection.name,
  );
  const used = usedTraces(projection, ['x1', 'x2']);
  const trace = (name: 'x1' | 'x2') => (used.includes(name) ? quantizeTrace(rule.traces.get(name)!) : null);
  const fine = (weight: number) =>
    Math.max(-32767, Math.min(32767, Math.round(weight * 2 ** (8 - exponent)))) + 0;
  return {
    rule: rules.add(terms),
    tagExponent,
    tag,
    tag2Exponent,
    tag2,
    sweepPeriod: period,
    ratedPeriod: rated,
    wMin: fine(weightMin),
    wMax: fine(weightMax),
    needsColumns: rule.terms.some(({ event }) => event === 'post' || event === 'near'),
    traces: [trace('x1'), trace('x2')],
    coefficientError: Math.max(0, ...errors),
  };
}

/**
 * Period, as a power of two, of the sweeps of unmodulated products: as the rule asks, else the tag's; without a tag 64
 * ticks, or a quarter of the shortest trace they read.
 */
function ratedPeriod(rule: Rule, tag: Decay): number {
  if (rule.sweep !== null) return Math.min(31, Math.floor(Math.log2(rule.sweep)));
  if (rule.tag !== null) return tag.cadence;
  const taus = rule.terms
    .filter((term) => term.event === 'sweep' && !isModulated(term))
    .flatMap(({ factors }) => factors.flatMap(({ name }) => rule.traces.get(name as 'x1')?.tau ?? []));
  return Math.max(0, Math.floor(Math.log2(Math.min(64, ...taus.map((tau) => tau / 4)))));
}

function tagExponentOf(rule: Rule, name: TagName, window: QuantizedWindow | null): number | null {
  const tag = name === 't' ? rule.tag : rule.tag2;
  if (tag === null) return null;
  return Math.ceil(Math.log2((tag.range ?? tagRange(rule, name, tag, window)) / 32768));
}

/** Largest run of near-events that a tag is made to hold at unit traces. */
const longestRun = 256;

/**
 * Largest tag to be held, where the rule does not say: 32 times what one event at unit traces adds; what near-events
 * add, for as many ticks as the tag lasts, since they follow each other tick by tick.
 */
function tagRange(rule: Rule, target: TagName, tag: TagSpec, window: QuantizedWindow | null): number {
  const slope = window === null ? 1 : window.peak * 2 ** window.exponent;
  const size = (name: string) => (name === 'h' ? slope : (rule.traces.get(name as 'x1')?.impulse ?? 1));
  const steps = rule.terms
    .filter((term) => term.target === target && term.event !== 'sweep')
    .map(({ event, factors, coefficient }) => {
      const events = event === 'near' ? Math.min(longestRun, Math.max(32, tag.tau)) : 32;
      return factors.reduce((product, { name }) => product * size(name), events * Math.abs(coefficient));
    });
  return Math.max(2 ** -5, ...steps);
}

function quantizeModulator(
  { name, tau, baselineEvents, error }: ResolvedModulator,
  { populations }: ResolvedNetwork,
  scales: Scales,
): QuantizedModulator {
  const errorShift = error && errorUnit - scales.population[error.population]!;
  if (errorShift !== null && (errorShift < -23 || errorShift > 7))
    throw new EngramError(
      'E0403',
      `modulator '${name}': the membrane of '${populations[error!.population]!.name}' has steps of ` +
        `2^${-scales.population[error!.population]!}; an error needs steps of 2^-43 to 2^-13`,
      {
        fix: [`make the weights onto '${populations[error!.population]!.name}' smaller, or its inputs fewer`],
      },
    );
  return {
    decay: stateDecay(tau),
    gain: baselineEvents === null ? null : Math.max(1, Math.min(65536, Math.round(65536 / baselineEvents))),
    errorShift,
  };
}

/** What is legal and yet surely not meant. */
function doubts(
  { projection, synapses, weights }: ElaboratedProjection,
  { weights: stored, shift }: QuantizedProjection,
): string[] {
  if (projection.silent || projection.plasticity !== null || synapses === 0 || !anyNonZero(weights))
    return [];
  if (!anyNonZero(stored))
    return [
      `projection '${projection.name}': all of its weights are too small beside the threshold and became 0`,
    ];
  if (shift === 0 && largestOf(typeof stored === 'number' ? stored : stored.subarray(0, 4096)) < 8)
    return [
      `projection '${projection.name}': its weights keep fewer than 3 bits beside the threshold of its target`,
    ];
  return [];
}

function anyNonZero(values: ArrayLike<number> | number): boolean {
  if (typeof values === 'number') return values !== 0;
  for (let n = 0; n < values.length; n++) if (values[n] !== 0) return true;
  return false;
}

/** Microcode of all rules, each different one once. */
class RuleTable {
  readonly entries: (readonly TermRecord[])[] = [];
  readonly #known = new Map<string, number>();

  add(terms: readonly TermRecord[]): number {
    const key = JSON.stringify(terms);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.entries.length);
    return this.entries.push(terms) - 1;
  }
}
