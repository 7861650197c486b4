import type { Context } from './context.js';
import { limits } from './defaults.js';
import type { DelaysDescription, ValuesDescription } from './description.js';
import { type Path, show } from './problems.js';
import type { DelaySpec, ValueSpec } from './resolved.js';

/** How many values are wanted: a number, or null where it is left to chance. */
export type Wanted = number | null;

interface Bounds {
  readonly low: number;
  readonly high: number;
}
const unbounded: Bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
/** Of a long list that is wrong all over, so many places are named. */
const mostNamed = 5;

/** Values as the compiler takes them. `range`: what each must keep to, and what unbounded distributions are cut to. */
export function resolveValues(
  context: Context,
  path: Path,
  description: ValuesDescription | undefined,
  wanted: Wanted,
  range: Bounds = unbounded,
): ValueSpec {
  if (description === undefined) return { kind: 'constant', value: 0 };
  const inside = (value: number, at: Path) => {
    if (value < range.low || value > range.high)
      context.report(at, `is ${value}`, `inside weightRange, ${range.low} to ${range.high}`);
  };
  if (typeof description === 'number') {
    inside(description, path);
    return { kind: 'constant', value: description };
  }
  if ('values' in description) {
    checkCount(context, path, description.values.length, wanted);
    someOf(description.values, (value) => value < range.low || value > range.high).forEach((n) => {
      inside(description.values[n]!, [...path, 'values', n]);
    });
    return { kind: 'values', values: Float64Array.from(description.values) };
  }
  if (description.low !== undefined) inside(description.low, [...path, 'low']);
  if (description.high !== undefined) inside(description.high, [...path, 'high']);
  const { low = range.low, high = range.high } = description;
  if (low > high) context.report([...path, 'low'], `is ${low}, more than high, ${high}`, `at most ${high}`);
  switch (description.distribution) {
    case 'uniform':
      return { kind: 'uniform', low, high };
    case 'normal':
      return { kind: 'normal', mean: description.mean, sd: description.sd, low, high };
    case 'lognormal':
      return { kind: 'lognormal', mu: description.mu, sigma: description.sigma, low, high };
  }
}

/** Delays in ticks. */
export function resolveDelays(
  context: Context,
  path: Path,
  description: DelaysDescription | undefined,
  wanted: Wanted,
): DelaySpec {
  if (description === undefined) return { kind: 'constant', ticks: 1 };
  const ticks = (text: string, at: Path) => context.wholeTicks(at, text, 1, limits.delayTicks);
  if (typeof description === 'string') return { kind: 'constant', ticks: ticks(description, path) };
  if ('values' in description) {
    checkCount(context, path, description.values.length, wanted);
    const known = new Map<string, number>();
    const delays = new Uint8Array(description.values.length);
    description.values.forEach((text, n) => {
      if (!known.has(text)) known.set(text, ticks(text, [...path, 'values', n]));
      delays[n] = known.get(text)!;
    });
    return { kind: 'values', ticks: delays };
  }
  const low = ticks(description.low, [...path, 'low']);
  const high = ticks(description.high, [...path, 'high']);
  if (low > high)
    context.report(
      [...path, 'low'],
      `is ${show(description.low)}, more than high`,
      `at most ${description.high}`,
    );
  return { kind: 'uniform', low, high };
}

function checkCount(context: Context, path: Path, count: number, wanted: Wanted): void {
  const at = [...path, 'values'];
  if (wanted === null)
    context.report(
      at,
      'cannot be given: how many synapses there are is left to chance',
      'with connect all-to-all, one-to-one or list; else a number or a distribution',
    );
  else if (count !== wanted) context.report(at, `has ${count} values`, `${wanted}, one each`);
}

/** The first few indices whose value is refused. */
function someOf(values: readonly number[], refused: (value: number) => boolean): number[] {
  const found: number[] = [];
  for (let n = 0; n < values.length && found.length < mostNamed; n++) if (refused(values[n]!)) found.push(n);
  return found;
}
