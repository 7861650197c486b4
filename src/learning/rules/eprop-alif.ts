import type { NamedRule } from '../definition.js';
import { bellec, epropParameters, rateImpulse } from './eprop.js';

/**
 * As `eprop`, for neurons with an adaptive threshold: the second tag is the eligibility that goes through the threshold,
 * and lasts as long as that does.
 */
export const epropAlif: NamedRule = {
  name: 'eprop-alif',
  summary: 'e-prop for neurons with an adaptive threshold',
  citation: bellec,
  dt: 'h*x1*h0 - beta*h*t2*h0',
  dt2: 'h*x1*h0 - beta*h*t2*h0',
  dw: 'rate*l*t - reg*y3*t + reg*regTarget*t',
  traces: { x1: { tau: 'tauMembrane' }, y3: { tau: 'tauRate', impulse: rateImpulse } },
  tag: { tau: 'tauReadout' },
  tag2: { tau: 'tauAdaptation' },
  averaging: 'averaging',
  parameters: {
    ...epropParameters,
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
