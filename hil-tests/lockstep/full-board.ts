import { check } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { fillingNetwork } from '../networks/filling.js';
import { inputUnits } from '../networks/input-units.js';
import { emptyScript } from '../replay/script.js';
import { drawOf } from './drawn-set.js';
import { Pair } from './pair.js';

/** A hash of so many synapses takes longer than many ticks. */
const hashEvery = 64;
const spikeRate = 0.03;

export const fullBoardCases: readonly HilCase[] = [
  {
    name: 'a network that fills the board has the emulator’s state every 64 ticks',
    seconds: 1800,
    run,
  },
];

async function run(context: CaseContext): Promise<void> {
  const { ticks, seed } = context.options;
  const test = fillingNetwork(context.target);
  const pair = await Pair.start({
    board: await context.board(),
    test,
    ...context.limits,
    hashEvery,
    signal: context.signal,
  });
  const draw = drawOf(seed);
  const units = inputUnits(test.image);
  for (let from = 0; from < ticks; from += hashEvery) {
    const to = Math.min(ticks, from + hashEvery);
    const spikes: number[] = [];
    for (let tick = from; tick < to; tick++)
      for (const unit of units) if (draw.real(0, 1) < spikeRate) spikes.push(tick, unit);
    await pair.play({ ...emptyScript, spikes, rewards: [[from, 0, draw.oneOf(1, -1) * 2 ** 20]] }, to);
    context.progress(to / ticks, `${to} ticks`);
  }
  check(pair.machine.statistics.postEvents > 0, 'no neuron of the network that fills the board spiked');
  const { synapseCount, memoryBytes } = test.image.cores[0]!.core;
  context.measure('synapses of the full board', synapseCount, 'synapses');
  context.measure('memory of the full board', memoryBytes, 'bytes');
}
