import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { loadTarget } from '../../compiler/load-target.js';
import { readImage } from '../../image/read.js';
import type { NetworkDescription } from '../../network/description.js';
import { resolveNetwork } from '../../network/resolve.js';
import { readWeights } from '../../runtime/read-synapses.js';
import { machineBoard } from '../machine-board.testing.js';
import { playTask } from '../play.js';
import { distalNetwork, largestWeight } from './network.js';
import { type DistalOptions, distalOptions } from './options.js';
import { PairingWatch } from './pairings.js';
import task from './task.js';

const boardFor = (description: NetworkDescription) => {
  const image = readImage(compile(resolveNetwork(description), loadTarget('pico')).image);
  return { image, board: machineBoard(image) };
};

test('pairings are those that a search through all spikes finds, however the spikes come', () => {
  const spikesIn = fc.uniqueArray(fc.tuple(fc.nat(300), fc.constantFrom(0, 1, 2)), {
    selector: ([tick, unit]) => tick * 3 + unit,
    maxLength: 80,
  });
  fc.assert(
    fc.property(
      spikesIn,
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      fc.nat(300),
      (spikes, window, swap, cut) => {
        const [first, second] = swap ? [0, 1] : [1, 0];
        const rising = spikes.toSorted(([a, i], [b, j]) => a - b || i - j);
        const watch = new PairingWatch(first, second, window);
        const parts = [rising.filter(([tick]) => tick < cut), rising.filter(([tick]) => tick >= cut)];
        const found = parts.flatMap((part) =>
          watch.take({
            count: part.length,
            ticks: Uint32Array.from(part, ([tick]) => tick),
            units: Uint32Array.from(part, ([, unit]) => unit),
          }),
        );
        const firsts = rising.filter(([, unit]) => unit === first).map(([tick]) => tick);
        const seconds = rising.filter(([, unit]) => unit === second).map(([tick]) => tick);
        const wanted = seconds.filter((tick) =>
          firsts.some((before) => before < tick && tick - before < window),
        );
        expect(found).toEqual(wanted);
      },
    ),
  );
});

test('each pairing brings one reward, as late as the options say; none comes without', async () => {
  const given: Partial<DistalOptions> = { neurons: 40, synapses: 15, trials: 3, every: 20_500, window: 300 };
  const options = distalOptions.parse({ ...given, delayMin: 700, delayMax: 1500 });
  const { image, board } = boardFor(distalNetwork(options));
  const spikes: [tick: number, unit: number][] = [];
  const rewards: number[] = [];
  const trials = await playTask(board, image, task, options, {
    seed: 1,
    onStep(step, from, { count, ticks, units }) {
      for (let n = 0; n < count; n++) spikes.push([ticks[n]!, units[n]!]);
      for (const reward of step.rewards ?? []) rewards.push(from + reward.in);
    },
  });
  const end = board.tick;
  expect(end).toBe(3 * 20_500);
  const firsts = spikes.filter(([, unit]) => unit === 1).map(([tick]) => tick);
  const pairings = spikes
    .filter(([tick, unit]) => unit === 0 && firsts.some((first) => first < tick && tick - first < 300))
    .map(([tick]) => tick);
  expect(pairings.length).toBeGreaterThan(20);
  expect(trials.reduce((sum, trial) => sum + Number(trial['rewards']), 0)).toBe(pairings.length);
  // Those of the last step are never sent.
  const sent = pairings.slice(0, rewards.length);
  expect(pairings.at(-1)! - sent.at(-1)!).toBeLessThan(700);
  const delays = rewards.map((tick, n) => tick - sent[n]!);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(700);
  expect(Math.max(...delays)).toBeLessThanOrEqual(1500);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(500);
});

describe('the rule', () => {
  const { rules } = distalNetwork(distalOptions.parse({}));
  const { rate, tonic } = rules!['dopamine_stdp']!.parameters as { rate: number; tonic: number };
  const [first, pairTau, tagTau, dopamineTau] = [0.5 * largestWeight, 20, 1000, 200];
  const oneSynapse: NetworkDescription = {
    engram: 1,
    name: 'one-synapse',
    populations: {
      pre: { model: 'input', size: 1 },
      force: { model: 'input', size: 1 },
      post: { model: 'lif', size: 1 },
    },
    modulators: { dopamine: { tau: '200 ms' } },
    rules: rules!,
    projections: {
      learned: {
        from: 'pre',
        to: 'post',
        weight: first,
        plasticity: { rule: 'dopamine_stdp', modulator: 'dopamine', weightRange: [0, largestWeight] },
      },
      forced: { from: 'force', to: 'post', weight: 2 },
    },
  };

  /** Change of the weight after one pairing and, so many ms later, one reward; lag above 0: pre before post. */
  async function change(lag: number, delay: number | null): Promise<number> {
    const { image, board } = boardFor(oneSynapse);
    const before = (await readWeights(image, 'learned', board.readState)).fine![0]!;
    await board.sendSpikes([100, 100 + lag], [0, 1]);
    const pairedAt = 101 + Math.max(0, lag);
    if (delay !== null) await board.reward([{ tick: pairedAt + delay, channel: 0, value: 0.5 }]);
    await board.run(15_000);
    return (await readWeights(image, 'learned', board.readState)).fine![0]! - before;
  }

  /** The same of the paper's equations: ds/dt = rate · (tonic + DA) · c, integrated by hand. */
  function expected(lag: number, delay: number | null): number {
    const tag = lag > 0 ? Math.exp(-lag / pairTau) : -1.5 * Math.exp(lag / pairTau);
    const phasic = delay === null ? 0 : (0.5 * Math.exp(-delay / tagTau)) / (1 / tagTau + 1 / dopamineTau);
    return rate * tag * (tonic * tagTau + phasic);
  }

  test.each([
    [5, 1000],
    [5, 3000],
    [15, 1000],
    [-1, 1000],
    [-10, 3000],
    [2, null],
    [-2, null],
  ])('lag %i ms, reward after %o ms: the weight changes as the equations say', async (lag, delay) => {
    const wanted = expected(lag, delay);
    const step = largestWeight / 32512;
    expect(Math.abs((await change(lag, delay)) - wanted)).toBeLessThan(0.1 * Math.abs(wanted) + 3 * step);
  });
});

test('every neuron has the inputs that are asked for; the rewarded synapse is there once and begins at 0', () => {
  const { image } = boardFor(distalNetwork(distalOptions.parse({ seed: 5 })));
  const count = (name: string) => {
    const index = image.host.projections.findIndex((projection) => projection.name === name);
    return image.cores
      .flatMap(({ blocks }) => blocks)
      .filter(({ projection }) => projection === index)
      .reduce((sum, { synapseCount }) => sum + synapseCount, 0);
  };
  expect(count('pair')).toBe(1);
  expect(count('excitatory-second')).toBe(39);
  expect(count('excitatory-excitatory')).toBe(159 * 40);
  expect(count('excitatory-inhibitory')).toBe(40 * 40);
});

test('its example is its network with default options', () => {
  const file = resolve(import.meta.dirname, '../../../examples/distal-reward/network.json');
  const { $schema, ...description } = JSON.parse(readFileSync(file, 'utf8'));
  expect($schema).toBe('../../docs/network.schema.json');
  expect(description).toEqual(distalNetwork(distalOptions.parse({})));
});
