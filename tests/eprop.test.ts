import { describe, expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { variableCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import type { NetworkDescription } from '../src/network/description.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { drawsOf } from '../src/tasks/draws.js';

/**
 * One neuron, four inputs, one readout, in float64 by the equations of Bellec et al. (2020): the eligibility of a LIF or
 * ALIF neuron, its filter, the readout's error, symmetric feedback, one step of the weights a tick.
 */
const inputs = 4;
const model = {
  tau: 20,
  tauReadout: 30,
  tauAdaptation: 300,
  threshold: 0.6,
  step: 0.05,
  dampening: 0.3,
  refractory: 2,
  outRate: 4e-4,
  out: 0.2,
  target: 0.8,
};
const first = [0.12, 0.2, 0.16, 0.24];

type Rule = 'eprop' | 'eprop-alif' | 'eprop-event' | 'eprop-event-alif';

const rates: Readonly<Record<Rule, number>> = {
  eprop: 2e-4,
  'eprop-alif': 2e-4,
  'eprop-event': 4e-3,
  'eprop-event-alif': 4e-3,
};

/** Steps of the acting weights: 127 of them reach the end of the weight range. */
const steps = { in: 2 ** -7, out: 2 ** -6 };
/** A weight that begins in the middle of its acting step, and what of a weight acts. */
const middle = (weight: number, step: number) => (Math.round(weight / step) + 0.5) * step;
const acting = (weight: number, step: number) => Math.floor(weight / step) * step;

function floatRun(rule: Rule, spikes: readonly (readonly number[])[], gateFrom: number) {
  const adaptive = rule.endsWith('alif');
  const rate = rates[rule];
  const decay = (tau: number) => Math.exp(-1 / tau);
  const w = first.map((weight) => middle(weight, steps.in));
  const x = new Array<number>(inputs).fill(0);
  const t = new Array<number>(inputs).fill(0);
  const t2 = new Array<number>(inputs).fill(0);
  const beta = adaptive ? model.step : 0;
  let [v, a, wait, y, error, count] = [0, 0, 0, 0, 0, 0];
  let out = middle(model.out, steps.out);
  let [xOut, outSpike] = [0, false];
  spikes.forEach((_, tick) => {
    const l = acting(out, steps.out) * error;
    const arrived = tick === 0 ? [] : spikes[tick - 1]!;
    for (const input of arrived) x[input]! += 1;
    const drive = arrived.reduce((sum, input) => sum + acting(w[input]!, steps.in), 0);
    let h = 0;
    let spike = false;
    const level = model.threshold + a;
    a *= decay(model.tauAdaptation);
    if (wait > 0) wait--;
    else {
      v = v * decay(model.tau) + drive;
      const { dampening, threshold } = model;
      h = (dampening / threshold) * Math.max(0, 1 - Math.abs(v - level) / threshold);
      spike = v >= level;
      if (spike) {
        v -= threshold;
        wait = model.refractory;
        a += beta;
        count++;
      }
    }
    y = y * decay(model.tauReadout) + (outSpike ? acting(out, steps.out) : 0);
    if (outSpike) xOut += 1;
    for (let i = 0; i < inputs; i++) {
      const e = h * (x[i]! - (rule.startsWith('eprop-event') ? beta * t[i]! : beta * t2[i]!));
      if (rule.startsWith('eprop-event')) w[i]! += rate * l * e;
      t[i]! += e;
      t2[i]! += e;
      if (!rule.startsWith('eprop-event')) w[i]! += rate * l * t[i]!;
      t[i]! *= decay(rule.startsWith('eprop-event') ? model.tauAdaptation : model.tauReadout);
      t2[i]! *= decay(model.tauAdaptation);
      x[i]! *= decay(model.tau);
    }
    out += model.outRate * error * xOut;
    xOut *= decay(model.tauReadout);
    error = tick >= gateFrom ? model.target - y : 0;
    outSpike = spike;
  });
  return { w, out, count };
}

function description(rule: Rule): NetworkDescription {
  const adaptive = rule.endsWith('alif');
  const event = rule.startsWith('eprop-event');
  return {
    engram: 1,
    name: 'one-cell',
    populations: {
      input: { model: 'input', size: inputs },
      cell: {
        model: 'lif',
        size: 1,
        tauMembrane: `${model.tau} ms`,
        threshold: model.threshold,
        reset: 'subtract',
        refractory: `${model.refractory} ms`,
        surrogate: { dampening: model.dampening },
        ...(adaptive ? { adaptation: { tau: `${model.tauAdaptation} ms`, step: model.step } } : {}),
      },
      readout: { model: 'readout', size: 1, tauMembrane: `${model.tauReadout} ms` },
    },
    modulators: {
      teach: { tau: 'none' },
      error: { tau: 'none', error: { population: 'readout', gate: 'teach' } },
    },
    projections: {
      in: {
        from: 'input',
        to: 'cell',
        weight: { values: first },
        plasticity: {
          rule,
          weightRange: [-0.9, 0.9],
          rate: rates[rule],
          tauMembrane: `${model.tau} ms`,
          ...(event ? {} : { tauReadout: `${model.tauReadout} ms` }),
          ...(adaptive ? { beta: model.step, tauAdaptation: `${model.tauAdaptation} ms` } : {}),
        },
      },
      out: {
        from: 'cell',
        to: 'readout',
        weight: model.out,
        feedback: 'error',
        plasticity: {
          rule: 'eprop-readout',
          weightRange: [-1, 1],
          rate: model.outRate,
          tauReadout: `${model.tauReadout} ms`,
        },
      },
    },
  };
}

describe.each<Rule>(['eprop', 'eprop-alif', 'eprop-event', 'eprop-event-alif'])('%s', (rule) => {
  test('moves the weights as e-prop does in float64', () => {
    const draws = drawsOf(7);
    const ticks = 600;
    const gateFrom = 50;
    const spikes = Array.from({ length: ticks }, () =>
      [0, 1, 2, 3].filter((input) => draws.uniform() < 0.04 + 0.02 * input),
    );
    const expected = floatRun(rule, spikes, gateFrom);
    const image = readImage(compile(resolveNetwork(description(rule)), loadTarget('pico')).image);
    const machine = new Machine(image);
    spikes.forEach((list, tick) => {
      for (const input of list) machine.addSpike(tick, input);
    });
    machine.addReward(gateFrom, 0, 2 ** 20);
    machine.addReward(0, 1, Math.round(model.target * 2 ** 20));
    let count = 0;
    machine.run(ticks, (_tick, _units, n) => {
      count += n;
    });
    // A spike on the edge of the threshold may come a tick later, or after the end.
    expect(Math.abs(count - expected.count)).toBeLessThanOrEqual(1);
    expect(count).toBeGreaterThan(15);
    const weights = [...machine.read(0, variableCodes.weight, 0, inputs + 1)];
    const unit = (n: number) => 2 ** (image.host.projections[n]!.exponent - 8);
    expect([unit(0), unit(1)]).toEqual([steps.in / 256, steps.out / 256]);
    const start = first.map((weight) => middle(weight, steps.in));
    const change = weights.slice(0, inputs).map((value, n) => value * unit(0) - start[n]!);
    const wanted = expected.w.map((value, n) => value - start[n]!);
    const size = Math.hypot(...wanted);
    expect(size).toBeGreaterThan(0.02);
    const difference = Math.hypot(...change.map((value, n) => value - wanted[n]!));
    expect(difference / size).toBeLessThan(0.1);
    const outStart = middle(model.out, steps.out);
    const outChange = (weights[inputs]! * unit(1) - outStart) / (expected.out - outStart);
    expect(outChange).toBeCloseTo(1, 1);
  });
});
