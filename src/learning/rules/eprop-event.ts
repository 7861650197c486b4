import type { NamedRule } from '../definition.js';
import { bellec, epropParameters, rateImpulse } from './eprop.js';

const citation =
  `${bellec}; C. Frenkel, G. Indiveri (2022) ReckOn: a 28nm sub-mm² task-agnostic spiking recurrent neural network ` +
  'processor enabling on-chip learning over second-long timescales. ISSCC 2022. doi:10.1109/ISSCC42614.2022.9731734';

const { rate, tauMembrane, reg, regTarget, tauRate } = epropParameters;
const parameters = {
  rate: { ...rate, unit: 'weight per h, trace and learning signal, each tick' },
  tauMembrane,
  reg: { ...reg, unit: 'weight per h, trace and unit of y3, each tick' },
  regTarget,
  tauRate,
} as const;

/** The eligibility is used as it arises and kept nowhere: no tag, no filter of the readout. */
export const epropEvent: NamedRule = {
  name: 'eprop-event',
  summary: 'e-prop for LIF neurons without a tag: the learning signal acts on the eligibility of the tick',
  citation,
  dw: 'rate*h*x1*l*h0 - reg*h*x1*y3*h0 + reg*regTarget*h*x1*h0',
  traces: { x1: { tau: 'tauMembrane' }, y3: { tau: 'tauRate', impulse: rateImpulse } },
  parameters,
};

/** As `eprop-event`, with one tag for the eligibility that goes through the adaptive threshold. */
export const epropEventAlif: NamedRule = {
  name: 'eprop-event-alif',
  summary: 'e-prop for neurons with an adaptive threshold, with that one tag',
  citation,
  dt: 'h*x1*h0 - beta*h*t*h0',
  dw: 'rate*h*x1*l*h0 - rate*beta*h*t*l*h0 - reg*h*x1*y3*h0 + reg*regTarget*h*x1*h0',
  traces: { x1: { tau: 'tauMembrane' }, y3: { tau: 'tauRate', impulse: rateImpulse } },
  tag: { tau: 'tauAdaptation' },
  parameters: {
    ...parameters,
    beta: {
      kind: 'number',
      default: 0.1,
      unit: 'membrane',
      description: 'what a spike adds to the threshold: adaptation.step of the target population',
    },
    tauAdaptation: {
      kind: 'time',
      default: '2 s',
      description: 'time constant of the threshold: adaptation.tau of the target population',
    },
  },
};
