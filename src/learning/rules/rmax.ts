import type { NamedRule } from '../definition.js';
import { rewardParameters } from './reward-parameters.js';

/**
 * Gradient of the expected reward for a neuron that spikes by chance, the likelier the nearer its membrane is to the
 * threshold: each spike less its expectation, times what had arrived. The core has no exponential escape rate; its h
 * stands for it, linear in the distance to the threshold.
 */
export const rmax: NamedRule = {
  name: 'rmax',
  summary: 'R-max: reward-modulated spikes less their expectation',
  citation:
    'J.-P. Pfister, T. Toyoizumi, D. Barber, W. Gerstner (2006) Optimal spike-timing-dependent plasticity for precise ' +
    'action potential firing in supervised learning. Neural Computation 18, 1318–1348. doi:10.1162/neco.2006.18.6.1318; ' +
    'N. Frémaux, W. Gerstner (2016) Neuromodulated spike-timing-dependent plasticity, and theory of three-factor ' +
    'learning rules. Frontiers in Neural Circuits 9, 85. doi:10.3389/fncir.2015.00085',
  dt: 'x1*y0 - expected*h*x1*h0',
  dw: 'rate*m*t',
  traces: { x1: { tau: 'tauMembrane' } },
  tag: { tau: 'tauTag' },
  parameters: {
    expected: {
      kind: 'number',
      default: 0.4,
      unit: 'spikes per h, each tick',
      description: 'chance of a spike in a tick, by h: such that expected times the mean of h is the rate',
    },
    tauMembrane: {
      kind: 'time',
      default: '20 ms',
      description: "trace of the arrivals: the membrane's time constant of the target population",
    },
    ...rewardParameters,
  },
};
