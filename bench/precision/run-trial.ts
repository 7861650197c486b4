import { runBandit } from './bandit.js';
import { runCue } from './cue.js';
import { found, runDistal } from './distal.js';
import type { Effort, Trial } from './plan.js';

/** One run of a trial with one seed; plain data, so that it can go to a thread. */
export interface Run {
  readonly trial: Trial;
  readonly seed: number;
  readonly effort: Effort;
}

const lastBanditTrials = 100;

/**
 * Proportion correct of one run: of the bandit's last 100 trials; of the cue task's tests; of the distal reward 1 if
 * the rewarded synapse was found, else 0.
 */
export function runTrial({ trial: { task, format, tagRange }, seed, effort }: Run): number {
  if (task === 'delayed-bandit') {
    const correct = runBandit({ seed, trials: effort.banditTrials, format, tagRange });
    return correct.slice(-lastBanditTrials).filter(Boolean).length / lastBanditTrials;
  }
  if (task === 'distal-reward')
    return found(runDistal({ seed, seconds: effort.distalSeconds, format, tagRange })) ? 1 : 0;
  return runCue({
    seed,
    trials: effort.cueTrials,
    tests: effort.cueTests,
    format,
    tagRange: tagRange ?? 32,
    slowRange: 4 * (tagRange ?? 32),
  });
}
