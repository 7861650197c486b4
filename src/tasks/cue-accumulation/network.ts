import type { NetworkDescription, ProjectionDescription } from '../../network/description.js';
import { cueTask } from './generator.js';
import type { CueOptions } from './options.js';

const threshold = 0.6;
/** Largest weight; 127 steps reach it. */
const range = 0.99;
const tauReadout = '20 ms';

/**
 * Bellec et al. (2020), Nature Communications 11, 3625, figure 3: cue lines onto recurrent LIF and ALIF neurons and from
 * them onto a leaky readout for each side. All weights learn on the core by e-prop; the error of the readouts comes back
 * through their own weights (symmetric) or through weights of its own (random, adaptive).
 */
export function cueNetwork(options: CueOptions): NetworkDescription {
  const { lif, alif, beta, seed, tauMembrane, tauAdaptation } = options;
  const cell = {
    model: 'lif',
    tauMembrane: `${tauMembrane} ms`,
    threshold,
    reset: 'subtract',
    surrogate: { dampening: 0.3, width: 0.5, shape: 'box' },
  } as const;
  const populations = {
    cues: { model: 'input', size: cueTask.lines } as const,
    ...(lif > 0 ? { lif: { ...cell, size: lif } } : {}),
    ...(alif > 0
      ? { alif: { ...cell, size: alif, adaptation: { tau: `${tauAdaptation} ms`, step: beta } } }
      : {}),
    readout: { model: 'readout', size: 2, tauMembrane: tauReadout } as const,
  };
  const recurrent = [...(lif > 0 ? ['lif'] : []), ...(alif > 0 ? ['alif'] : [])];
  return {
    engram: 1,
    name: 'cue-accumulation',
    tick: '1 ms',
    seed,
    populations,
    modulators: {
      teach: { tau: 'none' },
      error: { tau: 'none', error: { population: 'readout', gate: 'teach' } },
    },
    projections: {
      ...Object.fromEntries(
        recurrent.flatMap((to) =>
          ['cues', ...recurrent].map((from) => [`${from}-${to}`, learning(from, to, options)] as const),
        ),
      ),
      ...Object.fromEntries(recurrent.flatMap((from) => readoutOf(from, options))),
    },
  };
}

function learning(from: string, to: string, options: CueOptions): ProjectionDescription {
  const { lif, alif, beta, rate, tauMembrane, tauAdaptation, averaging } = options;
  const sources = from === 'cues' ? cueTask.lines : lif + alif;
  return {
    from,
    to,
    connect: { kind: 'all-to-all', selfConnections: from !== to },
    weight: { distribution: 'normal', mean: 0, sd: 1 / Math.sqrt(sources), low: -range, high: range },
    plasticity: {
      rule: to === 'alif' ? 'eprop-alif' : 'eprop',
      weightRange: [-range, range],
      rate,
      tauMembrane: `${tauMembrane} ms`,
      tauReadout,
      averaging: `${averaging} ms`,
      ...(to === 'alif' ? { beta, tauAdaptation: `${tauAdaptation} ms` } : {}),
    },
  };
}

/** The projection onto the readouts, and the one that carries errors back where that is not the same. */
function readoutOf(from: string, options: CueOptions): [string, ProjectionDescription][] {
  const { lif, alif, rateOut, averaging, feedback } = options;
  const projection: ProjectionDescription = {
    from,
    to: 'readout',
    weight: { distribution: 'normal', mean: 0, sd: 0.1 / Math.sqrt(lif + alif), low: -range, high: range },
    plasticity: {
      rule: 'eprop-readout',
      weightRange: [-range, range],
      rate: rateOut,
      tauReadout,
      averaging: `${averaging} ms`,
    },
  };
  if (feedback === 'symmetric') return [[`${from}-readout`, { ...projection, feedback: 'error' }]];
  const { plasticity, ...fixed } = projection;
  return [
    [`${from}-readout`, projection],
    [
      `${from}-errors`,
      {
        ...fixed,
        weight: { distribution: 'normal', mean: 0, sd: 1 / Math.sqrt(lif + alif), low: -range, high: range },
        ...(feedback === 'adaptive' ? { plasticity } : {}),
        feedback: 'error',
        silent: true,
      },
    ],
  ];
}
