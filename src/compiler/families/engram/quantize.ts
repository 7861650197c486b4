import type { TermRecord } from '../../../image/image.js';
import type { ResolvedModulator, ResolvedPopulation, ResolvedProjection } from '../../../network/resolved.js';
import type { ElaboratedNetwork, ElaboratedProjection } from '../../passes.js';
import { noDecay, stateDecay, sweepPeriod, tagDecay } from './decay.js';
import { quantizeRule } from './microcode.js';
import { assignPostTraces, type PostTraces, quantizeTrace, usedTraces } from './post-traces.js';
import type {
  QuantizedModulator,
  QuantizedNetwork,
  QuantizedPlasticity,
  QuantizedPopulation,
  QuantizedProjection,
} from './quantized.js';
import { chooseScales, type Scales } from './scales.js';
import { plasticWeights, staticWeights } from './weights.js';

const stateMax = 2 ** 23 - 1;

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
  const quantized = projections.map((projection) => {
    const target = projection.projection.to.population;
    const result = quantizeProjection(
      projection,
      scales,
      postTraces[target]!,
      rules,
      network.tickMilliseconds,
    );
    warnings.push(...doubts(projection, result));
    return result;
  });
  return {
    ...elaborated,
    populations: network.populations.map((population, n) =>
      quantizePopulation(population, elaborated, scales.population[n]!, postTraces[n]!),
    ),
    quantized,
    rules: rules.entries,
    modulators: network.modulators.map(quantizeModulator),
    warnings,
  };
}

function quantizePopulation(
  population: ResolvedPopulation,
  { bias, initial }: ElaboratedNetwork,
  exponent: number,
  { traces }: PostTraces,
): QuantizedPopulation {
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
    traces,
  };
}

function quantizeProjection(
  elaborated: ElaboratedProjection,
  scales: Scales,
  postTraces: PostTraces,
  rules: RuleTable,
  tickMilliseconds: number,
): QuantizedProjection {
  const { projection } = elaborated;
  const exponent = scales.projection[projection.index]!;
  const shift = exponent + scales.population[projection.to.population]!;
  if (projection.plasticity === null)
    return { exponent, shift, plasticity: null, ...staticWeights(elaborated, exponent) };
  const plasticity = quantizePlasticity(projection, exponent, postTraces, rules, tickMilliseconds);
  const { weights, errors } = plasticWeights(elaborated, exponent, plasticity.wMin, plasticity.wMax);
  return { exponent, shift, weights, plasticity, errors };
}

function quantizePlasticity(
  projection: ResolvedProjection,
  exponent: number,
  postTraces: PostTraces,
  rules: RuleTable,
  tickMilliseconds: number,
): QuantizedPlasticity {
  const { rule, modulators, weightMin, weightMax } = projection.plasticity!;
  const tag = rule.tag === null ? noDecay : tagDecay(rule.tag.tau);
  const period = rule.tag === null ? 4 : sweepPeriod(rule.tag.tau);
  const tagExponent = rule.tag === null ? null : Math.ceil(Math.log2(tagRange(projection) / 32768));
  const { terms, errors } = quantizeRule(
    rule,
    {
      weightExponent: exponent - 8,
      tagExponent: tagExponent ?? 0,
      tagPeriod: 2 ** tag.cadence,
      sweepPeriod: 2 ** period,
      tickMilliseconds,
      ySlots: postTraces.slotsOf.get(projection) ?? new Map(),
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
    sweepPeriod: period,
    wMin: fine(weightMin),
    wMax: fine(weightMax),
    hasPostTerms: rule.terms.some((term) => term.event === 'post'),
    traces: [trace('x1'), trace('x2')],
    coefficientError: Math.max(0, ...errors),
  };
}

/** Largest tag to be held: as the rule says, else 32 times what one event at unit traces adds. */
function tagRange(projection: ResolvedProjection): number {
  const { rule } = projection.plasticity!;
  if (rule.tag?.range) return rule.tag.range;
  const impulse = (name: string) => rule.traces.get(name as 'x1')?.impulse ?? 1;
  const steps = rule.terms
    .filter((term) => term.target === 't' && term.event !== 'sweep')
    .map((term) =>
      term.factors.reduce((product, { name }) => product * impulse(name), Math.abs(term.coefficient)),
    );
  return 32 * Math.max(2 ** -10, ...steps);
}

function quantizeModulator({ tau, baselineEvents }: ResolvedModulator): QuantizedModulator {
  return {
    decay: stateDecay(tau),
    gain: baselineEvents === null ? null : Math.max(1, Math.min(65536, Math.round(65536 / baselineEvents))),
  };
}

/** What is legal and yet surely not meant. */
function doubts(
  { projection, weights }: ElaboratedProjection,
  { weights: stored, shift }: QuantizedProjection,
): string[] {
  const nonZero = weights.some((weight) => weight !== 0);
  if (nonZero && projection.plasticity === null && stored.every((weight) => weight === 0))
    return [
      `projection '${projection.name}': all of its weights are too small beside the threshold and became 0`,
    ];
  if (
    shift === 0 &&
    nonZero &&
    projection.plasticity === null &&
    Math.max(...stored.subarray(0, 4096).map(Math.abs)) < 8
  )
    return [
      `projection '${projection.name}': its weights keep fewer than 3 bits beside the threshold of its target`,
    ];
  return [];
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
