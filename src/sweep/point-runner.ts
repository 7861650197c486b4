import type { Outcome, Point } from './point.js';

/**
 * Where points are run. The local pool of threads is one; a queue that many machines take points from would be another.
 * It is made for one `SweepPlan`.
 */
export interface PointRunner {
  /**
   * Runs the points in any order and gives each outcome as it comes. A point that fails is an outcome like any other.
   * Takes points only as fast as it can use them. Throws when it cannot go on at all, and the signal's reason when
   * aborted; what was running then is lost.
   */
  run(points: Iterable<Point>, signal: AbortSignal): AsyncIterable<PointOutcome>;
  /** Ends all workers. */
  close(): Promise<void>;
}

export interface PointOutcome {
  readonly point: Point;
  readonly outcome: Outcome;
}
