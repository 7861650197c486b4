import type { NamedRule } from '../definition.js';

const slowImpulse = 1 / 8;

/**
 * Pairs and triplets of spikes. In the paper's names x1 = r1, x2 = r2, y1 = o1, y2 = o2; o2 and r2 are read just
 * before their own spike's increment, which is what every event here does. The slow traces step by 1/8 and their terms
 * have a factor of 8, so that a trace of the core (below 8) saturates at 64 steps: 100 ms and more at high rates.
 */
export const triplet: NamedRule = {
  name: 'triplet',
  summary: 'triplet STDP: depends on rate as cortical slices do',
  citation:
    'J.-P. Pfister, W. Gerstner (2006) Triplets of spikes in a model of spike timing-dependent plasticity. ' +
    'Journal of Neuroscience 26, 9673–9682. doi:10.1523/JNEUROSCI.1425-06.2006',
  dw: 'a2Plus*x1*y0 + 8*a3Plus*x1*y2*y0 - a2Minus*y1*x0 - 8*a3Minus*y1*x2*x0',
  traces: {
    x1: { tau: 'tauPlus', mode: 'mode' },
    x2: { tau: 'tauX', impulse: slowImpulse, mode: 'mode' },
    y1: { tau: 'tauMinus', mode: 'mode' },
    y2: { tau: 'tauY', impulse: slowImpulse, mode: 'mode' },
  },
  parameters: {
    a2Plus: { kind: 'number', default: 0, unit: 'weight', description: 'potentiation of a pair' },
    a3Plus: {
      kind: 'number',
      default: 6.5e-3,
      unit: 'weight',
      description: 'potentiation of a post-pre-post triplet',
    },
    a2Minus: { kind: 'number', default: 7.1e-3, unit: 'weight', description: 'depression of a pair' },
    a3Minus: {
      kind: 'number',
      default: 0,
      unit: 'weight',
      description: 'depression of a pre-post-pre triplet',
    },
    tauPlus: { kind: 'time', default: '16.8 ms', description: 'fast pre-trace (r1)' },
    tauX: {
      kind: 'time',
      default: '101 ms',
      description: 'slow pre-trace (r2); used where a3Minus is not 0',
    },
    tauMinus: { kind: 'time', default: '33.7 ms', description: 'fast post-trace (o1)' },
    tauY: { kind: 'time', default: '114 ms', description: 'slow post-trace (o2)' },
    mode: {
      kind: 'choice',
      default: 'additive',
      options: ['additive', 'nearest'],
      description: "the paper's all-to-all or nearest-spike interaction",
    },
  },
};
