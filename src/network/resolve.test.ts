import { describe, expect, test } from 'vitest';
import type { NetworkDescription } from './description.js';
import { resolveNetwork } from './resolve.js';

const description = {
  engram: 1,
  name: 'small',
  tick: '100 us',
  seed: 7,
  populations: {
    input: { model: 'input', size: 4 },
    plain: { model: 'lif', size: 3 },
    full: {
      model: 'lif',
      size: 2,
      tauMembrane: 'none',
      tauSynapse: '0.55 ms',
      threshold: 2,
      reset: 'subtract',
      refractory: '3 ms',
      bias: { values: [0.1, 0.2] },
      noise: 0.5,
      initial: { distribution: 'normal', mean: 0, sd: 1, low: -1 },
    },
    memory: { model: 'held', size: 1, period: '10 ms' },
    readout: { model: 'readout', size: 1 },
  },
  modulators: { reward: { tau: '50 ms', baseline: { events: 20 } }, mood: { tau: 'none' } },
  rules: {
    both: { dt: 'x1*y0', dw: 'm*t + mood*m.reward*t', x1: { tau: '5 ms' }, tag: { tau: '2 h', range: 3 } },
  },
  projections: {
    plain: { from: 'input[1:3]', to: 'plain', weight: 1 },
    learned: {
      from: 'input',
      to: 'full[1]',
      connect: { kind: 'probability', p: 0.5 },
      weight: { distribution: 'lognormal', mu: -1, sigma: 0.5 },
      delay: { distribution: 'uniform', low: '100 us', high: '6.3 ms' },
      plasticity: { rule: 'both', modulator: 'mood', weightRange: [0, 1] },
    },
    list: {
      from: 'plain',
      to: 'readout',
      connect: {
        kind: 'list',
        pairs: [
          [2, 0],
          [0, 0],
        ],
      },
      weight: { values: [3, 4] },
      delay: { values: ['0.2 ms', '0.3 ms'] },
    },
  },
  probes: {
    v: { of: 'plain', variable: 'v', neurons: '1:', every: '1 ms' },
    tags: { of: 'learned', variable: 'tag' },
  },
} satisfies NetworkDescription;

const network = resolveNetwork(description);
const zero = { kind: 'constant', value: 0 };

test('the network as a whole', () => {
  expect(network).toMatchObject({ name: 'small', tickMilliseconds: 0.1, seed: 7 });
  expect(network.modulators).toEqual([
    { name: 'reward', index: 0, tau: 500, baselineEvents: 20, error: null },
    { name: 'mood', index: 1, tau: null, baselineEvents: null, error: null },
  ]);
});

describe('populations', () => {
  test('units follow each other in order of the description', () => {
    expect(network.populations.map(({ index, firstUnit, size }) => [index, firstUnit, size])).toEqual([
      [0, 0, 4],
      [1, 4, 3],
      [2, 7, 2],
      [3, 9, 1],
      [4, 10, 1],
    ]);
  });

  test('defaults', () => {
    expect(network.populations[1]).toMatchObject({
      tauMembrane: 200,
      tauSynapse: null,
      threshold: 1,
      reset: { mode: 'hard', value: 0 },
      refractory: 0,
      bias: zero,
      noise: 0,
      initial: zero,
    });
  });

  test('everything given', () => {
    expect(network.populations[2]).toMatchObject({
      tauMembrane: null,
      tauSynapse: 5.5,
      threshold: 2,
      reset: { mode: 'subtract' },
      refractory: 30,
      bias: { kind: 'values', values: Float64Array.of(0.1, 0.2) },
      noise: 0.5,
      initial: { kind: 'normal', mean: 0, sd: 1, low: -1, high: Number.POSITIVE_INFINITY },
    });
  });

  test('held and readout', () => {
    expect(network.populations[3]).toMatchObject({
      tauMembrane: null,
      reset: { mode: 'none' },
      refractory: 99,
      threshold: 1,
    });
    expect(network.populations[4]).toMatchObject({ tauMembrane: 200, threshold: Number.POSITIVE_INFINITY });
  });
});

describe('projections', () => {
  test('defaults and slices', () => {
    expect(network.projections[0]).toMatchObject({
      from: { population: 0, first: 1, count: 2 },
      to: { population: 1, first: 0, count: 3 },
      connect: { kind: 'all-to-all', selfConnections: true },
      weight: { kind: 'constant', value: 1 },
      delay: { kind: 'constant', ticks: 1 },
      plasticity: null,
    });
  });

  test('an open distribution of plastic weights is cut to their range', () => {
    expect(network.projections[1]).toMatchObject({
      to: { population: 2, first: 1, count: 1 },
      weight: { kind: 'lognormal', low: 0, high: 1 },
      delay: { kind: 'uniform', low: 1, high: 63 },
      plasticity: {
        weightMin: 0,
        weightMax: 1,
        modulators: new Map([
          ['m', 1],
          ['mood', 1],
          ['reward', 0],
        ]),
      },
    });
    expect(network.projections[1]!.plasticity!.rule.tag).toEqual({ tau: 72_000_000, range: 3 });
  });

  test('lists', () => {
    expect(network.projections[2]).toMatchObject({
      connect: { kind: 'list', pre: Uint32Array.of(2, 0), post: Uint32Array.of(0, 0) },
      weight: { kind: 'values', values: Float64Array.of(3, 4) },
      delay: { kind: 'values', ticks: Uint8Array.of(2, 3) },
    });
  });

  test('seeds depend on the seed and the name, not on the neighbours', () => {
    const { plain, ...others } = description.projections;
    const fewer = resolveNetwork({ ...description, projections: others });
    expect(fewer.projections.map(({ seed }) => seed)).toEqual(
      network.projections.slice(1).map(({ seed }) => seed),
    );
    const reseeded = resolveNetwork({ ...description, seed: 8 });
    const seeds = [...network.projections, ...reseeded.projections].map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(6);
  });
});

test('probes', () => {
  expect(network.probes).toEqual([
    { name: 'v', kind: 'population', index: 1, variable: 'v', first: 1, count: 2, everyTicks: 10 },
    { name: 'tags', kind: 'projection', index: 1, variable: 'tag', first: 0, count: 0, everyTicks: 1 },
  ]);
});

test('given values for all-to-all without self-connections count the pairs that are left', () => {
  const weights = (count: number) =>
    resolveNetwork({
      engram: 1,
      name: 'ring',
      populations: { ring: { model: 'lif', size: 5 } },
      projections: {
        around: {
          from: 'ring[0:3]',
          to: 'ring[1:5]',
          connect: { kind: 'all-to-all', selfConnections: false },
          weight: { values: Array.from({ length: count }, () => 0.1) },
        },
      },
    });
  expect(() => weights(10)).not.toThrow();
  expect(() => weights(12)).toThrow('a problem');
});
