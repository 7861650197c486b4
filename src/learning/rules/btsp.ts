import type { NamedRule } from '../definition.js';

/** One plateau potential strengthens what arrived seconds before it, and less what arrives within a second after. */
export const btsp: NamedRule = {
  name: 'btsp',
  summary: 'behavioural-time-scale plasticity: a window of seconds, potentiation on both sides',
  citation:
    'K. C. Bittner, A. D. Milstein, C. Grienberger, S. Romani, J. C. Magee (2017) Behavioral time scale synaptic ' +
    'plasticity underlies CA1 place fields. Science 357, 1033–1036. doi:10.1126/science.aan3846',
  dw: 'aBefore*x1*y0 + aAfter*y1*x0',
  traces: {
    x1: { tau: 'tauBefore', mode: 'mode' },
    y1: { tau: 'tauAfter', mode: 'mode' },
  },
  parameters: {
    aBefore: {
      kind: 'number',
      default: 0.01,
      unit: 'weight',
      description: 'potentiation by an arrival just before a plateau',
    },
    aAfter: {
      kind: 'number',
      default: 0.01,
      unit: 'weight',
      description: 'potentiation by an arrival just after a plateau',
    },
    tauBefore: { kind: 'time', default: '1310 ms', description: 'window before the plateau' },
    tauAfter: { kind: 'time', default: '690 ms', description: 'window after it' },
    mode: {
      kind: 'choice',
      default: 'additive',
      options: ['additive', 'nearest'],
      description: 'whether all arrivals count, or the last one alone',
    },
  },
};
