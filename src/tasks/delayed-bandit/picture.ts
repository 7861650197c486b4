import type { Board } from '../../runtime/board.js';
import { drawsOf, poissonSpikes } from '../draws.js';
import type { BanditOptions } from './options.js';

/** One trial, looked at closely: all spikes, and the eligibility every few ticks, more seldom in a long delay. Ticks count from the cue's start. */
export interface WatchedTrial {
  readonly cued: number;
  readonly choice: number;
  readonly reward: number;
  readonly cueEnd: number;
  readonly rewardAt: number;
  readonly end: number;
  readonly inputs: readonly { readonly tick: number; readonly line: number }[];
  readonly outputs: readonly { readonly tick: number; readonly neuron: number }[];
  readonly samples: readonly TrialSample[];
}

export interface TrialSample {
  readonly tick: number;
  /** Mean tag from the cued lines onto the neurons of the chosen action, and onto all others. */
  readonly chosen: number;
  readonly unchosen: number;
  readonly modulator: number;
}

const everyTicks = 10;
/** Samples of the delay at most. */
const delaySamples = 500;
/** Time constants of the tag to wait before the trial. */
const restTags = 8;
const modulatorVariable = 48;
const boardWide = 0xffff;

/** Plays one more trial in small steps and reads the tags between them; the board learns from it as from any other. */
export async function watchTrial(
  board: Board,
  options: BanditOptions,
  trial: { seed: number; cued: number; delayMilliseconds: number },
): Promise<WatchedTrial> {
  const image = board.image;
  const [context, action] = ['context', 'action'].map((name) => {
    const index = image.host.populations.findIndex((population) => population.name === name);
    return image.populations[index]!.firstUnit;
  }) as [number, number];
  const ticks = (milliseconds: number) => Math.round((milliseconds * 1000) / image.network.tickMicroseconds);
  const cueEnd = ticks(options.cue);
  const rewardAt = cueEnd + ticks(trial.delayMilliseconds);
  const end = rewardAt + ticks(options.pause);
  // What earlier trials left in the tags would blur the picture: let it fade.
  await board.run(ticks(options.tag * restTags));
  const start = board.tick;

  const firstLine = trial.cued * options.linesPerContext;
  const lines = Array.from({ length: options.linesPerContext }, (_, n) => firstLine + n);
  const inputs = poissonSpikes(
    drawsOf(trial.seed),
    lines,
    cueEnd,
    (options.rate * image.network.tickMicroseconds) / 1e6,
  ).map(({ in: tick, unit: line }) => ({ tick, line }));
  await board.sendSpikes(
    inputs.map(({ tick }) => start + tick),
    inputs.map(({ line }) => context + line),
  );

  const outputs: { tick: number; neuron: number }[] = [];
  const tags: { tick: number; values: Float64Array; modulator: number }[] = [];
  let synapses: { pre: Uint32Array; post: Uint32Array } | null = null;
  let choice = 0;
  const inDelay = everyTicks * Math.ceil((rewardAt - cueEnd) / (everyTicks * delaySamples));
  for (let tick = 0, next = 0; tick < end; tick = next) {
    next = tick + (tick > cueEnd && tick + inDelay < rewardAt ? inDelay : everyTicks);
    if (tick === cueEnd - (cueEnd % everyTicks)) choice = mostVotes(outputs, options);
    if (tick <= rewardAt && rewardAt < next) {
      const value = choice === trial.cued % options.actions ? 1 : -1;
      await board.reward([{ tick: start + rewardAt, channel: 0, value }]);
    }
    const { spikes } = await board.run(next - tick);
    for (let n = 0; n < spikes.count; n++)
      outputs.push({ tick: spikes.ticks[n]! - start, neuron: spikes.units[n]! - action });
    const read = await board.readTags('context-action');
    const [modulator] = await board.readState(boardWide, modulatorVariable, 0, 1);
    synapses = read;
    tags.push({ tick: next, values: read.values, modulator: modulator! / 2 ** 20 });
  }

  const cuedLine = (pre: number) => pre >= firstLine && pre < firstLine + options.linesPerContext;
  const actionOf = (post: number) => Math.floor(post / options.neuronsPerAction);
  return {
    cued: trial.cued,
    choice,
    reward: choice === trial.cued % options.actions ? 1 : -1,
    cueEnd,
    rewardAt,
    end,
    inputs,
    outputs,
    samples: tags.map(({ tick, values, modulator }) => ({
      tick,
      chosen: meanWhere(values, synapses!, (pre, post) => cuedLine(pre) && actionOf(post) === choice),
      unchosen: meanWhere(values, synapses!, (pre, post) => cuedLine(pre) && actionOf(post) !== choice),
      modulator,
    })),
  };
}

function mostVotes(outputs: readonly { neuron: number }[], options: BanditOptions): number {
  const counts = new Array<number>(options.actions).fill(0);
  for (const { neuron } of outputs) counts[Math.floor(neuron / options.neuronsPerAction)]!++;
  return counts.indexOf(Math.max(...counts));
}

function meanWhere(
  values: Float64Array,
  { pre, post }: { pre: Uint32Array; post: Uint32Array },
  wanted: (pre: number, post: number) => boolean,
): number {
  let sum = 0;
  let count = 0;
  values.forEach((value, n) => {
    if (!wanted(pre[n]!, post[n]!)) return;
    sum += value;
    count++;
  });
  return count === 0 ? 0 : sum / count;
}
