import type { NamedRule, RuleDefinition } from '../definition.js';

export const bellec =
  'G. Bellec, F. Scherr, A. Subramoney, E. Hajek, D. Salaj, R. Legenstein, W. Maass (2020) A solution to the learning ' +
  'dilemma for recurrent networks of spiking neurons. Nature Communications 11, 3625. doi:10.1038/s41467-020-17236-y';

/** y3 steps by 1/8, so that it does not saturate: of a neuron at r spikes a second it is r · tauRate / 8. */
export const rateImpulse = 1 / 8;

/** What the rules of the family have in common. */
export const epropParameters = {
  rate: {
    kind: 'number',
    default: 1e-4,
    unit: 'weight per tag, learning signal and ms',
    description: 'learning rate; it depends on the size of weights and errors, so set it',
  },
  tauMembrane: {
    kind: 'time',
    default: '20 ms',
    description: "trace of the arrivals: the membrane's time constant of the target population",
  },
  tauReadout: {
    kind: 'time',
    default: '20 ms',
    description: "low-pass filter of the eligibility: the readout's membrane time constant",
  },
  averaging: {
    kind: 'time',
    default: 'none',
    description: 'ticks between two steps of the weights, up to 64; "none": the compiler chooses',
  },
  reg: {
    kind: 'number',
    default: 0,
    unit: 'weight per tag, unit of y3 and ms',
    description: 'strength of the rate regularisation; 0: none',
  },
  regTarget: {
    kind: 'number',
    default: 1,
    unit: 'y3',
    description: 'rate wanted, as y3: spikes a second times tauRate, by 8; 1 is 10 a second',
  },
  tauRate: { kind: 'time', default: '800 ms', description: 'over which a neuron knows its own rate' },
} as const satisfies RuleDefinition['parameters'];

/** Eligibility of a LIF neuron: pseudo-derivative times the arrivals as the membrane filters them. */
export const eprop: NamedRule = {
  name: 'eprop',
  summary: 'e-prop for LIF neurons',
  citation: bellec,
  dt: 'h*x1*h0',
  dw: 'rate*l*t - reg*y3*t + reg*regTarget*t',
  traces: { x1: { tau: 'tauMembrane' }, y3: { tau: 'tauRate', impulse: rateImpulse } },
  tag: { tau: 'tauReadout' },
  averaging: 'averaging',
  parameters: epropParameters,
};
