import { replayTime } from '../choice-episodes.js';
import { poissonSpikes } from '../draws.js';
import type { ControlEvent, SpikeRecord, Step, TaskContext } from '../task.js';
import { VoteCounter } from '../votes.js';
import { banditMemory, exploringLines } from './network.js';
import type { BanditOptions } from './options.js';

/**
 * One context is cued; the action group that spikes most during the cue is the choice; reward (+1 right, −1 wrong)
 * comes one delay later, when cue and choice are long over. Context c is right with action (c + reversals) mod actions.
 */
export function* playBandit(context: TaskContext<BanditOptions>): Generator<Step, void, SpikeRecord> {
  const { options, draws, ticks } = context;
  const cueLines = context.population('context');
  const votes = new VoteCounter(context.population('action'), options.actions, options.neuronsPerAction);
  const cue = ticks(options.cue);
  // What is cued while a replay runs would be put off: the next cue waits for its end.
  const pause = ticks(options.pause + (options.replay ? replayTime(options.cue) : 0));
  const spikeProbability = Math.min(1, (options.rate * context.tickMilliseconds) / 1000);

  const explore = explorer(context, spikeProbability);

  for (let trial = 0; trial < options.trials; trial++) {
    const reversals = options.reverseEvery === 0 ? 0 : Math.floor(trial / options.reverseEvery);
    const cued = draws.integer(0, options.contexts - 1);
    const right = (cued + reversals) % options.actions;
    const lines = Array.from({ length: options.linesPerContext }, (_, n) =>
      cueLines.unit(cued * options.linesPerContext + n),
    );
    const start = context.now();
    const cueSpikes = poissonSpikes(draws, lines, cue, spikeProbability);
    const spikes = yield { run: cue, spikes: [...cueSpikes, ...explore(cue)] };
    const choice = votes.choose(spikes, draws.integer(0, options.actions - 1));
    const delay = draws.integer(ticks(options.delayMin), ticks(options.delayMax));
    const correct = choice === right;
    yield {
      run: delay + pause,
      rewards: [{ in: delay, modulator: 'reward', value: correct ? 1 : -1 }],
      control: forgetting(options, delay),
    };
    context.report({
      correct,
      context: cued,
      choice,
      right,
      start,
      cueEnd: start + cue,
      rewardAt: start + cue + delay,
      reversals,
    });
  }
}

/** Spikes of the lines that explore, where the network has them: each action is pushed by a rate of its own. */
function explorer({ options, draws, population }: TaskContext<BanditOptions>, probability: number) {
  if (options.explore === 'core') return () => [];
  const lines = population('explore');
  return (cue: number) =>
    Array.from({ length: options.actions }, (_, action) => {
      const units = Array.from({ length: exploringLines }, (_, n) => lines.unit(action * exploringLines + n));
      return poissonSpikes(draws, units, cue, probability * draws.uniform());
    }).flat();
}

/**
 * The feedback clears the choice memory and the action neurons, whose next spikes would latch it again; so would what
 * spiked in that very tick, which is under way only after it: once more a tick later.
 */
function forgetting(options: BanditOptions, at: number): ControlEvent[] {
  if (options.memory === 'none') return [];
  return [at, at + 1].flatMap((tick) =>
    [...banditMemory(options), 'action'].map((clear) => ({
      in: tick,
      clear,
      what: ['neurons', 'flying'] as const,
    })),
  );
}
