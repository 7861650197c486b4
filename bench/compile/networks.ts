import type { NetworkDescription, ProjectionDescription } from '../../src/network/description.js';

/** A network whose compilation is measured. */
export interface CompileCase {
  readonly title: string;
  readonly target: string;
  readonly network: () => NetworkDescription;
  /** Goal in seconds; null: none. */
  readonly seconds: number | null;
}

type Fields = Pick<ProjectionDescription, 'weight'> &
  Partial<Pick<ProjectionDescription, 'delay' | 'plasticity'>>;

/**
 * 80 % excitatory and 20 % inhibitory neurons, each pair connected with probability `p`: with 4,000 neurons and p = 0.1
 * the network of Brunel (2000, doi:10.1023/A:1008925309027) as the speed benchmark has it. `excitatory` changes the
 * projections of the excitatory neurons; its delays, if it has any, are those of all.
 */
function balanced(neurons: number, p: number, excitatory: Fields = { weight: 0.25 }): NetworkDescription {
  const population = {
    model: 'lif',
    tauMembrane: '20 ms',
    threshold: 20,
    reset: 10,
    refractory: '2 ms',
  } as const;
  const projection = (from: string, to: string, fields: Fields): ProjectionDescription => ({
    from,
    to,
    connect: { kind: 'probability', p },
    delay: '2 ms',
    ...fields,
  });
  const inhibitory = { weight: -1.25, ...(excitatory.delay ? { delay: excitatory.delay } : {}) };
  return {
    engram: 1,
    name: 'balanced',
    seed: 1,
    populations: {
      e: { ...population, size: 0.8 * neurons },
      i: { ...population, size: 0.2 * neurons },
    },
    projections: {
      ee: projection('e', 'e', excitatory),
      ei: projection('e', 'i', excitatory),
      ie: projection('i', 'e', inhibitory),
      ii: projection('i', 'i', inhibitory),
    },
  };
}

const pairRule: Fields = {
  weight: { distribution: 'uniform', low: 0, high: 0.2 },
  plasticity: { rule: 'stdp', weightRange: [0, 1.5875] },
};
const delays: Fields = { weight: 0.25, delay: { distribution: 'uniform', low: '1 ms', high: '8 ms' } };
const [small, big] = [[4000, 0.1] as const, [40_000, 0.01] as const];

export const compileCases: Readonly<Record<string, CompileCase>> = {
  S1: { title: '1.6 M synapses', target: 'manycore', network: () => balanced(...small), seconds: 2 },
  'S1-one-core': {
    title: '1.6 M synapses, one core',
    target: 'posix',
    network: () => balanced(...small),
    seconds: 2,
  },
  'S1-delays': {
    title: '1.6 M synapses, delays 1–8 ms',
    target: 'manycore',
    network: () => balanced(...small, delays),
    seconds: 2,
  },
  'S1-plastic': {
    title: '1.6 M synapses, excitatory ones plastic',
    target: 'manycore',
    network: () => balanced(...small, pairRule),
    seconds: 2,
  },
  S1big: { title: '16 M synapses', target: 'manycore', network: () => balanced(...big), seconds: 20 },
  'S1big-delays': {
    title: '16 M synapses, delays 1–8 ms',
    target: 'manycore',
    network: () => balanced(...big, delays),
    seconds: 20,
  },
  'S1big-plastic': {
    title: '16 M synapses, excitatory ones plastic',
    target: 'manycore',
    network: () => balanced(...big, pairRule),
    seconds: 20,
  },
  'S1big-both': {
    title: '16 M synapses, both',
    target: 'manycore',
    network: () => balanced(...big, { ...delays, ...pairRule }),
    seconds: 20,
  },
  'hundred-thousand': {
    title: '10 M synapses, 100,000 neurons of in-degree 100',
    target: 'manycore',
    network: hundredThousand,
    seconds: null,
  },
};

function hundredThousand(): NetworkDescription {
  return {
    engram: 1,
    name: 'hundred-thousand',
    seed: 1,
    populations: { all: { model: 'lif', size: 100_000, tauMembrane: '20 ms', threshold: 20, reset: 10 } },
    projections: {
      recurrent: {
        from: 'all',
        to: 'all',
        connect: { kind: 'in-degree', n: 100, selfConnections: false },
        weight: { distribution: 'uniform', low: 0, high: 0.5 },
        delay: '2 ms',
      },
    },
  };
}
