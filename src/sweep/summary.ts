import { type Figures, type Point, type Value, valueText } from './point.js';
import type { SweepRow } from './sweep.js';

/** What came of one parameter set over all its seeds. */
export interface SummaryRow {
  readonly settings: Point['settings'];
  /** Points with figures, and all. */
  readonly done: number;
  readonly of: number;
  /** Mean and standard deviation (of the sample; 0 for one) of a figure, over the points that have it. */
  readonly figures: Readonly<Record<string, { mean: number; deviation: number; count: number }>>;
}

/** The figures that tell how a run went; the others are in the results. */
const told = (name: string) =>
  ['correct', 'last100', 'trialsTo90', 'spikes'].includes(name) || name.startsWith('rate.');

/** A row for each parameter set, in the order of the points. */
export function sweepSummary(rows: readonly SweepRow[]): SummaryRow[] {
  const sets = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(Object.entries(row.point.settings).map(([k, v]) => [k, valueText(v)]));
    const set = sets.get(key);
    if (set) set.push(row);
    else sets.set(key, [row]);
  }
  return [...sets.values()].map((set) => {
    const figures = set.flatMap(({ outcome }) => ('figures' in outcome ? [outcome.figures] : []));
    const names = [...new Set(figures.flatMap((one) => Object.keys(one)))].filter(told);
    return {
      settings: set[0]!.point.settings,
      done: figures.length,
      of: set.length,
      figures: Object.fromEntries(names.map((name) => [name, moments(figures, name)])),
    };
  });
}

function moments(figures: readonly Figures[], name: string) {
  const values = figures
    .map((one) => one[name])
    .filter((value: Value | undefined) => typeof value === 'number');
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, count - 1)), count };
}
