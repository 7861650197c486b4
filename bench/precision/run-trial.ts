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
/** Largest tags that the compiler would hold: 32 times what one event adds, up to a power of two. */
const compilerRange = { bandit: 32, distal: 64, cue: 16, cueSlow: 128 } as const;

/**
 * Proportion correct of one run: of the bandit's last 100 trials; of the cue task's tests; of the distal reward 1 if
 * the rewarded synapse was found, else 0.
 */
export function runTrial({ trial: { task, format, tagRange }, seed, effort }: Run): number {
  if (task === 'delayed-bandit') {
    const correct = runBandit({
      seed,
      trials: effort.banditTrials,
      format,
      tagRange: compilerRange.bandit * tagRange,
    });
    return correct.slice(-lastBanditTrials).filter(Boolean).length / lastBanditTrials;
  }
  if (task === 'distal-reward')
    return found(
      runDistal({ seed, seconds: effort.distalSeconds, format, tagRange: compilerRange.distal * tagRange }),
    )
      ? 1
      : 0;
  return runCue({
    seed,
    trials: effort.cueTrials,
    tests: effort.cueTests,
    format,
    tagRange: compilerRange.cue * tagRange,
    slowRange: compilerRange.cueSlow * tagRange,
  });
}
