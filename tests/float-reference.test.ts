import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Machine } from '../emulator/core/machine.js';
import { compile } from '../src/compiler/compile.js';
import { sweepPeriod, tagDecay } from '../src/compiler/families/engram/decay.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { constant, makeNetwork, plastic, rule, term, trace } from '../src/compiler/resolved.testing.js';
import { variableCodes } from '../src/image/layout.js';
import { readImage } from '../src/image/read.js';
import { drawsOf } from '../src/tasks/draws.js';
import { type Bounded, FloatState, FloatTag, increment } from './float-model.testing.js';

const pico = loadTarget('pico');
const traceUnit = 2 ** -20;
const within = (actual: number, { value, error }: Bounded, what: string) => {
  if (Math.abs(actual - value) <= error) return;
  expect.fail(`${what}: the core has ${actual}, float64 ${value} ± ${error}`);
};

/** 6 inputs onto 4 neurons, all-to-all, one learning rule. */
function learner(options: {
  tauX: number;
  tauY: number;
  tauTag: number;
  tauM: number;
  rate: number;
  nearest: boolean;
  seed: number;
}) {
  const mode = options.nearest ? 'nearest' : 'additive';
  const learning = rule({
    name: 'test',
    tag: { tau: options.tauTag, range: 1024 },
    traces: new Map([
      ['x1', trace(options.tauX, mode)],
      ['y1', trace(options.tauY, mode)],
    ]),
    terms: [
      term('t', 'post', 1, 'x1'),
      term('t', 'pre', -0.7, 'y1'),
      term('w', 'sweep', options.rate, 'm', 't'),
    ],
  });
  const network = makeNetwork(
    [
      { model: 'input', size: 6 },
      { size: 4, tauSynapse: 5, noise: 0.2, reset: { mode: 'subtract' } },
    ],
    [
      {
        between: [0, 1],
        delay: { kind: 'constant', ticks: 2 },
        weight: constant(0.15),
        plasticity: plastic(learning, 0.5),
      },
    ],
    {
      modulators: [{ name: 'reward', index: 0, tau: options.tauM, baselineEvents: null, error: null }],
      seed: options.seed,
    },
  );
  return readImage(compile(network, pico).image);
}

describe('traces, tags and weights stay within the bounds of docs/core.md around float64', () => {
  const parameters = fc.record({
    tauX: fc.double({ min: 5, max: 100, noNaN: true }),
    tauY: fc.double({ min: 5, max: 100, noNaN: true }),
    tauTag: fc.double({ min: 60, max: 5000, noNaN: true }),
    tauM: fc.double({ min: 10, max: 100, noNaN: true }),
    rate: fc.double({ min: 1e-5, max: 2e-4, noNaN: true }),
    nearest: fc.boolean(),
    seed: fc.nat(1_000_000),
  });

  test('generated rules', () => {
    let learned = 0;
    fc.assert(
      fc.property(parameters, (options) => {
        learned += compare(options);
      }),
      { numRuns: 60 },
    );
    expect(learned).toBeGreaterThan(1);
  });

  /** Runs both for 600 ticks; gives the largest weight change seen, so that the test cannot pass by doing nothing. */
  function compare(options: Parameters<typeof learner>[0]): number {
    const image = learner(options);
    const machine = new Machine(image);
    const draws = drawsOf(options.seed);
    const [inputs, neurons] = [6, 4];
    const { exponent, tagExponent } = image.host.projections[0]!;
    const [weightUnit, tagUnit] = [2 ** (exponent - 8), 2 ** tagExponent!];
    const period = 2 ** tagDecay(options.tauTag).cadence;
    const sweepEvery = 2 ** sweepPeriod(options.tauTag);
    const x = Array.from({ length: inputs }, () => new FloatState(options.tauX, traceUnit));
    const y = Array.from({ length: neurons }, () => new FloatState(options.tauY, traceUnit));
    const m = new FloatState(options.tauM, traceUnit);
    const tags = Array.from(
      { length: inputs * neurons },
      () => new FloatTag(options.tauTag, tagUnit, period),
    );
    const initial = machine.read(0, variableCodes.weight, 0, inputs * neurons);
    const weights = Array.from(initial, (w) => ({
      value: w * weightUnit,
      error: 0,
      pending: 0,
      windowMean: 0,
      changes: 0,
    }));
    const arrivals = new Map<number, number[]>();
    const impulse = (state: FloatState) => {
      if (options.nearest) state.set(1);
      else state.add(1);
    };
    let largest = 0;

    for (let tick = 0; tick < 600; tick++) {
      const spiking = Array.from({ length: inputs }, (_, n) => n).filter(() => draws.uniform() < 0.06);
      for (const unit of spiking) machine.addSpike(tick, unit);
      arrivals.set(tick + 2, spiking);
      const reward = draws.uniform() < 0.01 ? draws.uniform() * 2 - 1 : 0;
      if (reward !== 0) machine.addReward(tick, 0, Math.round(reward / traceUnit));
      const posts: number[] = [];
      machine.run(1, (_, units, count) =>
        posts.push(...[...units.subarray(0, count)].map((unit) => unit - inputs)),
      );

      const change = (synapse: number, amount: Bounded) => {
        tags[synapse]!.add(amount);
        weights[synapse]!.changes += Math.abs(amount.value);
      };
      const due = arrivals.get(tick) ?? [];
      for (const pre of due)
        for (let post = 0; post < neurons; post++)
          change(pre * neurons + post, increment(-0.7, [y[post]!.factor()], tagUnit));
      for (const pre of due) impulse(x[pre]!);
      for (const post of posts)
        for (let pre = 0; pre < inputs; pre++)
          change(pre * neurons + post, increment(1, [x[pre]!.factor()], tagUnit));
      for (const post of posts) impulse(y[post]!);

      // The core applies rate·∫m·T at the row's visit; float64 does so every tick.
      const modulator = m.get();
      weights.forEach((weight, synapse) => {
        const row = Math.floor(synapse / neurons);
        const tag = tags[synapse]!.get();
        const mean = Math.abs(modulator.value) + modulator.error + 2 ** -12;
        weight.value += options.rate * modulator.value * tag.value;
        // What the core may be wrong by in this tick: tag and modulator errors, and the tag's decay within the window.
        const drift = tags[synapse]!.magnitude * Math.expm1(sweepEvery / options.tauTag);
        const size = Math.abs(tag.value);
        weight.error +=
          options.rate *
          (mean * (tag.error + drift) + (modulator.error + 2 ** -12) * size + (mean * size) / 128);
        weight.pending += options.rate * mean * (size + tag.error + drift);
        weight.windowMean += mean;
        if ((tick + row) % sweepEvery === 0) {
          // Increments of the tag inside the window count for all of it.
          weight.error += options.rate * weight.windowMean * weight.changes * (1 + 1 / 128) + weightUnit;
          weight.pending = 0;
          weight.windowMean = 0;
          weight.changes = 0;
        }
      });

      for (const state of [...x, ...y]) state.decay();
      for (const tag of tags) tag.decay();
      m.decay();
      if (reward !== 0) m.add(Math.round(reward / traceUnit) * traceUnit);

      const [x1, y1] = [
        machine.read(0, variableCodes.x1, 0, inputs),
        machine.read(0, variableCodes.y1, 0, neurons),
      ];
      x.forEach((state, n) => {
        within(x1[n]! * traceUnit, state.get(), `x1 of axon ${n} after tick ${tick}`);
      });
      y.forEach((state, n) => {
        within(y1[n]! * traceUnit, state.get(), `y1 of neuron ${n} after tick ${tick}`);
      });
      within(
        machine.read(0xffff, variableCodes.modulator, 0, 1)[0]! * traceUnit,
        m.get(),
        `modulator after tick ${tick}`,
      );
      const [t, w] = [
        machine.read(0, variableCodes.tag, 0, tags.length),
        machine.read(0, variableCodes.weight, 0, tags.length),
      ];
      tags.forEach((tag, n) => {
        within(t[n]! * tagUnit, tag.get(), `tag of synapse ${n} after tick ${tick}`);
      });
      weights.forEach(({ value, error, pending }, n) => {
        largest = Math.max(largest, Math.abs(w[n]! - initial[n]!));
        const clipped = value - error - pending <= 0 || value + error + pending >= 0.5;
        if (!clipped)
          within(
            w[n]! * weightUnit,
            { value, error: error + pending },
            `weight of synapse ${n} after tick ${tick}`,
          );
      });
    }
    return largest;
  }
});

test('membrane and current follow the equations within their roundings, and spikes come where they must', () => {
  fc.assert(
    fc.property(
      fc.record({
        tauMembrane: fc.double({ min: 5, max: 120, noNaN: true }),
        tauSynapse: fc.option(fc.double({ min: 2, max: 50, noNaN: true }), { nil: null }),
        bias: fc.double({ min: -0.02, max: 0.05, noNaN: true }),
        refractory: fc.nat(5),
        subtract: fc.boolean(),
        seed: fc.nat(100_000),
      }),
      ({ subtract, bias, seed, ...dynamics }) => {
        const network = makeNetwork(
          [
            { model: 'input', size: 5 },
            {
              size: 3,
              ...dynamics,
              bias: constant(bias),
              reset: subtract ? { mode: 'subtract' } : { mode: 'hard', value: -0.25 },
            },
          ],
          [{ between: [0, 1], weight: { kind: 'uniform', low: -0.1, high: 0.3 } }],
          { seed },
        );
        const image = readImage(compile(network, pico).image);
        const machine = new Machine(image);
        const unit = 2 ** -image.host.populations[1]!.exponent;
        const weights = Array.from(
          machine.read(0, variableCodes.weight, 0, 15),
          (w) => w * 2 ** image.host.projections[0]!.exponent,
        );
        const [keepV, keepI] = [
          Math.exp(-1 / dynamics.tauMembrane),
          Math.exp(-1 / (dynamics.tauSynapse ?? 1)),
        ];
        const draws = drawsOf(seed);
        const cells = [0, 1, 2].map(() => ({ v: 0, i: 0, ev: 0, ei: 0, refractory: 0 }));
        let arriving: number[] = [];
        for (let tick = 0; tick < 300; tick++) {
          const spiking = [0, 1, 2, 3, 4].filter(() => draws.uniform() < 0.15);
          for (const line of spiking) machine.addSpike(tick, line);
          const posts = new Set<number>();
          machine.run(1, (_, units, count) => {
            for (const neuron of units.subarray(0, count)) posts.add(neuron - 5);
          });
          const [v, i] = [machine.read(0, variableCodes.v, 0, 3), machine.read(0, variableCodes.i, 0, 3)];
          cells.forEach((cell, n) => {
            const input = arriving.reduce((sum, line) => sum + weights[line * 3 + n]!, 0);
            const exponential = dynamics.tauSynapse !== null;
            // The rate's error acts on each tick's decay of at most 1/τ of the value.
            cell.ei = exponential
              ? keepI * cell.ei + unit + rateError(dynamics.tauSynapse!) * Math.abs(cell.i)
              : 0;
            cell.i = exponential ? keepI * cell.i + input : input;
            if (exponential)
              within(i[n]! * unit, { value: cell.i, error: cell.ei }, `current ${n} after tick ${tick}`);
            if (cell.refractory > 0) {
              cell.refractory--;
              expect(posts.has(n)).toBe(false);
              return;
            }
            cell.ev =
              keepV * cell.ev + cell.ei + 1.5 * unit + rateError(dynamics.tauMembrane) * Math.abs(cell.v);
            const largest = (2 ** 23 - 1) * unit;
            cell.v = Math.max(-largest, Math.min(largest, keepV * cell.v + cell.i + bias));
            if (posts.has(n)) {
              expect(cell.v).toBeGreaterThanOrEqual(1 - cell.ev);
              cell.v = subtract ? cell.v - 1 : -0.25;
              if (!subtract) cell.ev = unit;
              cell.refractory = dynamics.refractory;
            } else expect(cell.v).toBeLessThan(1 + cell.ev);
            within(v[n]! * unit, { value: cell.v, error: cell.ev }, `membrane ${n} after tick ${tick}`);
          });
          arriving = spiking;
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** Error that one tick's decay with time constant tau can add, relative to the value. */
function rateError(tau: number): number {
  return 0.5 / 65536 + (0.5 / 512) * (1 / tau) * (tau > 125 ? 2 : 1);
}
