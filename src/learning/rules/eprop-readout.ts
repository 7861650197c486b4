import type { NamedRule } from '../definition.js';
import { bellec, epropParameters } from './eprop.js';

/** The delta rule of a leaky readout: its own error times the arrivals as its membrane filters them. */
export const epropReadout: NamedRule = {
  name: 'eprop-readout',
  summary: 'delta rule of readouts, and of the weights that bring errors back',
  citation: bellec,
  dw: 'rate*l*x1',
  traces: { x1: { tau: 'tauReadout' } },
  averaging: 'averaging',
  parameters: {
    rate: { ...epropParameters.rate, unit: 'weight per trace, learning signal and ms' },
    averaging: epropParameters.averaging,
    tauReadout: {
      kind: 'time',
      default: '20 ms',
      description: "trace of the arrivals: the readout's membrane time constant",
    },
  },
};
