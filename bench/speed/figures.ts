import type { Row } from '../rows.js';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Three digits that mean something. */
const rounded = (value: number) => (value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));

export function figure(name: string, value: number, unit: string): Row {
  return { name, value: rounded(value), unit, goal: null, met: null };
}

/** Median of ratios, each of two measurements side by side; a goal of null is none. */
export function ratio(name: string, ratios: readonly number[], least: number | null): Row {
  const value = median(ratios);
  const goal = least === null ? null : `>= ${least}`;
  return { name, value: rounded(value), unit: 'ratio', goal, met: least === null ? null : value >= least };
}

/** A check: without it the figures that follow mean nothing. */
export function check(name: string, value: number, low: number, high: number, unit = 'ratio'): Row {
  const goal = low === high ? `= ${low}` : `${low} … ${high}`;
  return { name, value: Number(value.toPrecision(4)), unit, goal, met: value >= low && value <= high };
}

export const equal = (name: string, isEqual: boolean): Row => check(name, isEqual ? 1 : 0, 1, 1, 'equal');
