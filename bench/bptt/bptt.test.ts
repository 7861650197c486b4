import { expect, test } from 'vitest';
import { drawCueTrial } from '../../src/tasks/cue-accumulation/generator.js';
import { drawsOf } from '../../src/tasks/draws.js';
import { backward } from './backward.js';
import { distributionOf, relativeDistance } from './compare.js';
import { type Algorithm, bptt, patternGradient, recurrentCosine } from './cosines.js';
import { cueSettings, trainingOf } from './cue-networks.js';
import { eligibilityGradient } from './eligibility.js';
import { gradientError } from './finite-difference.js';
import { emptyRun, forward, rasterOf } from './forward.js';
import { gradientLengths } from './length-rows.js';
import { lossOf, type Target } from './loss.js';
import { type Model, pseudoDerivative, ramp } from './model.js';
import { type SmallOptions, smallNetwork } from './small-network.js';

const layers = ['input', 'recurrent', 'output'] as const;
const kinds = ['lif', 'alif'] as const;
const published: Algorithm = { kind: 'eprop', feedback: 'symmetric', throughReset: false };

/** One pattern run through a small network, with the errors of its readouts. */
function ranOnce(seed: number, options: SmallOptions, kind: Target['kind']) {
  const network = smallNetwork(seed, options);
  const { raster, label } = network.patterns[0]!;
  const run = forward(network.model, network.weights, raster, emptyRun(network.model, raster.steps));
  const error = new Float64Array(run.y.length);
  lossOf(run.y, network.model.outputs, { kind, label, from: 20, to: raster.steps }, error);
  return { ...network, raster, run, error };
}

test.each(kinds)('the %s gradient by BPTT is that of finite differences on the smooth network', (neuron) => {
  for (const seed of [1, 2]) {
    const network = smallNetwork(seed, { neuron, neurons: 10, steps: 40, spike: 'ramp', refractory: 0 });
    expect(gradientError(network)).toBeLessThan(1e-6);
  }
});

test('a path left out is noticed by that bound', () => {
  const network = smallNetwork(1, { neuron: 'alif', neurons: 10, steps: 40, spike: 'ramp', refractory: 0 });
  const whole = patternGradient(network, bptt).gradient.recurrent;
  for (const partial of [
    { ...bptt, throughReset: false },
    { ...bptt, kind: 'eprop' },
  ] as Algorithm[])
    expect(relativeDistance(patternGradient(network, partial).gradient.recurrent, whole)).toBeGreaterThan(
      1e-3,
    );
});

test.each(kinds)('%s: e-prop with eligibility vectors is BPTT where neurons are not joined', (neuron) => {
  for (const throughReset of [true, false])
    for (const seed of [1, 2, 3]) {
      const { error, model, raster, run, weights } = ranOnce(
        seed,
        { neuron, neurons: 15, recurrent: 0 },
        'softmax',
      );
      const shared = { feedback: weights.output, throughReset, throughReadout: true };
      const eprop = eligibilityGradient(model, raster, run, error, shared);
      const reference = backward(model, weights, raster, run, error, { ...shared, throughNeurons: true });
      for (const layer of layers)
        expect(relativeDistance(eprop[layer], reference[layer])).toBeLessThan(1e-12);
    }
});

test.each(kinds)('%s: e-prop backwards is e-prop forwards, for any feedback and filter', (neuron) => {
  const { error, model, randomFeedback, raster, run, weights } = ranOnce(
    4,
    { neuron, neurons: 15 },
    'linear',
  );
  for (const feedback of [weights.output, randomFeedback])
    for (const throughReset of [true, false])
      for (const throughReadout of [true, false]) {
        const shared = { feedback, throughReset, throughReadout };
        const forwards = eligibilityGradient(model, raster, run, error, shared);
        const backwards = backward(model, weights, raster, run, error, { ...shared, throughNeurons: false });
        for (const layer of layers)
          expect(relativeDistance(forwards[layer], backwards[layer])).toBeLessThan(1e-12);
      }
});

test('e-prop of LIF neurons points where BPTT does, above 0.6 in a dozen random networks', () => {
  const cosines = Array.from({ length: 12 }, (_, n) =>
    recurrentCosine(smallNetwork(n + 1, { neuron: 'lif' }), published),
  );
  expect(Math.min(...cosines)).toBeGreaterThan(0.6);
});

test('over a whole trial BPTT needs the path through the reset: without it its gradient explodes', () => {
  const setting = cueSettings.find(({ name }) => name === 'BPTT')!;
  const [whole, cut, eprop] = ([bptt, { ...bptt, throughReset: false }, published] satisfies Algorithm[]).map(
    (algorithm) => distributionOf(gradientLengths(setting, algorithm, 5)).median,
  );
  expect(whole! / eprop!).toBeLessThan(10);
  expect(cut! / eprop!).toBeGreaterThan(1e6);
});

test('random feedback says nothing about the gradient before learning', () => {
  const cosines = Array.from({ length: 24 }, (_, n) =>
    recurrentCosine(smallNetwork(n + 1, { neuron: 'lif' }), { ...published, feedback: 'random' }),
  );
  expect(Math.abs(distributionOf(cosines).mean)).toBeLessThan(0.25);
});

test.each(['triangle', 'box'] as const)('the %s pseudo-derivative is the slope of its ramp', (shape) => {
  const model: Model = {
    ...smallNetwork(1, { neuron: 'lif' }).model,
    threshold: 0.6,
    surrogate: { shape, gamma: 0.3, width: 0.7 },
  };
  for (let x = -0.6; x < 0.6; x += 0.0371)
    expect((ramp(model, x + 1e-6) - ramp(model, x - 1e-6)) / 2e-6).toBeCloseTo(pseudoDerivative(model, x), 5);
  expect(ramp(model, -1)).toBe(0);
});

test('a LIF neuron under constant input follows the equations by hand', () => {
  const model: Model = {
    ...smallNetwork(1, { neuron: 'lif', neurons: 1 }).model,
    inputs: 1,
    outputs: 1,
    alpha: Float64Array.of(0.9),
    kappa: 0.5,
    refractory: 0,
  };
  const weights = { input: Float64Array.of(0.2), recurrent: Float64Array.of(0), output: Float64Array.of(2) };
  const raster = rasterOf(
    12,
    Array.from({ length: 12 }, (_, t) => ({ in: t, unit: 0 })),
  );
  const run = forward(model, weights, raster, emptyRun(model, 12));
  // v(t) = 2 (1 − 0.9^(t+1)) reaches 1 first at t = 6, where it is 1.0434; then 0.9·1.0434 + 0.2 − 1 = 0.139, and on.
  expect([...run.z]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  expect([...run.y.subarray(5, 9)]).toEqual([0, 2, 1, 0.5]);
});

test('the adaptation of an ALIF neuron raises its threshold by β a spike and decays by ρ', () => {
  const lif: Model = { ...smallNetwork(1, { neuron: 'alif', neurons: 1 }).model, inputs: 1, refractory: 0 };
  const model: Model = {
    ...lif,
    alpha: Float64Array.of(0),
    rho: Float64Array.of(0.5),
    beta: Float64Array.of(1),
  };
  const weights = { input: Float64Array.of(2.7), recurrent: Float64Array.of(0), output: new Float64Array(3) };
  const raster = rasterOf(
    6,
    Array.from({ length: 6 }, (_, t) => ({ in: t, unit: 0 })),
  );
  const { z } = forward(model, weights, raster, emptyRun(model, 6));
  // v = 2.7 − z(t−1). θ: 1 (spike), 2 (v 1.7: none), 1.5 (spike), 2.25 (none), 1.625 (spike), 2.3125 (none).
  expect([...z]).toEqual([1, 0, 1, 0, 1, 0]);
});

test('e-prop teaches the LIF-only network on 8-bit weights: above 75 % after 700 trials', () => {
  const training = trainingOf(cueSettings.find(({ name }) => name === 'e-prop, LIF only')!, 2);
  const draws = drawsOf(1);
  for (let n = 0; n < 700; n++) training.learn(drawCueTrial(draws));
  let right = 0;
  for (let n = 0; n < 100; n++) right += Number(training.learn(drawCueTrial(draws)));
  expect(right).toBeGreaterThan(75);
});
