import type { NamedRule } from '../definition.js';
import { rewardParameters } from './reward-parameters.js';

/**
 * Pairs mark the synapse with a tag that decays slowly; a modulator turns tags into weight. Florian's equations
 * (MSTDPET) with the tag of seconds that Izhikevich uses.
 */
export const rstdp: NamedRule = {
  name: 'rstdp',
  summary: 'reward-modulated STDP with an eligibility tag',
  citation:
    'E. M. Izhikevich (2007) Solving the distal reward problem through linkage of STDP and dopamine signaling. ' +
    'Cerebral Cortex 17, 2443–2452. doi:10.1093/cercor/bhl152; R. V. Florian (2007) Reinforcement learning through ' +
    'modulation of spike-timing-dependent synaptic plasticity. Neural Computation 19, 1468–1502. ' +
    'doi:10.1162/neco.2007.19.6.1468',
  dt: 'aPlus*x1*y0 - aMinus*y1*x0',
  dw: 'rate*m*t',
  traces: {
    x1: { tau: 'tauPlus', mode: 'mode' },
    y1: { tau: 'tauMinus', mode: 'mode' },
  },
  tag: { tau: 'tauTag' },
  parameters: {
    aPlus: { kind: 'number', default: 1, unit: 'tag', description: 'tag set by a pre-post pair with no lag' },
    aMinus: {
      kind: 'number',
      default: 1,
      unit: 'tag',
      description: 'tag taken by a post-pre pair with no lag',
    },
    tauPlus: { kind: 'time', default: '20 ms', description: 'window of pre-post pairs' },
    tauMinus: { kind: 'time', default: '20 ms', description: 'window of post-pre pairs' },
    ...rewardParameters,
    mode: {
      kind: 'choice',
      default: 'additive',
      options: ['additive', 'nearest'],
      description: 'whether all pairs count, or the nearest spike of the other side alone',
    },
  },
};
