import type { NetworkDescription } from '../../src/network/description.js';

/**
 * Recurrent LIF and ALIF neurons that learn by e-prop, with everything it takes: windows, near-events, both tags,
 * symmetric, random and adaptive feedback, dense and sparse, error channels behind a gate and without.
 */
export function epropNetwork(seed: number): NetworkDescription {
  const weights = { distribution: 'normal', mean: 0.05, sd: 0.2 } as const;
  const plastic: { weightRange: [number, number]; rate: number } = { weightRange: [-0.9, 0.9], rate: 2e-3 };
  const cell = { model: 'lif', threshold: 0.6, tauMembrane: '20 ms', reset: 'subtract' } as const;
  return {
    engram: 1,
    name: 'learning-core',
    seed,
    populations: {
      input: { model: 'input', size: 12 },
      plain: { ...cell, size: 9, refractory: '2 ms', surrogate: {} },
      adaptive: {
        ...cell,
        size: 7,
        noise: 0.02,
        surrogate: { dampening: 0.5, width: 0.7, shape: 'box' },
        adaptation: { tau: '300 ms', step: 0.03 },
      },
      readout: { model: 'readout', size: 3, tauMembrane: '30 ms' },
      second: { model: 'readout', size: 2, tauMembrane: '10 ms' },
    },
    modulators: {
      teach: { tau: '50 ms' },
      error: { tau: 'none', error: { population: 'readout', gate: 'teach' } },
      free: { tau: '20 ms', error: { population: 'second' } },
    },
    projections: {
      'input-plain': {
        from: 'input',
        to: 'plain',
        weight: weights,
        plasticity: { rule: 'eprop', ...plastic, tauReadout: '30 ms' },
      },
      'input-adaptive': {
        from: 'input',
        to: 'adaptive',
        connect: { kind: 'probability', p: 0.6 },
        weight: weights,
        plasticity: { rule: 'eprop-alif', ...plastic, beta: 0.03, tauAdaptation: '300 ms' },
      },
      'plain-adaptive': {
        from: 'plain',
        to: 'adaptive',
        weight: weights,
        plasticity: { rule: 'eprop-event-alif', ...plastic, beta: 0.03, tauAdaptation: '300 ms' },
      },
      'adaptive-plain': {
        from: 'adaptive',
        to: 'plain',
        connect: { kind: 'probability', p: 0.5 },
        weight: weights,
        delay: '3 ms',
        plasticity: { rule: 'eprop-event', ...plastic },
      },
      'plain-readout': {
        from: 'plain',
        to: 'readout',
        weight: weights,
        feedback: 'error',
        plasticity: { rule: 'eprop-readout', ...plastic },
      },
      'adaptive-readout': { from: 'adaptive', to: 'readout', weight: weights },
      'adaptive-second': {
        from: 'adaptive',
        to: 'second',
        weight: weights,
        plasticity: { rule: 'eprop-readout', ...plastic },
      },
      'adaptive-errors': {
        from: 'adaptive',
        to: 'second',
        connect: { kind: 'probability', p: 0.8 },
        weight: weights,
        feedback: 'free',
        silent: true,
        plasticity: { rule: 'eprop-readout', ...plastic },
      },
    },
  };
}

/** Spikes of inputs and neurons are recorded and replayed; learning by reward needs them. */
export function replayNetwork(
  seed: number,
  episodes: Partial<NonNullable<NetworkDescription['episodes']>>,
): NetworkDescription {
  return {
    engram: 1,
    name: 'replays',
    seed,
    populations: {
      context: { model: 'input', size: 8 },
      other: { model: 'input', size: 3 },
      action: {
        model: 'lif',
        size: 6,
        tauMembrane: '20 ms',
        tauSynapse: '5 ms',
        threshold: 1,
        refractory: '3 ms',
        noise: 0.05,
      },
      after: { model: 'lif', size: 4, tauMembrane: '15 ms', threshold: 0.5 },
    },
    modulators: { reward: { tau: '30 ms', baseline: { events: 8 } }, tone: { tau: '100 ms' } },
    projections: {
      learns: {
        from: 'context',
        to: 'action',
        weight: 0.25,
        plasticity: { rule: 'rstdp', modulator: 'reward', weightRange: [0, 0.6], rate: 1e-5, tauTag: '1 s' },
      },
      captures: {
        from: 'action',
        to: 'after',
        connect: { kind: 'probability', p: 0.7 },
        weight: 0.3,
        delay: '4 ms',
        plasticity: { rule: 'tagging-capture', weightRange: [0, 1] },
      },
      disturbs: { from: 'other', to: 'action', weight: 0.3 },
      back: { from: 'after', to: 'action', weight: -0.1, delay: '7 ms' },
    },
    episodes: {
      record: ['context', 'action'],
      on: 'reward',
      window: '60 ms',
      slots: 5,
      events: 40,
      ...episodes,
    },
  };
}
