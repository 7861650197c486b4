import { EngramError } from '../../../errors/engram-error.js';
import type { TermRecord } from '../../../image/image.js';
import { eventCodes, factorCodes, noFactor, targetCodes } from '../../../image/layout.js';
import { type Factor, isModulated, type Rule, type Term } from '../../../learning/rule.js';

/** What turns a rule's real numbers into the integers of one projection. */
export interface RuleScales {
  /** One unit of W is 2^weightExponent (membrane units). */
  readonly weightExponent: number;
  /** One unit of T is 2^tagExponent. */
  readonly tagExponent: number;
  /** One unit of T2 is 2^tag2Exponent. */
  readonly tag2Exponent: number;
  /** One unit of h is 2^windowExponent. */
  readonly windowExponent: number;
  /** Ticks between two rated sweeps, and between two modulated sweeps. */
  readonly ratedPeriod: number;
  readonly sweepPeriod: number;
  readonly tickMilliseconds: number;
  /** Slot on the core of the rule's y traces (y1 of the rule may be y2 of the neuron). */
  readonly ySlots: ReadonlyMap<string, 'y1' | 'y2' | 'y3'>;
  /** Channel of each modulator the rule names; its own is `m`. */
  readonly modulators: ReadonlyMap<string, number>;
}

export interface QuantizedRule {
  readonly terms: readonly TermRecord[];
  /** Relative error of each coefficient. */
  readonly errors: readonly number[];
}

/** Exponent of the value of one unit of a trace, modulator, learning signal or the factor one. */
const factorExponent = -12;
const threeFactorShift = 12;

/** Turns each term into mantissa and shifts (`docs/core.md`, section 6). Throws E0403 for a coefficient out of reach. */
export function quantizeRule(rule: Rule, scales: RuleScales, projection: string): QuantizedRule {
  if (rule.terms.length > 16)
    throw new EngramError('E0401', `rule '${rule.name}' has ${rule.terms.length} terms; the core holds 16`, {
      fix: ['write it with fewer terms'],
    });
  const results = rule.terms.map((term) => quantizeTerm(term, rule, scales, projection));
  return { terms: results.map(({ record }) => record), errors: results.map(({ error }) => error) };
}

function quantizeTerm(
  term: Term,
  rule: Rule,
  scales: RuleScales,
  projection: string,
): { record: TermRecord; error: number } {
  const [factor1, factor2, factor3] = term.factors;
  const codes = [factor1, factor2, factor3].map((factor) =>
    factor ? factorCode(factor, scales) : undefined,
  );
  const exponents = [factor1, factor2].map((factor) => exponentOf(factor, scales));
  let exponent = exponents[0]! + exponents[1]! - exponentOf({ name: term.target }, scales);
  if (factor3) exponent += exponentOf(factor3, scales) + threeFactorShift;
  const wanted = term.coefficient * sweepTicks(term, scales) * 2 ** exponent;
  const fit = fitMantissa(wanted * 2 ** 7);
  if (fit === 'large' || fit === 'small') throw outOfReach(term, rule, projection, fit);
  return {
    record: {
      target: targetCodes[term.target],
      event: eventCodes[term.event],
      factor1: codes[0] ?? factorCodes.one,
      factor2: codes[1] ?? factorCodes.one,
      factor3: codes[2] ?? noFactor,
      mantissa: fit.mantissa,
      preShift: factor3 ? threeFactorShift : 0,
      shift: fit.shift,
    },
    error: wanted === 0 ? 0 : Math.abs((fit.mantissa * 2 ** -fit.shift) / (wanted * 2 ** 7) - 1),
  };
}

/** Rates of sweep terms are per millisecond; a sweep stands for all ticks since the last. */
function sweepTicks(term: Term, scales: RuleScales): number {
  if (term.event !== 'sweep') return 1;
  return scales.tickMilliseconds * (isModulated(term) ? scales.sweepPeriod : scales.ratedPeriod);
}

/** value = mantissa · 2^-shift with 64 <= |mantissa| <= 127 and shift 0 … 30. */
function fitMantissa(value: number): { mantissa: number; shift: number } | 'large' | 'small' {
  if (value === 0) return { mantissa: 0, shift: 0 };
  const magnitude = Math.abs(value);
  let shift = 6 - Math.floor(Math.log2(magnitude));
  if (Math.round(magnitude * 2 ** shift) > 127) shift--;
  if (shift < 0 && magnitude <= 127.5) shift = 0;
  if (shift < 0) return 'large';
  if (shift > 30) shift = 30;
  const mantissa = Math.min(127, Math.round(magnitude * 2 ** shift));
  return mantissa === 0 ? 'small' : { mantissa: Math.sign(value) * mantissa, shift };
}

function factorCode(factor: Factor, scales: RuleScales): number {
  if (factor.name === 'm') {
    const channel = scales.modulators.get(factor.modulator ?? 'm');
    if (channel === undefined) throw new Error(`modulator ${factor.modulator ?? 'm'} was not resolved`);
    return factorCodes.modulator + channel;
  }
  const slot = scales.ySlots.get(factor.name) ?? factor.name;
  return factorCodes[slot as keyof typeof factorCodes];
}

function exponentOf(factor: Factor | undefined, scales: RuleScales): number {
  if (factor?.name === 't') return scales.tagExponent;
  if (factor?.name === 't2') return scales.tag2Exponent;
  if (factor?.name === 'w') return scales.weightExponent;
  if (factor?.name === 'h') return scales.windowExponent;
  return factorExponent;
}

function outOfReach(term: Term, rule: Rule, projection: string, which: 'large' | 'small'): EngramError {
  const large = which === 'large';
  return new EngramError(
    'E0403',
    `rule '${rule.name}' on projection '${projection}': the coefficient ${term.coefficient} of term ${term.column} ` +
      `(d${term.target}) is too ${which} for the core's microcode`,
    {
      facts: [['rule', rule.source]],
      fix: large
        ? ['make the coefficient smaller, or widen weightRange or the range of the tag']
        : ['make the coefficient larger, or narrow weightRange or the range of the tag'],
    },
  );
}
