import { expect, test } from 'vitest';
import { network } from '../network/builder.js';
import { resolveNetwork } from '../network/resolve.js';
import { compile } from './compile.js';
import { loadTarget } from './load-target.js';
import type { Target } from './target.js';

const target = loadTarget('pico');
type Figure = Exclude<keyof Target['cycles'], 'measured'>;

/** How often a tick of the network pays a figure, counted by a target on which it alone costs something. */
function count(description: Parameters<typeof resolveNetwork>[0], figure: Figure): number {
  const nothing = Object.fromEntries(Object.keys(target.cycles).map((name) => [name, 0]));
  const cycles = { ...nothing, [figure]: 1e6, measured: true } as Target['cycles'];
  return compile(resolveNetwork(description), { ...target, cycles }).report.cost.cyclesPerTick / 1e6;
}

test('a static network pays for its neurons, and for arrivals at 10 Hz', () => {
  const net = network({ name: 'static', tick: '1 ms', seed: 1 });
  net.project(net.input('in', 30), net.lif('out', { size: 20, tauMembrane: '20 ms' }), { weight: 0.1 });
  const paid = (figure: Figure) => count(net.build(), figure);
  expect(paid('tick')).toBe(1);
  expect(paid('part')).toBe(1);
  expect(paid('neuron')).toBe(20);
  expect(paid('adaptiveNeuron')).toBe(0);
  expect(paid('arrival')).toBeCloseTo(30 * 0.01);
  expect(paid('staticSynapse')).toBeCloseTo(600 * 0.01);
  expect(paid('plasticSynapse')).toBe(0);
  expect(paid('tagSweep')).toBe(0);
});

test('reward-modulated STDP pays for pre- and post-events and both sweeps', () => {
  const net = network({ name: 'rewarded', tick: '1 ms', seed: 1 });
  const reward = net.modulator('reward', { tau: '50 ms' });
  net.project(net.input('in', 30), net.lif('out', { size: 20, tauMembrane: '20 ms' }), {
    weight: 0.1,
    // Its tag of 8 ms decays every tick, and so does it turn into weight.
    plasticity: { rule: 'rstdp', modulator: reward, weightRange: [0, 1], tauTag: '8 ms' },
  });
  const paid = (figure: Figure) => count(net.build(), figure);
  expect(paid('part')).toBe(2);
  expect(paid('modulator')).toBe(1);
  expect(paid('arrival')).toBeCloseTo(30 * 0.01);
  expect(paid('column')).toBeCloseTo(20 * 0.01);
  expect(paid('plasticSynapse')).toBeCloseTo(600 * 0.01);
  expect(paid('postSynapse')).toBeCloseTo(600 * 0.01);
  expect(paid('trace')).toBeCloseTo(30 + 20);
  expect(paid('tagSweep')).toBe(600);
  expect(paid('sweptSynapse')).toBe(600);
  expect(paid('generalTerm')).toBe(0);
});

test('e-prop pays for near-events in one tick of 20, for signals, and for terms that have no loop of their own', () => {
  const net = network({ name: 'eprop', tick: '1 ms', seed: 1 });
  const cells = net.lif('cells', {
    size: 20,
    tauMembrane: '20 ms',
    surrogate: {},
    adaptation: { tau: '2 s', step: 0.1 },
  });
  const readout = net.readout('readout', { size: 2, tauMembrane: '20 ms' });
  const error = net.modulator('error', { tau: 'none', error: { population: readout } });
  net.project(net.input('in', 30), cells, {
    weight: 0.1,
    plasticity: { rule: 'eprop-alif', weightRange: [0, 1], averaging: '1 ms' },
  });
  net.project(cells, readout, { weight: 0.1, feedback: error });
  const paid = (figure: Figure) => count(net.build(), figure);
  expect(paid('adaptiveNeuron')).toBe(20);
  expect(paid('neuron')).toBe(2);
  expect(paid('signal')).toBe(22);
  expect(paid('signalSynapse')).toBe(40);
  expect(paid('column')).toBeCloseTo(20 * 0.05);
  expect(paid('generalSynapse')).toBeCloseTo(600 * 0.05);
  expect(paid('generalTerm')).toBeCloseTo(4 * 600 * 0.05);
  // No pre terms: the weight is delivered and that is all.
  expect(paid('plasticSynapse')).toBe(0);
  expect(paid('staticSynapse')).toBeCloseTo((600 + 40) * 0.01);
  expect(paid('sweptSynapse')).toBe(600);
});
