import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { SweepPlan } from './plan.js';
import type { Outcome, Point } from './point.js';
import { pointError } from './point-error.js';
import type { PointOutcome, PointRunner } from './point-runner.js';

/** So many threads of this machine, one point each at a time. `threads`: at least 1. */
export function localPool(plan: SweepPlan, threads: number): PointRunner {
  const pool = new Piscina<Point, Outcome>({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    workerData: plan,
  });
  return {
    run: (points, signal) => runPoints(pool, points, threads, signal),
    close: () => pool.destroy(),
  };
}

async function* runPoints(
  pool: Piscina<Point, Outcome>,
  points: Iterable<Point>,
  threads: number,
  signal: AbortSignal,
): AsyncGenerator<PointOutcome> {
  const running = new Map<Point, Promise<PointOutcome>>();
  const left = points[Symbol.iterator]();
  // One more each, so that no thread waits while an outcome is written down.
  const most = 2 * threads;
  const fill = () => {
    while (running.size < most) {
      const next = left.next();
      if (next.done) return;
      running.set(next.value, runPoint(pool, next.value, signal));
    }
  };
  for (fill(); running.size > 0; fill()) {
    const came = await Promise.race(running.values());
    running.delete(came.point);
    yield came;
  }
}

/** A thread that ended, for want of memory or because the task ended it, is the outcome of its point; the pool starts another. */
async function runPoint(
  pool: Piscina<Point, Outcome>,
  point: Point,
  signal: AbortSignal,
): Promise<PointOutcome> {
  try {
    return { point, outcome: await pool.run(point, { signal }) };
  } catch (error) {
    signal.throwIfAborted();
    return { point, outcome: { error: pointError(error) } };
  }
}
