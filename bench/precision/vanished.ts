import { drawCueTrial } from '../../src/tasks/cue-accumulation/generator.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { type BanditNetwork, runBandit } from './bandit.js';
import { CueLearner } from './cue.js';
import { runDistal } from './distal.js';
import { type Format, formatOf } from './format.js';
import { type TaskName, tasks, widths } from './plan.js';
import { compilerRange } from './run-trial.js';

/** How much of what was to be added to tags and to weights became 0, by magnitude, rounding as the core does. */
export interface Vanished {
  readonly task: TaskName;
  readonly bits: number;
  /** Of tags of so many bits, beside weights of 16; and of weights of so many bits, beside tags of 16. */
  readonly tag: number;
  readonly weight: number;
}

/** Short runs: 200 trials of the bandit, 600 s of the distal reward, 60 trials of the cue task. */
export function vanishedOf(seed = 1): Vanished[] {
  return tasks.flatMap((task) =>
    widths.map((bits) => ({
      task,
      bits,
      tag: sharesOf(task, formatOf(bits, 16), seed).tag,
      weight: sharesOf(task, formatOf(16, bits), seed).weight,
    })),
  );
}

function sharesOf(task: TaskName, format: Format, seed: number): { tag: number; weight: number } {
  const { rounder, weights } = synapsesOf(task, format, seed);
  return { tag: rounder.vanished, weight: weights.rounder.vanished };
}

function synapsesOf(task: TaskName, format: Format, seed: number) {
  if (task === 'distal-reward')
    return runDistal({ seed, seconds: 600, format, tagRange: compilerRange.distal }).synapses;
  if (task === 'delayed-bandit') {
    let played: BanditNetwork | undefined;
    runBandit({ seed, trials: 200, format, tagRange: compilerRange.bandit }, (network) => {
      played = network;
    });
    return played!.synapses;
  }
  const learner = new CueLearner({
    seed,
    format,
    tagRange: compilerRange.cue,
    slowRange: compilerRange.cueSlow,
  });
  const draws = drawsOf(seed);
  for (let trial = 0; trial < 60; trial++) learner.trial(drawCueTrial(draws));
  return learner.synapses;
}
