import type { RewardEvent, SpikeRecord, Step, StepOutcome, TaskContext, TaskPopulation } from '../task.js';
import { largestWeight, otherPair, otherProjections, pair, rewardedProjection } from './network.js';
import type { DistalOptions } from './options.js';
import { PairingWatch } from './pairings.js';

/** From here on a weight is at the top, in parts of the largest. */
const top = 0.9;
const mostOthers = 0.25;

/** Found: the rewarded synapse is at the top of the weight range, the others on the mean far below. */
export function isFound({ rewarded, others }: { rewarded: number; others: number }): boolean {
  return rewarded >= top && others <= mostOthers;
}

/**
 * Lets the network spike by itself. Whenever the second neuron of the pair spikes soon after the first, a reward is on
 * its way. Each trial is a stretch of board time, at whose end the weights are looked at.
 */
export function* playDistal(context: TaskContext<DistalOptions>): Generator<Step, void, StepOutcome> {
  const { options, draws, ticks, now } = context;
  const excitatory = context.population('excitatory');
  const { first, second } = options.contingent ? pair : otherPair;
  const watch = new PairingWatch(excitatory.unit(first), excitatory.unit(second), ticks(options.window));
  const delayMin = ticks(options.delayMin);
  const delayMax = Math.max(delayMin, ticks(options.delayMax));
  const every = ticks(options.every);
  const wanted = options.stop === 0 ? Number.POSITIVE_INFINITY : options.stop;
  let coming: RewardEvent[] = [];

  for (let trial = 0, inARow = 0; trial < options.trials && inARow < wanted; trial++) {
    const end = now() + every;
    let [rewards, spikes] = [0, 0];
    for (let isLast = false; !isLast; ) {
      // Rewards are drawn when a step has been run: it is not longer than the shortest delay, so none is too late.
      const run = Math.min(delayMin, end - now());
      isLast = now() + run === end;
      const weigh = isLast ? [rewardedProjection, ...otherProjections] : [];
      const outcome = yield { run, rewards: coming, weigh };
      coming = watch.take(outcome).map((tick) => ({
        in: tick + draws.integer(delayMin, delayMax) - now(),
        modulator: 'dopamine',
        value: options.dopamine,
      }));
      rewards += coming.length;
      spikes += spikesOf(outcome, excitatory);
      if (!isLast) continue;
      const { rewarded, others, othersAtTop } = weightsOf(outcome);
      const correct = isFound({ rewarded, others });
      inARow = correct ? inARow + 1 : 0;
      const rate = rounded((1000 * spikes) / excitatory.size / options.every);
      const minutes = rounded((now() * context.tickMilliseconds) / 60_000);
      context.report({ correct, minutes, rewarded, others, othersAtTop, rewards, rate });
    }
  }
}

/** Weights in parts of the largest: the rewarded one, the mean of all others, and how many of them are at the top too. */
function weightsOf(outcome: StepOutcome) {
  const rewarded = outcome.weights(rewardedProjection).fine![0]!;
  let [sum, count, othersAtTop] = [0, 0, 0];
  for (const name of otherProjections)
    for (const weight of outcome.weights(name).fine!) {
      sum += weight;
      count++;
      if (weight >= top * largestWeight) othersAtTop++;
    }
  return {
    rewarded: rounded(rewarded / largestWeight),
    others: rounded(sum / count / largestWeight),
    othersAtTop,
  };
}

function spikesOf({ count, units }: SpikeRecord, population: TaskPopulation): number {
  const [from, to] = [population.unit(0), population.unit(population.size - 1)];
  let spikes = 0;
  for (let n = 0; n < count; n++) if (units[n]! >= from && units[n]! <= to) spikes++;
  return spikes;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
