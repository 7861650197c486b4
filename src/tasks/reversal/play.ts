import { replayTime } from '../choice-episodes.js';
import type { Draws } from '../draws.js';
import { poissonSpikes } from '../draws.js';
import type { Step, StepOutcome, TaskContext } from '../task.js';
import { VoteCounter } from '../votes.js';
import { keptEpisodes } from './network.js';
import type { ReversalOptions } from './options.js';

/** An outcome on its way: the choice that earned it, by trial, and what it will be. */
interface Outcome {
  readonly of: number;
  readonly value: 1 | -1;
  /** Number of the choice's episode, from 0; null if its cue had no spike, so that none was opened. */
  readonly episode: number | null;
}

/**
 * Choices between two actions, one of which pays more often; the two change places now and then. Each choice earns an
 * outcome (+1 or −1) that is settled at once and comes later: before the next choice (direct), after it (indirect), or
 * after a number of choices drawn for each, so that outcomes overtake each other (shuffled). Those that come after the
 * same choice come one by one, the oldest choice's first. Outcomes of the last choices may never come.
 *
 * With `replay` each outcome comes with a request to replay the choice that earned it, and all that follows comes later
 * by the time this takes.
 */
export function* playReversal(context: TaskContext<ReversalOptions>): Generator<Step, void, StepOutcome> {
  const { options, draws, ticks } = context;
  const lines = context.population('cue');
  const cueLines = Array.from({ length: options.lines }, (_, n) => lines.unit(n));
  const votes = new VoteCounter(context.population('action'), 2, options.neuronsPerAction);
  const cue = ticks(options.cue);
  const gap = ticks(options.outcomeDelay);
  const replay = options.replay ? ticks(replayTime(options.cue)) : 0;
  const spikeProbability = Math.min(1, (options.rate * context.tickMilliseconds) / 1000);
  /** Outcomes by the trial after whose choice they come. */
  const coming = new Map<number, Outcome[]>();
  let episodes = 0;

  for (let trial = 0; trial < options.trials; trial++) {
    const reversals = options.reverseEvery === 0 ? 0 : Math.floor(trial / options.reverseEvery);
    const better = reversals % 2;
    const start = context.now();
    const cueSpikes = poissonSpikes(draws, cueLines, cue, spikeProbability);
    const episode = cueSpikes.length > 0 ? episodes++ : null;
    const spikes = yield {
      run: cue,
      spikes: cueSpikes,
      control: options.clearTags ? [{ in: 0, clear: '*', what: ['tags'] }] : [],
    };
    const choice = votes.choose(spikes, draws.integer(0, 1));
    const paid = draws.uniform() < (choice === better ? options.good : options.bad);
    const due = trial + choicesBetween(options, draws);
    coming.set(due, [...(coming.get(due) ?? []), { of: trial, value: paid ? 1 : -1, episode }]);

    const arrived = coming.get(trial) ?? [];
    // An episode further back than any is kept does not exist: the outcome then comes without a replay.
    const back = ({ episode }: Outcome) =>
      episode === null ? keptEpisodes(options) : episodes - 1 - episode;
    const when = arrived.map((_, n) => gap + n * (gap + replay));
    yield {
      run: gap + Math.max(0, arrived.length - 1) * (gap + replay) + replay + ticks(options.pause),
      rewards: arrived.map(({ value }, n) => ({ in: when[n]!, modulator: 'reward', value })),
      control: options.replay ? arrived.map((outcome, n) => ({ in: when[n]!, replay: back(outcome) })) : [],
    };
    context.report({
      correct: choice === better,
      choice,
      better,
      start,
      // As a text, since a trial holds plain values: "trial:value" of each outcome that came after this choice.
      outcomes: arrived.map(({ of, value }) => `${of}:${value}`).join(' '),
    });
  }
}

function choicesBetween({ condition, mostBetween }: ReversalOptions, draws: Draws): number {
  if (condition === 'direct') return 0;
  return condition === 'indirect' ? 1 : draws.integer(0, mostBetween);
}
