import type { NamedRule } from '../definition.js';
import { rewardParameters } from './reward-parameters.js';

/** Coincidences, arrival before spike, wait in a tag for the error of a reward prediction. */
export const td: NamedRule = {
  name: 'td',
  summary: 'TD-STDP: eligibility modulated by the error of a reward prediction',
  citation:
    'N. Frémaux, H. Sprekeler, W. Gerstner (2013) Reinforcement learning using a continuous time actor-critic framework ' +
    'with spiking neurons. PLoS Computational Biology 9, e1003024. doi:10.1371/journal.pcbi.1003024',
  dt: 'x1*y0',
  dw: 'rate*m*t - forget*w',
  traces: { x1: { tau: 'tauPlus' } },
  tag: { tau: 'tauTag' },
  parameters: {
    tauPlus: { kind: 'time', default: '20 ms', description: 'window of arrivals before a spike' },
    ...rewardParameters,
    forget: { kind: 'number', default: 0, unit: 'per ms', description: 'decay of the weight; 0: none' },
  },
};
