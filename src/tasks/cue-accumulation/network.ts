import type { NetworkDescription, ProjectionDescription } from '../../network/description.js';
import { cueTask } from './generator.js';
import { adaptation, type CueKind, cueKinds, slowEprop, threshold } from './kinds.js';
import type { CueOptions } from './options.js';

const tauReadout = '20 ms';
/** Ticks between two steps of the weights. */
const averaging = '8 ms';
const readoutRange = 0.99;

/**
 * Bellec et al. (2020), Nature Communications 11, 3625, figure 3: cue lines onto recurrent neurons and from them onto a
 * leaky readout for each side. All weights learn on the core by e-prop; the error of the readouts comes back through
 * their own weights (symmetric) or through weights of its own (random, adaptive).
 */
export function cueNetwork(options: CueOptions): NetworkDescription {
  const kind = cueKinds[options.neurons];
  const sizes = sizesOf(kind, options.size);
  const cell = {
    model: 'lif',
    tauMembrane: kind.tauMembrane,
    threshold,
    reset: 'subtract',
    refractory: '5 ms',
    surrogate: { dampening: 0.3, width: 0.5, shape: 'box' },
  } as const;
  return {
    engram: 1,
    name: 'cue-accumulation',
    tick: '1 ms',
    seed: options.seed,
    populations: {
      cues: { model: 'input', size: cueTask.lines },
      ...Object.fromEntries(
        kind.populations.map((name, n) => [
          name,
          { ...cell, size: sizes[n]!, ...(name === 'alif' ? { adaptation } : {}) },
        ]),
      ),
      readout: { model: 'readout', size: 2, tauMembrane: tauReadout },
    },
    modulators: {
      teach: { tau: 'none' },
      error: { tau: 'none', error: { population: 'readout', gate: 'teach' } },
    },
    ...(options.neurons === 'lif' ? { rules: { 'slow-eprop': slowEprop } } : {}),
    projections: Object.fromEntries([
      ...kind.populations.flatMap((to) =>
        ['cues', ...kind.populations].map((from) => [`${from}-${to}`, learning(from, to, kind, options)]),
      ),
      ...kind.populations.flatMap((from) => ontoReadout(from, kind, options)),
    ]) as Record<string, ProjectionDescription>,
  };
}

/** Sizes of the populations: equal shares, the first takes what is over. */
function sizesOf({ populations }: CueKind, size: number): number[] {
  const share = Math.floor(size / populations.length);
  return populations.map((_, n) => (n === 0 ? size - share * (populations.length - 1) : share));
}

function learning(from: string, to: string, kind: CueKind, { size }: CueOptions): ProjectionDescription {
  const layer = from === 'cues' ? 'cues' : 'recurrent';
  const sources = from === 'cues' ? cueTask.lines : size;
  return {
    from,
    to,
    connect: { kind: 'all-to-all', selfConnections: from !== to },
    weight: normal(kind.scale[layer] / Math.sqrt(sources), kind.range),
    plasticity: {
      rule: to === 'alif' ? 'eprop-alif' : kind.populations.includes('alif') ? 'eprop' : 'slow-eprop',
      weightRange: [-kind.range, kind.range],
      rate: kind.rate[layer],
      tauMembrane: kind.tauMembrane,
      tauReadout,
      averaging,
      ...(to === 'alif' ? { beta: adaptation.step, tauAdaptation: adaptation.tau } : {}),
    },
  };
}

/** The projection onto the readouts, and the one that carries errors back where that is not the same. */
function ontoReadout(
  from: string,
  kind: CueKind,
  { size, feedback }: CueOptions,
): [string, ProjectionDescription][] {
  const forward: ProjectionDescription = {
    from,
    to: 'readout',
    weight: normal(kind.scale.readout / Math.sqrt(size), readoutRange),
    plasticity: {
      rule: 'eprop-readout',
      weightRange: [-readoutRange, readoutRange],
      rate: kind.rate.readout,
      tauReadout,
      averaging,
    },
  };
  if (feedback === 'symmetric') return [[`${from}-readout`, { ...forward, feedback: 'error' }]];
  const { plasticity, ...fixed } = forward;
  const back: ProjectionDescription = {
    ...fixed,
    weight: normal(1 / Math.sqrt(size), readoutRange),
    ...(feedback === 'adaptive' ? { plasticity } : {}),
    feedback: 'error',
    silent: true,
  };
  return [
    [`${from}-readout`, forward],
    [`${from}-errors`, back],
  ];
}

const normal = (sd: number, limit: number) =>
  ({ distribution: 'normal', mean: 0, sd, low: -limit, high: limit }) as const;
