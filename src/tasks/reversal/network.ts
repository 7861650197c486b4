import type { NetworkDescription } from '../../network/description.js';
import { choiceEpisodes } from '../choice-episodes.js';
import { actionNeurons, exploringNoise, rewardLearning, rewardModulator } from '../reward-learning.js';
import type { ReversalOptions } from './options.js';

/**
 * One cue onto two groups of action neurons, with reward-modulated plasticity. All it has of its past choices is the
 * tags of their synapses, the later choice's the stronger: it cannot tell which of them an outcome belongs to. With
 * `replay` it has an episodic buffer of its last choices as well.
 */
export function reversalNetwork(options: ReversalOptions): NetworkDescription {
  const { seed, tag, learningRate, lines, neuronsPerAction, replay } = options;
  const group = (action: number) => `action[${action * neuronsPerAction}:${(action + 1) * neuronsPerAction}]`;
  return {
    engram: 1,
    name: 'reversal',
    tick: '1 ms',
    seed,
    populations: {
      cue: { model: 'input', size: lines },
      action: { ...actionNeurons, size: 2 * neuronsPerAction, noise: exploringNoise },
    },
    modulators: { reward: rewardModulator },
    projections: {
      'cue-action': {
        from: 'cue',
        to: 'action',
        weight: 0.03,
        plasticity: rewardLearning(tag, learningRate),
      },
      'inhibit-0-1': { from: group(0), to: group(1), weight: -0.1 },
      'inhibit-1-0': { from: group(1), to: group(0), weight: -0.1 },
    },
    ...(replay ? { episodes: episodes(options) } : {}),
  };
}

/** Choices kept for replay: as many as may be made until an outcome comes, and one to spare. */
export const keptEpisodes = ({ mostBetween }: ReversalOptions) => mostBetween + 2;

function episodes(options: ReversalOptions) {
  return choiceEpisodes(options.cue, {
    record: ['cue', 'action'],
    opens: 'cue',
    slots: keptEpisodes(options),
  });
}
