import type { NetworkDescription } from '../../network/description.js';
import type { ReversalOptions } from './options.js';

/**
 * One cue onto two groups of action neurons, with reward-modulated plasticity. All it has of its past choices is the
 * tags of their synapses, the later choice's the stronger: it cannot tell which of them an outcome belongs to.
 */
export function reversalNetwork({ seed, tag, lines, neuronsPerAction }: ReversalOptions): NetworkDescription {
  const group = (action: number) => `action[${action * neuronsPerAction}:${(action + 1) * neuronsPerAction}]`;
  return {
    engram: 1,
    name: 'reversal',
    tick: '1 ms',
    seed,
    populations: {
      cue: { model: 'input', size: lines },
      action: {
        model: 'lif',
        size: 2 * neuronsPerAction,
        tauMembrane: '20 ms',
        tauSynapse: '5 ms',
        refractory: '3 ms',
        noise: 0.018,
      },
    },
    modulators: { reward: { tau: '50 ms', baseline: { events: 20 } } },
    projections: {
      'cue-action': {
        from: 'cue',
        to: 'action',
        weight: 0.03,
        plasticity: {
          rule: 'rstdp',
          modulator: 'reward',
          weightRange: [0, 0.08],
          aPlus: 1,
          aMinus: 0.25,
          tauPlus: '20 ms',
          tauMinus: '20 ms',
          tauTag: `${tag} ms`,
          rate: 4e-7,
        },
      },
      'inhibit-0-1': { from: group(0), to: group(1), weight: -0.1 },
      'inhibit-1-0': { from: group(1), to: group(0), weight: -0.1 },
    },
  };
}
