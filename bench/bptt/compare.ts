import type { Draws } from '../../src/tasks/draws.js';

/** Draws from N(0, 1) by Box and Muller's method. */
export function normalDraws(draws: Draws): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - draws.uniform())) * Math.cos(2 * Math.PI * draws.uniform());
}

/** Cosine of the angle between two vectors; NaN if one of them is zero. */
export function cosine(a: Float64Array, b: Float64Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    ab += a[n]! * b[n]!;
    aa += a[n]! ** 2;
    bb += b[n]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Euclidean length. */
export function lengthOf(a: Float64Array): number {
  let sum = 0;
  for (const value of a) sum += value ** 2;
  return Math.sqrt(sum);
}

/** Length of a − b over the length of b. */
export function relativeDistance(a: Float64Array, b: Float64Array): number {
  let [distance, length] = [0, 0];
  for (let n = 0; n < a.length; n++) {
    distance += (a[n]! - b[n]!) ** 2;
    length += b[n]! ** 2;
  }
  return Math.sqrt(distance / length);
}

/** What a set of figures looks like; quartiles by linear interpolation. */
export interface Distribution {
  readonly count: number;
  readonly min: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly max: number;
  readonly mean: number;
}

export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below]!;
    return low + (place - below) * ((sorted[below + 1] ?? low) - low);
  };
  return {
    count: sorted.length,
    min: sorted[0]!,
    lower: at(0.25),
    median: at(0.5),
    upper: at(0.75),
    max: sorted.at(-1)!,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
  };
}
