import { Machine } from '../../emulator/core/machine.js';
import { allPopulations, controlCodes } from '../../firmware-protocol/declaration/events.js';
import { boardWide, variableCodes } from '../../src/image/layout.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { fail } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor, type TestImage } from '../networks/for-target.js';
import { inputUnits } from '../networks/input-units.js';
import { epropNetwork, replayNetwork } from '../networks/learning-core.js';
import type { Script } from '../replay/script.js';
import { Pair } from './pair.js';

const one = 2 ** 20;
const { CLEAR, LEARN, EPISODE, REPLAY } = controlCodes.value;

/** Poisson input, and now and then a reward on any channel and what `controls` draws. */
function drawInput(
  { image }: TestImage,
  seed: number,
  ticks: number,
  controls: (draw: (low: number, high: number) => number) => readonly [code: number, argument: number],
): Script {
  const draws = drawsOf(seed);
  const draw = (low: number, high: number) => draws.integer(low, high);
  const units = inputUnits(image);
  const spikes: number[] = [];
  const rewards: [number, number, number][] = [];
  const events: [number, number, number, number][] = [];
  for (let tick = 0; tick < ticks; tick++) {
    // Bursts and silence, so that episodes open, close and are far apart.
    const probability = tick % 173 < 60 ? 0.12 : 0.004;
    for (const unit of units) if (draws.uniform() < probability) spikes.push(tick, unit);
    if (draws.uniform() < 0.02)
      rewards.push([tick, draw(0, image.modulators.length - 1), Math.round((draws.uniform() * 2 - 1) * one)]);
    if (draws.uniform() < 0.006) {
      const [code, argument] = controls(draw);
      events.push([tick, code, allPopulations, argument]);
    }
  }
  return { spikes, rewards, controls: events, writes: [] };
}

async function sideBySide(
  context: CaseContext,
  description: NetworkDescription,
  seed: number,
  controls: Parameters<typeof drawInput>[3],
): Promise<void> {
  const { limits, signal, options } = context;
  const test = compileFor(context.target, description);
  const ticks = Math.max(600, options.ticks);
  const pair = await Pair.start({ board: await context.board(), test, ...limits, signal });
  const script = drawInput(test, seed, ticks, controls);
  const half = Math.floor(ticks / 2);
  await pair.play(script, half);
  // The checkpoint of either goes on in the other.
  const checkpoint = await pair.board.checkpoint();
  pair.machine.restore(checkpoint);
  await pair.board.restore(pair.machine.checkpoint());
  await pair.play(script, ticks);
  context.measure('ticks', ticks, 'ticks');
  const learnt = pair.machine.read(0, variableCodes.weight, 0, test.image.cores[0]!.core.synapseCount);
  const before = new Machine(test.image).read(0, variableCodes.weight, 0, learnt.length);
  if (learnt.every((weight, n) => weight === before[n]))
    fail('nothing was learnt: the case compares too little', {});
  if (test.image.episodes.length > 0) {
    const [replayed = 0] = pair.machine.read(boardWide, variableCodes.episode, 5, 1);
    if (replayed === 0) fail('nothing was replayed: the case compares too little', {});
    context.measure('episodes replayed', replayed, 'episodes');
  }
  context.measure('state hashes compared', pair.hashesCompared, 'hashes');
}

const learning = (draw: (low: number, high: number) => number) =>
  draw(0, 2) > 0 ? ([LEARN, draw(0, 3) > 0 ? 1 : 0] as const) : ([CLEAR, draw(1, 31)] as const);

const replaying = (draw: (low: number, high: number) => number) => {
  const kind = draw(0, 9);
  if (kind === 0) return [CLEAR, draw(1, 31)] as const;
  if (kind < 3) return [EPISODE, draw(0, 5) > 0 ? 0 : 1] as const;
  return [REPLAY, draw(0, 3) === 0 ? 0xffff : draw(0, 6)] as const;
};

export const learningCoreCases: readonly HilCase[] = [
  {
    name: 'e-prop: near-events, learning signals, both tags and error channels are the emulator’s at every tick',
    seconds: 900,
    run: (context) => sideBySide(context, epropNetwork(context.options.seed), context.options.seed, learning),
  },
  {
    name: 'episodes and their replay are the emulator’s at every tick',
    seconds: 900,
    run: async (context) => {
      const { seed } = context.options;
      await sideBySide(context, replayNetwork(seed, { earlier: 2, settle: '20 ms' }), seed, replaying);
      await sideBySide(
        context,
        replayNetwork(seed, {
          speed: 4,
          order: 'reverse',
          settle: '0 ms',
          events: 9,
          opens: ['action'],
        }),
        seed + 1,
        replaying,
      );
    },
  },
];
