import type { Row } from '../rows.js';
import { coreFormat, float64, nameOf } from './format.js';
import type { Outcome } from './outcome.js';
import { type Trial, tasks, trialName } from './plan.js';

/** What the seeds of one trial came to. */
export interface Result {
  readonly trial: Trial;
  /** Proportion correct, or found. */
  readonly mean: number;
  /** Lowest and highest of the seeds. */
  readonly lowest: number;
  readonly highest: number;
  readonly seeds: number;
  /** Distal reward: the rewarded synapse's weight, and minutes until it was found, the mean of those that found it. */
  readonly weight: Spread | null;
  readonly minutes: number | null;
}

export interface Spread {
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

export function resultOf(trial: Trial, outcomes: readonly Outcome[]): Result {
  const weights = outcomes.flatMap(({ weight }) => weight ?? []);
  const minutes = outcomes.flatMap((outcome) => outcome.minutes ?? []);
  return {
    trial,
    ...spreadOf(outcomes.map(({ proportion }) => proportion)),
    seeds: outcomes.length,
    weight: weights.length === 0 ? null : spreadOf(weights),
    minutes: minutes.length === 0 ? null : spreadOf(minutes).mean,
  };
}

function spreadOf(values: readonly number[]): Spread {
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lowest: Math.min(...values),
    highest: Math.max(...values),
  };
}

/** Finds a trial's result by task, name of the format, range of the tag and rate. */
export function find(
  results: readonly Result[],
  task: string,
  format: string,
  { tagRange = 1, faster = 1 }: { tagRange?: number; faster?: number } = {},
): Result | undefined {
  return results.find(
    ({ trial }) =>
      trial.task === task &&
      nameOf(trial.format) === format &&
      trial.tagRange === tagRange &&
      trial.faster === faster,
  );
}

/** The largest distance from float64 that the core's format may have. */
export const coreGoal = 0.05;

/** Rows of the command: one a trial, and for each task how far the core's format is below float64. */
export function rowsOf(results: readonly Result[]): Row[] {
  const plain = (name: string, value: number, unit: string) => ({
    name,
    value: rounded(value),
    unit,
    goal: null,
    met: null,
  });
  const rows: Row[] = results.flatMap(({ trial, mean, weight, minutes }) => [
    plain(trialName(trial), mean, 'proportion'),
    ...(weight
      ? [plain(`${trialName(trial)}/weight of the rewarded synapse`, weight.mean, 'of the largest')]
      : []),
    ...(minutes !== null ? [plain(`${trialName(trial)}/found after`, minutes, 'min')] : []),
  ]);
  for (const task of tasks) {
    const exact = find(results, task, nameOf(float64));
    const core = find(results, task, nameOf(coreFormat));
    if (!exact || !core) continue;
    const lost = rounded(exact.mean - core.mean);
    rows.push({
      name: `${task}/lost by the core's format`,
      value: lost,
      unit: 'proportion',
      goal: `<= ${coreGoal}`,
      met: lost <= coreGoal,
    });
  }
  return rows;
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
