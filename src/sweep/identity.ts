import { createHash } from 'node:crypto';
import type { SweepPlan } from './plan.js';

/**
 * What must be the same for the outcome of a point to be the same, part by part: texts, numbers and hashes that can be
 * shown. The points are not in it, so that a sweep can be extended.
 */
export interface SweepIdentity {
  readonly engram: string;
  /** Digest of the description; null: the task's own. */
  readonly network: string | null;
  readonly task: string | null;
  /** Digest of the task's module; null: one that comes with engram. What the module imports is not in it. */
  readonly taskModule: string | null;
  readonly target: string;
  readonly cores: number | null;
  /** Digest of the recorded spikes and rewards. */
  readonly recording: string | null;
  readonly ticks: number | null;
  readonly blockSize: number | null;
}

/** Facts of a plan that are not in it. */
export interface IdentityFacts {
  /** Version of this package. */
  readonly engram: string;
  /** Name of the task, as it says itself. */
  readonly taskName: string | null;
  /** Text of the task's module, if it is one. */
  readonly moduleText: string | null;
}

export function sweepIdentity(
  plan: SweepPlan,
  { engram, taskName, moduleText }: IdentityFacts,
): SweepIdentity {
  const recorded = plan.task === null;
  return {
    engram,
    network: plan.network && digest(JSON.stringify(plan.network)),
    task: taskName,
    taskModule: moduleText === null ? null : digest(moduleText),
    target: plan.target,
    cores: plan.cores,
    recording: recorded ? digest(JSON.stringify(plan.recording)) : null,
    ticks: recorded ? plan.ticks : null,
    blockSize: recorded ? null : plan.blockSize,
  };
}

/** The first 16 digits of SHA-256: to tell apart, not to keep out. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
