import { workerData } from 'piscina';
import type { SweepPlan } from './plan.js';
import type { Outcome, Point } from './point.js';
import { pointError } from './point-error.js';
import { preparePoints } from './prepare-points.js';

/** A thread of the local pool: gets the plan once, and a point at a time. */
async function worker(plan: SweepPlan): Promise<(point: Point) => Promise<Outcome>> {
  // What a task prints must not come between the lines of data that the command writes.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const { run } = await preparePoints(plan);
  return async (point) => {
    try {
      return { figures: await run(point) };
    } catch (error) {
      return { error: pointError(error) };
    }
  };
}

export default worker(workerData as SweepPlan);
