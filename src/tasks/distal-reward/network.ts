import type { NetworkDescription, PlasticityDescription } from '../../network/description.js';
import type { DistalOptions } from './options.js';

/** Largest weight of an excitatory synapse, of a threshold of 1. */
export const largestWeight = 0.25;
/** Neurons of the excitatory population that are rewarded when the second spikes soon after the first. */
export const pair = { first: 1, second: 0 } as const;
/** Neurons whose pairings are rewarded instead in the control. */
export const otherPair = { first: 3, second: 2 } as const;
/** Projection with the one synapse from the first to the second neuron of the pair. */
export const rewardedProjection = 'pair';
/** Projections with all other plastic synapses. */
export const otherProjections = [
  'excitatory-excitatory',
  'excitatory-second',
  'excitatory-inhibitory',
] as const;

/** Izhikevich's rule: nearest-spike STDP marks a synapse, dopamine above its tonic level turns marks into weight. */
const rule = {
  dt: 'aPlus*x1*y0 - aMinus*y1*x0',
  dw: 'rate*m*t + rate*tonic*t',
  x1: { tau: '20 ms', mode: 'nearest' },
  y1: { tau: '20 ms', mode: 'nearest' },
  tag: { tau: 'tauTag', range: 4 },
  averaging: '32 ms',
  sweep: '256 ms',
  parameters: { aPlus: 1, aMinus: 1.5, rate: 1.8e-4, tonic: 0.002, tauTag: '1 s' },
} as const;

const neuron = { model: 'lif', tauMembrane: '10 ms', refractory: '2 ms' } as const;

/**
 * Four fifths excitatory neurons, one fifth inhibitory, all driven by noise to spike now and then. Every neuron has as
 * many inputs as another; the synapse from the first to the second neuron of the pair is there once and begins at 0.
 */
export function distalNetwork({ seed, neurons, synapses, tag }: DistalOptions): NetworkDescription {
  const [excitatory, inhibitory] = [(neurons * 4) / 5, neurons / 5];
  const inputs = Math.round((synapses * excitatory) / neurons);
  const inhibitingInputs = Math.round((synapses * inhibitory) / excitatory);
  const plasticity: PlasticityDescription = {
    rule: 'dopamine_stdp',
    modulator: 'dopamine',
    weightRange: [0, largestWeight],
    tauTag: `${tag} ms`,
  };
  const learned = { weight: 0.25 * largestWeight, delay: '1 ms', plasticity } as const;
  return {
    engram: 1,
    name: 'distal-reward',
    tick: '1 ms',
    seed,
    populations: {
      excitatory: { ...neuron, size: excitatory, noise: 0.29 },
      inhibitory: { ...neuron, size: inhibitory, noise: 0.29 },
    },
    modulators: { dopamine: { tau: '200 ms' } },
    rules: { dopamine_stdp: rule },
    projections: {
      'excitatory-excitatory': {
        from: 'excitatory',
        to: `excitatory[1:${excitatory}]`,
        connect: { kind: 'in-degree', n: inputs, selfConnections: false },
        ...learned,
      },
      'excitatory-second': {
        from: `excitatory[2:${excitatory}]`,
        to: 'excitatory[0]',
        connect: { kind: 'in-degree', n: inputs - 1 },
        ...learned,
      },
      pair: { from: 'excitatory[1]', to: 'excitatory[0]', ...learned, weight: 0 },
      'excitatory-inhibitory': {
        from: 'excitatory',
        to: 'inhibitory',
        connect: { kind: 'in-degree', n: inputs },
        ...learned,
      },
      'inhibitory-excitatory': {
        from: 'inhibitory',
        to: 'excitatory',
        connect: { kind: 'in-degree', n: inhibitingInputs },
        weight: -0.1,
        delay: '1 ms',
      },
    },
  };
}
