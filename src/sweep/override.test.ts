import { expect, test } from 'vitest';
import type { NetworkDescription } from '../network/description.js';
import { override } from './override.js';

const network = {
  engram: 1,
  name: 'n',
  populations: { in: { model: 'input', size: 2 }, 'out-1': { model: 'lif', size: 2 } },
  projections: {
    p: {
      from: 'in',
      to: 'out-1',
      weight: { values: [1, 2, 3, 4] },
      plasticity: { rule: 'stdp', weightRange: [0, 1] },
    },
  },
} as const satisfies NetworkDescription;

test('fields that are there, that are not there yet, and places of lists', () => {
  const set = override(network as unknown as NetworkDescription, {
    'populations.out-1.size': 5,
    'populations.out-1.tauMembrane': '10 ms',
    'projections.p.weight.values[2]': 9,
    'projections.p.plasticity.weightRange.1': 2,
    tick: '2 ms',
  });
  expect(set).toEqual({
    ...network,
    tick: '2 ms',
    populations: { ...network.populations, 'out-1': { model: 'lif', size: 5, tauMembrane: '10 ms' } },
    projections: {
      p: {
        ...network.projections.p,
        weight: { values: [1, 2, 9, 4] },
        plasticity: { rule: 'stdp', weightRange: [0, 2] },
      },
    },
  });
  expect(network.populations['out-1'].size).toBe(2);
});

test.each([
  ['populations.out1.size', /no 'out1'; did you mean 'out-1'\?/],
  ['projections.p.from.x', /'from', which has no parts/],
  ['projections.p.weight.values[4]', /no '4'/],
  ['projections.p.weight.values.first', /no 'first'/],
  ['populations.__proto__.x', /is no path/],
  ['populations..x', /is no path/],
  ['populations.constructor.x', /no 'constructor'/],
])('%s leads nowhere', (path, message) => {
  expect(() => override(network as unknown as NetworkDescription, { [path]: 1 })).toThrow(message);
});
