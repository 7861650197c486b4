import type { NetworkDescription } from '../network/description.js';
import type { Recording } from '../tasks/recording.js';

/** What all points of a sweep have in common. Plain data: a worker on any machine can be given it as JSON. */
export interface SweepPlan {
  /** Network that the points start from; null: the task's own. */
  readonly network: NetworkDescription | null;
  /** Name of a built-in task, or path of a module that exports one; null: recorded input alone. */
  readonly task: string | null;
  /** Name of the target that the images are compiled for. */
  readonly target: string;
  /** Cores to spread the neurons over; null: as few as they need. */
  readonly cores: number | null;
  /** Input of a run without a task. */
  readonly recording: Recording;
  /** Ticks of a run without a task. */
  readonly ticks: number;
  /** Trials per point of the learning curve. */
  readonly blockSize: number;
}
