import { expect, test } from 'vitest';
import { Machine } from '../../emulator/core/machine.js';
import { compile } from '../compiler/compile.js';
import { loadTarget } from '../compiler/load-target.js';
import { readImage } from '../image/read.js';
import type { NetworkDescription } from '../network/description.js';
import { resolveNetwork } from '../network/resolve.js';
import { openBoard } from './board.testing.js';

/** Noise keeps V moving for ever but far below threshold; probes and learning synapses. */
const network: NetworkDescription = {
  engram: 1,
  name: 'quiet',
  tick: '1 ms',
  seed: 5,
  populations: {
    cue: { model: 'input', size: 10 },
    act: { model: 'lif', size: 10, tauMembrane: '20 ms', tauSynapse: '5 ms', noise: 0.01 },
  },
  modulators: { reward: { tau: '50 ms' } },
  projections: {
    'cue-act': {
      from: 'cue',
      to: 'act',
      weight: 0.3,
      plasticity: { rule: 'rstdp', modulator: 'reward', weightRange: [0, 0.5], tauTag: '2 min', rate: 1e-5 },
    },
  },
  probes: { membrane: { of: 'act', variable: 'v', neurons: '0:1', every: '10 min' } },
};

const image = compile(resolveNetwork(network), loadTarget('pico')).image;
const hour = 3_600_000;
const spikes = Array.from({ length: 60 }, (_, n) => [Math.floor(n / 2) * 3, n % 10] as const);
const reward = { tick: 1000, channel: 0, value: 1 };

test('an hour of board time in one lockstep run: hashes, probes and events in it come right', async () => {
  const machine = new Machine(readImage(image));
  for (const [tick, unit] of spikes) machine.addSpike(tick, unit);
  machine.addReward(reward.tick, reward.channel, reward.value * 2 ** 20);
  // Tick by tick it never skips.
  for (let tick = 0; tick < 5000; tick++) machine.run(1);
  const early = machine.stateHash();

  const board = await openBoard(image);
  await board.sendSpikes(
    spikes.map(([tick]) => tick),
    spikes.map(([, unit]) => unit),
  );
  await board.reward([reward]);
  const late = { tick: hour - 500, channel: 0, value: -1 };
  await board.reward([late]);
  const result = await board.run(hour, { hashEvery: 5000, hash: true });
  expect([result.to, board.tick, result.done.ticksRun]).toEqual([hour, hour, hour]);
  expect(result.hashes.map(({ tick }) => tick)).toEqual(
    Array.from({ length: hour / 5000 }, (_, n) => (n + 1) * 5000),
  );
  expect(result.hashes[0]!.hash).toBe(early);
  expect(result.probes.get(0)!.map(({ tick }) => tick)).toEqual([0, 1, 2, 3, 4, 5].map((n) => n * 600_000));
  expect(result.spikes.count).toBeGreaterThan(0);

  // Cut into other spans, the same end.
  const other = new Machine(readImage(image));
  for (const [tick, unit] of spikes) other.addSpike(tick, unit);
  for (const { tick, channel, value } of [reward, late]) other.addReward(tick, channel, value * 2 ** 20);
  for (let left = hour; left > 0; left -= 777) other.run(Math.min(777, left));
  expect(result.done.hash).toBe(other.stateHash());
  await board.close();
});

test('with the hash asked for at every tick a run is still the plain one', async () => {
  const machine = new Machine(readImage(image));
  const board = await openBoard(image);
  machine.addSpike(3, 1);
  await board.sendSpikes([3], [1]);
  const { hashes } = await board.run(3000, { hashEvery: 1 });
  for (const { hash } of hashes) {
    machine.run(1);
    expect(hash).toBe(machine.stateHash());
  }
  expect(hashes).toHaveLength(3000);
  await board.close();
});
