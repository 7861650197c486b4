import { EngramError } from '../../../errors/engram-error.js';
import { isModulated, type Rule } from '../../../learning/rule.js';
import { errorChannel, feedbackOf, type ResolvedNetwork } from '../../../network/resolved.js';
import { sweepPeriod } from './decay.js';
import type { QuantizedSignal } from './quantized.js';

/** Largest shift of the sum of a learning signal. */
const mostShift = 30;

/**
 * Learning signal of a population: l = Σ weight · error of its feedback projection, and its own error, in 2^-12. Throws
 * E0403 where the weights are too large or too small for that unit.
 */
export function quantizeSignal(
  network: ResolvedNetwork,
  population: number,
  weightExponents: readonly number[],
): QuantizedSignal | null {
  const channel = errorChannel(network, population);
  const feedback = feedbackOf(network, population);
  if (!feedback) return channel === null ? null : { channel, shift: 0 };
  const shift = -weightExponents[feedback.index]!;
  if (shift >= 0 && shift <= mostShift) return { channel, shift };
  throw new EngramError(
    'E0403',
    `projection '${feedback.name}' brings errors back, but its weights are too ${shift < 0 ? 'large' : 'small'}: ` +
      'a learning signal is in steps of 2^-12, from -8 to 8',
    {
      fix: [
        shift < 0
          ? 'keep its weights and its weightRange below 127'
          : 'make its weights larger, and the rate of the rule smaller',
      ],
    },
  );
}

/**
 * Period, as a power of two, over which learning signals are means: the shortest of the sweeps that read one, and one
 * tick where an event reads one.
 */
export function signalPeriod({ projections }: ResolvedNetwork): number {
  const periods = projections.flatMap(({ plasticity }) => {
    const reading =
      plasticity?.rule.terms.filter(({ factors }) => factors.some(({ name }) => name === 'l')) ?? [];
    if (reading.length === 0) return [];
    return reading.every(isModulated) ? [modulatedPeriod(plasticity!.rule)] : [0];
  });
  return periods.length === 0 ? 0 : Math.min(...periods);
}

/**
 * Period, as a power of two, of the modulated sweeps of a rule by itself: as it asks, else a thirty-second of its tag's time constant,
 * or, without a tag, of the shortest trace they read beside a learning signal; else 16 ticks.
 */
export function modulatedPeriod(rule: Rule): number {
  if (rule.averaging !== null) return Math.min(6, Math.floor(Math.log2(rule.averaging)));
  if (rule.tag !== null) return sweepPeriod(rule.tag.tau);
  const factors = rule.terms.filter(isModulated).flatMap((term) => term.factors.map(({ name }) => name));
  if (!factors.includes('l')) return 4;
  const taus = factors.flatMap((name) => rule.traces.get(name as 'x1')?.tau ?? []);
  return taus.length === 0 ? 4 : sweepPeriod(Math.min(...taus));
}
