import type { NamedRule } from '../definition.js';

/** Pair rule: pre before post strengthens, post before pre weakens, each pair by an exponential of its lag. */
export const stdp: NamedRule = {
  name: 'stdp',
  summary: 'pair-based spike-timing-dependent plasticity, additive',
  citation:
    'S. Song, K. D. Miller, L. F. Abbott (2000) Competitive Hebbian learning through spike-timing-dependent ' +
    'synaptic plasticity. Nature Neuroscience 3, 919–926. doi:10.1038/78829',
  dw: 'aPlus*x1*y0 - aMinus*y1*x0',
  traces: {
    x1: { tau: 'tauPlus', mode: 'mode' },
    y1: { tau: 'tauMinus', mode: 'mode' },
  },
  parameters: {
    aPlus: {
      kind: 'number',
      default: 0.005,
      unit: 'weight',
      description: 'potentiation of a pair with no lag',
    },
    aMinus: {
      kind: 'number',
      default: 0.00525,
      unit: 'weight',
      description: 'depression of a pair with no lag',
    },
    tauPlus: { kind: 'time', default: '20 ms', description: 'window of potentiation' },
    tauMinus: { kind: 'time', default: '20 ms', description: 'window of depression' },
    mode: {
      kind: 'choice',
      default: 'additive',
      options: ['additive', 'nearest'],
      description: 'whether all pairs count, or the nearest spike of the other side alone',
    },
  },
};
