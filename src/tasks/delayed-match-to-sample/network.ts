import type {
  NetworkDescription,
  PopulationDescription,
  ProjectionDescription,
} from '../../network/description.js';
import { actionNeurons, exploringNoise, rewardLearning, rewardModulator } from '../reward-learning.js';
import type { MatchOptions } from './options.js';

type Projections = Record<string, ProjectionDescription>;

const both = [
  [0, 1],
  [1, 0],
] as const;
const part = (population: string, n: number, size: number) => `${population}[${n * size}:${(n + 1) * size}]`;

/**
 * Stimulus lines load the memory of their stimulus, if the other's is not held already: so the sample is kept and the
 * test is not. Mixing neurons get a few lines of both, drawn at random; some of them spike for one pair of sample and
 * test more than for others (mixed selectivity), which makes matching a matter of learned weights onto two actions.
 */
export function matchNetwork(options: MatchOptions): NetworkDescription {
  const { seed, linesPerStimulus, mixing, neuronsPerAction, tag } = options;
  return {
    engram: 1,
    name: 'delayed-match-to-sample',
    tick: '1 ms',
    seed,
    populations: {
      stimulus: { model: 'input', size: 2 * linesPerStimulus },
      ...memoryPopulation(options),
      mixing: { model: 'lif', size: mixing, tauMembrane: '20 ms', tauSynapse: '5 ms', refractory: '3 ms' },
      action: { ...actionNeurons, size: 2 * neuronsPerAction, noise: exploringNoise },
    },
    modulators: { reward: rewardModulator },
    projections: {
      ...memoryProjections(options),
      'stimulus-mixing': {
        from: 'stimulus',
        to: 'mixing',
        connect: { kind: 'in-degree', n: Math.min(3, 2 * linesPerStimulus) },
        weight: 0.03,
      },
      'mixing-action': {
        from: 'mixing',
        to: 'action',
        weight: 0.03,
        plasticity: rewardLearning(tag, 2e-6),
      },
      ...Object.fromEntries(
        both.map(([a, b]) => [
          `inhibit-${a}-${b}`,
          {
            from: part('action', a, neuronsPerAction),
            to: part('action', b, neuronsPerAction),
            weight: -0.1,
          },
        ]),
      ),
    },
  };
}

function memoryPopulation({ memory, neuronsPerMemory }: MatchOptions): Record<string, PopulationDescription> {
  const size = 2 * neuronsPerMemory;
  if (memory === 'none') return {};
  if (memory === 'held') return { memory: { model: 'held', size, period: '10 ms' } };
  return {
    memory: { model: 'lif', size, tauMembrane: '20 ms', tauSynapse: '50 ms', refractory: '8 ms' },
  };
}

/** Loading, exclusion of the other stimulus, and onto the mixing neurons; an attractor also excites itself. */
function memoryProjections(options: MatchOptions): Projections {
  const { memory, linesPerStimulus, neuronsPerMemory } = options;
  if (memory === 'none') return {};
  const held = memory === 'held';
  const memoryOf = (stimulus: number) => part('memory', stimulus, neuronsPerMemory);
  const projections: Projections = {};
  for (const [stimulus, other] of both) {
    projections[`load-${stimulus}`] = {
      from: part('stimulus', stimulus, linesPerStimulus),
      to: memoryOf(stimulus),
      weight: held ? 0.25 : 0.005,
    };
    projections[`exclude-${other}`] = {
      from: memoryOf(stimulus),
      to: memoryOf(other),
      weight: held ? -1 : -0.02,
    };
    if (!held)
      projections[`keep-${stimulus}`] = {
        from: memoryOf(stimulus),
        to: memoryOf(stimulus),
        connect: { kind: 'all-to-all', selfConnections: false },
        weight: 0.08 / (neuronsPerMemory - 1),
      };
  }
  projections['memory-mixing'] = {
    from: 'memory',
    to: 'mixing',
    connect: { kind: 'in-degree', n: 1 },
    weight: 0.06,
  };
  return projections;
}
