import { EngramError } from '../errors/engram-error.js';
import type { Journal } from './journal.js';
import { type Outcome, type Point, pointKey } from './point.js';
import type { PointOutcome, PointRunner } from './point-runner.js';

/** A point with what came of it. `number`: its place in the sweep, from 1. */
export interface SweepRow {
  readonly number: number;
  readonly point: Point;
  readonly outcome: Outcome;
}

export interface SweepProgress {
  /** Points done in all, and how many of them in this run. */
  readonly done: number;
  readonly now: number;
  readonly failed: number;
  readonly total: number;
}

export interface SweepRunOptions {
  readonly signal: AbortSignal;
  readonly onOutcome?: (outcome: PointOutcome, progress: SweepProgress) => void;
}

/** Points that the journal has no figures of: never run, or failed. */
export function pointsLeft(points: readonly Point[], journal: Journal): Point[] {
  return points.filter((point) => {
    const outcome = journal.outcome(point);
    return outcome === undefined || 'error' in outcome;
  });
}

/**
 * Runs what is left of a sweep and writes each outcome into the journal. Gives the rows of all points in the order of
 * the points, which does not depend on the order in which they were run.
 * Throws E0104 when aborted (what came is in the journal), E0103, and whatever keeps the runner from going on.
 */
export async function runSweep(
  points: readonly Point[],
  journal: Journal,
  runner: PointRunner,
  { signal, onOutcome }: SweepRunOptions,
): Promise<SweepRow[]> {
  const left = pointsLeft(points, journal);
  let [now, failed] = [0, 0];
  try {
    for await (const came of runner.run(left, signal)) {
      await journal.add(came);
      now++;
      if ('error' in came.outcome) failed++;
      const done = points.length - left.length + now;
      onOutcome?.(came, { done, now, failed, total: points.length });
      signal.throwIfAborted();
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new EngramError(
      'E0104',
      `interrupted: ${points.length - left.length + now} of ${points.length} points are in ${journal.path}`,
      { fix: ['go on with the rest: give the same command again'], cause },
    );
  }
  return points.map((point, n) => ({ number: n + 1, point, outcome: outcomeOf(point, journal) }));
}

function outcomeOf(point: Point, journal: Journal): Outcome {
  const outcome = journal.outcome(point);
  if (outcome) return outcome;
  throw new Error(`the runner gave no outcome of point ${pointKey(point)}`);
}
