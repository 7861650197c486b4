import { runBandit } from './bandit.js';
import { runCue } from './cue.js';
import { found, runDistal } from './distal.js';
import type { Outcome } from './outcome.js';
import { type Effort, type Trial, trialName } from './plan.js';

/** One run of a trial with one seed; plain data, so that it can go to a thread. */
export interface Run {
  readonly trial: Trial;
  readonly seed: number;
  readonly effort: Effort;
}

const lastBanditTrials = 100;
/** Largest tags that the compiler would hold: 32 times what one event adds, up to a power of two. */
export const compilerRange = { bandit: 32, distal: 64, cue: 16, cueSlow: 128 } as const;

/** Name of a run, with all that its outcome depends on. */
export function runName({ trial, seed, effort }: Run): string {
  const length = {
    'delayed-bandit': `${effort.banditTrials} trials`,
    'distal-reward': `${effort.distalSeconds} s`,
    'cue-accumulation': `${effort.cueTrials} trials, ${effort.cueTests} tests`,
  }[trial.task];
  return `${trialName(trial)}, seed ${seed}, ${length}`;
}

/** Plays a run: the bandit's last 100 trials count, the cue task's tests, and what the distal reward leads to. */
export function runTrial({ trial: { task, format, tagRange, faster }, seed, effort }: Run): Outcome {
  if (task === 'delayed-bandit') {
    const correct = runBandit({
      seed,
      trials: effort.banditTrials,
      format,
      tagRange: compilerRange.bandit * tagRange,
      faster,
    });
    return only(correct.slice(-lastBanditTrials).filter(Boolean).length / lastBanditTrials);
  }
  if (task === 'cue-accumulation')
    return only(
      runCue({
        seed,
        trials: effort.cueTrials,
        tests: effort.cueTests,
        format,
        tagRange: compilerRange.cue * tagRange,
        slowRange: compilerRange.cueSlow * tagRange,
        faster,
      }),
    );
  const result = runDistal({
    seed,
    seconds: effort.distalSeconds,
    format,
    tagRange: compilerRange.distal * tagRange,
    faster,
  });
  const isFound = found(result);
  return {
    proportion: isFound ? 1 : 0,
    weight: result.rewarded,
    minutes: isFound ? result.seconds / 60 : null,
  };
}

function only(proportion: number): Outcome {
  return { proportion, weight: null, minutes: null };
}
