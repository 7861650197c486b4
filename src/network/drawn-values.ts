import type { ValuesDescription } from './description.js';

/** The draws a generated network is made of. */
export interface Draw {
  /** Both ends included. */
  integer(min: number, max: number): number;
  real(min: number, max: number): number;
  oneOf<T>(...choices: readonly T[]): T;
  flag(): boolean;
}

/** Text of a time of so many ticks. */
export function timeOf(tickMicroseconds: number): (ticks: number) => string {
  return (ticks) => `${Number((ticks * tickMicroseconds).toPrecision(9))} us`;
}

/** Values of the order of `scale`, of every kind. `count`: how many are wanted, null where that is not known. */
export function drawValues(
  draw: Draw,
  scale: number,
  count: number | null,
  [low, high]: readonly [number, number] = [-2 * scale, 2 * scale],
): ValuesDescription {
  const inside = (value: number) => Math.min(high, Math.max(low, value));
  const middle = inside(draw.real(0, scale));
  switch (draw.oneOf('constant', 'uniform', 'normal', 'truncated', 'lognormal', 'values')) {
    case 'uniform':
      return { distribution: 'uniform', low: inside(middle - scale / 2), high: inside(middle + scale / 2) };
    case 'normal':
      return { distribution: 'normal', mean: middle, sd: scale / 4 };
    case 'truncated':
      return { distribution: 'normal', mean: middle, sd: draw.real(0, scale), low, high };
    case 'lognormal':
      return { distribution: 'lognormal', mu: Math.log(scale / 2), sigma: draw.real(0, 0.5), low, high };
    case 'values':
      if (count !== null && count <= 400)
        return { values: Array.from({ length: count }, () => inside(draw.real(-scale / 4, scale))) };
      return middle;
    default:
      return middle;
  }
}
