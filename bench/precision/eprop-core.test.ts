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
const rate = 2e-4;
const answerWeight = 0.125;
/** The readout's error is fed back from this tick on, with this target. */
const [gateFrom, targetOut] = [500, 0.8] as const;
const variables = { v: 0, refractory: 2, a: 6, weight: 32, tag: 33, tag2: 34 } as const;

/** ALIF neurons that learn by `eprop-alif` from the errors of a readout. */
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
        plasticity: { rule: 'eprop-alif', weightRange: [-0.9, 0.9], beta, rate, averaging: '8 ms' },
      },
      answer: { from: 'to', to: 'out', weight: answerWeight, feedback: 'wrong' },
    },
  };
}

test('with the core’s membranes and errors, tags and weights of e-prop stay with the core’s', () => {
  const draws = drawsOf(5);
  const weights = Array.from({ length: synapses }, () => (draws.uniform() - 0.3) * 0.6);
  const image = readImage(compile(resolveNetwork(network(weights)), loadTarget('pico')).image);
  const machine = new Machine(image);
  const unit = 2 ** -image.host.populations[1]!.exponent;
  const outUnit = 2 ** -image.host.populations[2]!.exponent;
  machine.addReward(gateFrom, 0, 2 ** 20);
  machine.addReward(0, 1, Math.round(targetOut * 2 ** 20));
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
      rate,
      period: 8,
      lines: inputs,
      weights: { min: -0.9, max: 0.9 },
    },
    // The core has them by source, the model by neuron.
    Float64Array.from(weights, (_, s) => weights[(s % inputs) * neurons + Math.floor(s / inputs)]!),
    coreFormat,
    1,
  );
  const first = Float64Array.from(model.weights.fine);
  const largest = { tag: 0, tag2: 0, weight: 0 };
  const worst = { tag: 0, tag2: 0, weight: 0 };
  let error = 0;
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
    model.learn(new Float64Array(neurons).fill(-answerWeight * error), tick);
    model.endTick(true);
    // What the next tick's learning signal is made of.
    const y = machine.read(0, variables.v, neurons, 1)[0]! * outUnit;
    error = tick >= gateFrom ? targetOut - y : 0;
    arriving = sent;
    compare(machine.read(0, variables.tag, 0, synapses), model.tags, 'tag');
    compare(machine.read(0, variables.tag2, 0, synapses), model.slow, 'tag2');
    compare(machine.read(0, variables.weight, 0, synapses), model.weights.fine, 'weight', first);
  }
  expect(spikes).toBeGreaterThan(100);
  for (const which of ['tag', 'tag2'] as const) {
    expect(largest[which]).toBeGreaterThan(10_000);
    expect(worst[which]).toBeLessThan(0.01 * largest[which]);
  }
  expect(largest.weight).toBeGreaterThan(500);
  expect(worst.weight).toBeLessThan(0.02 * largest.weight);

  /** Notes how far the two are apart, and how far the core's went from the start. */
  function compare(
    core: Int32Array,
    held: Float64Array,
    which: keyof typeof worst,
    from?: Float64Array,
  ): void {
    for (let i = 0; i < inputs; i++)
      for (let j = 0; j < neurons; j++) {
        const value = core[i * neurons + j]!;
        const s = j * inputs + i;
        largest[which] = Math.max(largest[which], Math.abs(value - (from?.[s] ?? 0)));
        worst[which] = Math.max(worst[which], Math.abs(value - held[s]!));
      }
  }
});
