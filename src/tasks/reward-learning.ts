import type { PlasticityDescription } from '../network/description.js';

/** Action neurons of the tasks that learn from late reward. */
export const actionNeurons = {
  model: 'lif',
  tauMembrane: '20 ms',
  tauSynapse: '5 ms',
  refractory: '3 ms',
} as const;
/** Amplitude of the noise that makes them try other choices, of a threshold of 1. */
export const exploringNoise = 0.018;

/** Reward less its running mean over about 20 trials. */
export const rewardModulator = { tau: '50 ms', baseline: { events: 20 } } as const;

/** Reward-modulated plasticity onto action neurons; `tag` in ms. */
export function rewardLearning(tag: number, rate: number): PlasticityDescription {
  return {
    rule: 'rstdp',
    modulator: 'reward',
    weightRange: [0, 0.08],
    aPlus: 1,
    aMinus: 0.25,
    tauPlus: '20 ms',
    tauMinus: '20 ms',
    tauTag: `${tag} ms`,
    rate,
  };
}
