import { poissonSpikes } from '../draws.js';
import type { ControlEvent, Step, StepOutcome, TaskContext } from '../task.js';
import { VoteCounter } from '../votes.js';
import type { MatchOptions } from './options.js';

/** Names of the two choices. */
export const [match, differ] = [0, 1];

/**
 * A sample, a delay in which nothing is shown, a test: action 0 is right if the test is the sample, action 1 if it is
 * the other stimulus; both are equally likely. The group that spikes most during the test is the choice. +1 (right) or
 * −1 comes a delay later; with it the memory of the sample is cleared.
 */
export function* playMatch(context: TaskContext<MatchOptions>): Generator<Step, void, StepOutcome> {
  const { options, draws, ticks } = context;
  const lines = context.population('stimulus');
  const votes = new VoteCounter(context.population('action'), 2, options.neuronsPerAction);
  const cue = ticks(options.cue);
  const rewardDelay = ticks(options.rewardDelay);
  const spikeProbability = Math.min(1, (options.rate * context.tickMilliseconds) / 1000);
  const show = (stimulus: number) =>
    poissonSpikes(
      draws,
      Array.from({ length: options.linesPerStimulus }, (_, n) =>
        lines.unit(stimulus * options.linesPerStimulus + n),
      ),
      cue,
      spikeProbability,
    );
  const forget: readonly ControlEvent[] =
    options.memory === 'none' ? [] : [{ in: rewardDelay, clear: 'memory', what: ['neurons', 'flying'] }];

  for (let trial = 0; trial < options.trials; trial++) {
    const sample = draws.integer(0, 1);
    const test = draws.integer(0, 1);
    const start = context.now();
    yield { run: cue, spikes: show(sample) };
    yield { run: ticks(options.delay) };
    const spikes = yield { run: cue, spikes: show(test) };
    const choice = votes.choose(spikes, draws.integer(0, 1));
    const right = test === sample ? match : differ;
    const correct = choice === right;
    const rewardAt = context.now() + rewardDelay;
    yield {
      run: rewardDelay + ticks(options.pause),
      rewards: [{ in: rewardDelay, modulator: 'reward', value: correct ? 1 : -1 }],
      control: forget,
    };
    context.report({ correct, sample, test, choice, right: right!, start, rewardAt });
  }
}
