import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import { Machine } from '../../emulator/core/machine.js';
import { compile } from '../compiler/compile.js';
import { loadTarget } from '../compiler/load-target.js';
import { constant, makeNetwork, plastic, reward, rstdp } from '../compiler/resolved.testing.js';
import { readImage } from '../image/read.js';
import { Board } from './board.js';
import { inProcess } from './in-process.js';

/** A small network that learns, boards for it, and what the emulator alone makes of the same input. */

const pico = loadTarget('pico');
export const target = { id: pico.id, name: pico.name };

export const inputs = 20;

/** 20 input lines onto 10 neurons that learn, and those onto 5 with fixed weights; noise keeps them going. */
export function learningImage(seed = 1, on = pico): Uint8Array {
  const network = makeNetwork(
    [
      { name: 'in', model: 'input', size: inputs },
      { name: 'act', size: 10, noise: 0.1, tauSynapse: 5 },
      { name: 'out', size: 5 },
    ],
    [
      { between: [0, 1], name: 'in-act', weight: constant(0.25), plasticity: plastic(rstdp(200)) },
      { between: [1, 2], name: 'act-out', weight: constant(0.5), delay: { kind: 'constant', ticks: 3 } },
    ],
    {
      seed,
      modulators: [reward],
      probes: [
        {
          name: 'v',
          kind: 'population',
          index: 1,
          variable: 'v',
          first: 0,
          count: 10,
          everyTicks: 25,
        },
      ],
    },
  );
  return compile(network, on).image;
}

/** Input of a part of a run: spikes and rewards, the same for the same ticks. */
export function inputFor(from: number, to: number) {
  const ticks: number[] = [];
  const units: number[] = [];
  const rewards: { tick: number; channel: number; value: number }[] = [];
  for (let tick = from; tick < to; tick++) {
    for (let unit = 0; unit < inputs; unit++)
      if (Math.imul(tick * 31 + unit * 17 + 7, 0x9e3779b1) >>> 28 === 3) {
        ticks.push(tick);
        units.push(unit);
      }
    if (tick % 40 === 39) rewards.push({ tick, channel: 0, value: tick % 80 === 39 ? 1.5 : -0.25 });
  }
  return { ticks, units, rewards };
}

export async function feed(board: Board, from: number, to: number): Promise<void> {
  const { ticks, units, rewards } = inputFor(from, to);
  await Promise.all([board.sendSpikes(ticks, units), board.reward(rewards)]);
}

/** What the machine itself gives for `inputFor(0, ticks)`: the hash after each tick, and the output spikes. */
export function expected(image: Uint8Array, ticks: number) {
  const machine = new Machine(readImage(image));
  const input = inputFor(0, ticks);
  for (const [n, tick] of input.ticks.entries()) machine.addSpike(tick, input.units[n]!);
  for (const { tick, channel, value } of input.rewards) machine.addReward(tick, channel, value * 2 ** 20);
  const hashes: number[] = [];
  const spikes: [tick: number, unit: number][] = [];
  for (let tick = 0; tick < ticks; tick++) {
    machine.run(1, (at, units, count) => {
      for (const unit of units.subarray(0, count)) spikes.push([at, unit]);
    });
    hashes.push(machine.stateHash());
  }
  return { hashes, spikes, machine };
}

export async function openBoard(image?: Uint8Array, device = new VirtualBoard({ target })): Promise<Board> {
  const board = await Board.connect(inProcess(device));
  if (image) await board.load(image);
  return board;
}

export function spikePairs({ ticks, units }: { ticks: Uint32Array; units: Uint32Array }) {
  return Array.from(ticks, (tick, n) => [tick, units[n]!]);
}
