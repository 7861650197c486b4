import { expect, test } from 'vitest';
import { Machine } from '../../emulator/core/machine.js';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { readImage } from '../../src/image/read.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { EpropSynapses } from './eprop-synapses.js';
import { coreFormat } from './format.js';

const inputs = 10;
const neurons = 4;
const synapses = inputs * neurons;
const threshold = 0.6;
const refractoryTicks = 5;
const dampening = 0.3;
const beta = 0.0174;
const variables = { v: 0, refractory: 2, a: 6, tag: 33, tag2: 34 } as const;

/** ALIF neurons that learn by `eprop-alif`, with a readout whose errors they would get. */
function network(weights: readonly number[]): NetworkDescription {
  return {
    engram: 1,
    name: 'eprop-tags',
    populations: {
      from: { model: 'input', size: inputs },
      to: {
        model: 'lif',
        size: neurons,
        tauMembrane: '20 ms',
        threshold,
        reset: 'subtract',
        refractory: `${refractoryTicks} ms`,
        adaptation: { tau: '2 s', step: beta },
        surrogate: { dampening },
      },
      out: { model: 'readout', size: 1, tauMembrane: '20 ms' },
    },
    modulators: {
      gate: { tau: 'none' },
      wrong: { tau: 'none', error: { population: 'out', gate: 'gate' } },
    },
    projections: {
      in: {
        from: 'from',
        to: 'to',
        weight: { values: [...weights] },
        plasticity: { rule: 'eprop-alif', weightRange: [-0.9, 0.9], beta, averaging: '8 ms' },
      },
      answer: { from: 'to', to: 'out', weight: 0.1, feedback: 'wrong' },
    },
  };
}

test('with the core’s membranes, both tags of e-prop stay within 1 % of the core’s', () => {
  const draws = drawsOf(5);
  const weights = Array.from({ length: synapses }, () => (draws.uniform() - 0.3) * 0.6);
  const image = readImage(compile(resolveNetwork(network(weights)), loadTarget('pico')).image);
  const machine = new Machine(image);
  const unit = 2 ** -image.host.populations[1]!.exponent;
  const { tagExponent, tag2Exponent } = image.host.projections[0]!;
  const model = new EpropSynapses(
    {
      neurons,
      sources: inputs,
      adaptive: 0,
      beta,
      tauPre: 20,
      tauTag: 20,
      tauSlow: 2000,
      tagRange: 2 ** (15 + tagExponent!),
      slowRange: 2 ** (15 + tag2Exponent!),
      rate: 0,
      period: 8,
      lines: inputs,
      weights: { min: -0.9, max: 0.9 },
    },
    new Float64Array(synapses),
    coreFormat,
    1,
  );
  const largest = { tag: 0, tag2: 0 };
  const worst = { tag: 0, tag2: 0 };
  const wasResting = new Uint8Array(neurons);
  const raised = new Float64Array(neurons);
  let arriving: number[] = [];
  let spikes = 0;
  for (let tick = 0; tick < 3000; tick++) {
    const chance = tick % 400 < 200 ? 0.05 : 0.01;
    const sent = Array.from({ length: inputs }, (_, i) => i).filter(() => draws.uniform() < chance);
    for (const i of sent) machine.addSpike(tick, i);
    machine.run(1);
    const v = machine.read(0, variables.v, 0, neurons);
    const a = machine.read(0, variables.a, 0, neurons);
    const refractory = machine.read(0, variables.refractory, 0, neurons);
    const psi = new Float64Array(neurons);
    for (let j = 0; j < neurons; j++) {
      const spiked = refractory[j] === refractoryTicks;
      if (spiked) spikes++;
      // V as it was compared: before the reset, against the threshold with A of the tick before.
      const compared = v[j]! * unit + (spiked ? threshold : 0);
      const distance = Math.abs(compared - threshold - raised[j]!) / threshold;
      if (wasResting[j] === 0 && distance < 1) psi[j] = (dampening / threshold) * (1 - distance);
      wasResting[j] = refractory[j]! > 0 ? 1 : 0;
      raised[j] = a[j]! * unit;
    }
    for (const i of arriving) model.pre[i]! += 1;
    model.near(psi, true, true);
    model.endTick(true);
    arriving = sent;
    compare(machine.read(0, variables.tag, 0, synapses), model.tags, 'tag');
    compare(machine.read(0, variables.tag2, 0, synapses), model.slow, 'tag2');
  }
  expect(spikes).toBeGreaterThan(100);
  for (const which of ['tag', 'tag2'] as const) {
    expect(largest[which]).toBeGreaterThan(10_000);
    expect(worst[which]).toBeLessThan(0.01 * largest[which]);
  }

  function compare(core: Int32Array, tags: Float64Array, which: 'tag' | 'tag2'): void {
    for (let i = 0; i < inputs; i++)
      for (let j = 0; j < neurons; j++) {
        const value = core[i * neurons + j]!;
        largest[which] = Math.max(largest[which], Math.abs(value));
        worst[which] = Math.max(worst[which], Math.abs(value - tags[j * inputs + i]!));
      }
  }
});
