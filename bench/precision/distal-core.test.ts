import { expect, test } from 'vitest';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { variableCodes } from '../../src/image/layout.js';
import { readImage } from '../../src/image/read.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { machineBoard } from '../../src/tasks/machine-board.testing.js';
import { distalRule } from './distal.js';
import { coreFormat } from './format.js';
import { RewardSynapses } from './reward-synapses.js';

const [inputs, neurons] = [30, 8] as const;
const synapses = inputs * neurons;
const firstWeight = 0.12;
const { aPlus, aMinus, rate, weights: range, tauTag, tauPlus, tauMinus, tauModulator } = distalRule;

/** Inputs that drive a few neurons, and learn by the distal reward's rule. */
const network: NetworkDescription = {
  engram: 1,
  name: 'distal-rule',
  populations: {
    from: { model: 'input', size: inputs },
    to: { model: 'lif', size: neurons, tauMembrane: '20 ms', threshold: 1, refractory: '2 ms' },
  },
  modulators: { reward: { tau: `${tauModulator} ms` } },
  rules: {
    nearest: {
      dt: `${aPlus}*x1*y0 - ${aMinus}*y1*x0`,
      dw: `${rate}*m*t`,
      x1: { tau: `${tauPlus} ms`, mode: 'nearest' },
      y1: { tau: `${tauMinus} ms`, mode: 'nearest' },
      tag: { tau: `${tauTag} ms` },
    },
  },
  projections: {
    p: {
      from: 'from',
      to: 'to',
      connect: 'all-to-all',
      weight: firstWeight,
      plasticity: { rule: 'nearest', modulator: 'reward', weightRange: [range.min, range.max] },
    },
  },
};

test('with the core’s spikes, tags and weights of nearest-spike STDP stay with the core’s', async () => {
  const image = readImage(compile(resolveNetwork(network), loadTarget('pico')).image);
  // The range of the tag that the study takes for the compiler's.
  expect(2 ** (15 + image.host.projections[0]!.tagExponent!)).toBe(64);
  const board = machineBoard(image);
  const model = new RewardSynapses(
    distalRule,
    {
      sources: inputs,
      neurons,
      targets: Int32Array.from({ length: synapses }, (_, s) => s % neurons),
      starts: Int32Array.from({ length: inputs + 1 }, (_, i) => i * neurons),
      unitOf: (source) => source,
    },
    new Float64Array(synapses).fill(firstWeight),
    coreFormat,
    1,
  );
  const first = Float64Array.from(model.weights.fine);
  const draws = drawsOf(11);
  const drive = new Float64Array(neurons);
  let arriving: number[] = [];
  const seen = { spikes: 0, tag: 0, moved: 0 };
  const worst = { tag: 0, weight: 0 };
  for (let tick = 0; tick < 20_000; tick++) {
    const sent = Array.from({ length: inputs }, (_, i) => i).filter(() => draws.uniform() < 0.01);
    await board.sendSpikes(
      sent.map(() => tick),
      sent,
    );
    const reward = draws.uniform() < 0.001 ? 0.5 : null;
    if (reward !== null) await board.reward([{ tick, channel: 0, value: reward }]);
    const { spikes } = await board.run(1);
    for (const source of arriving) model.arrive(source, drive);
    for (const unit of spikes.units) model.fire(unit - inputs);
    model.endTick(reward);
    arriving = sent;
    seen.spikes += spikes.count;
    if (tick % 100 !== 99) continue;
    const tags = board.machine.read(0, variableCodes.tag, 0, synapses);
    const weights = board.machine.read(0, variableCodes.weight, 0, synapses);
    for (let s = 0; s < synapses; s++) {
      seen.tag = Math.max(seen.tag, Math.abs(tags[s]!));
      seen.moved = Math.max(seen.moved, Math.abs(weights[s]! - first[s]!));
      worst.tag = Math.max(worst.tag, Math.abs(tags[s]! - model.tags[s]!));
      worst.weight = Math.max(worst.weight, Math.abs(weights[s]! - model.weights.fine[s]!));
    }
  }
  expect(seen.spikes).toBeGreaterThan(500);
  expect(seen.tag).toBeGreaterThan(1000);
  expect(seen.moved).toBeGreaterThan(1000);
  expect(worst.tag).toBeLessThanOrEqual(8);
  // The core's rate is a mantissa of 7 bits: up to 0.8 % off (docs/core.md, section 12).
  expect(worst.weight).toBeLessThanOrEqual(0.02 * seen.moved);
});
