import type { NamedRule } from '../definition.js';

/** y3 steps by 1/64 a spike; a product of two traces saturates at 8, so here at 181 spikes. */
const proteinImpulse = 1 / 64;

/**
 * Pairs change the weight at once (early phase) and set a tag. The early phase fades towards `base`. Where the neuron has
 * spiked much, its proteins (y3, squared: little activity makes next to none) turn tags into a lasting change, t2, which
 * the weight then fades to instead. Minutes to hours: the sweeps are a minute apart, so that their steps are not lost.
 */
export const taggingCapture: NamedRule = {
  name: 'tagging-capture',
  summary: 'synaptic tagging and capture: early and late phase with proteins that a neuron shares',
  citation:
    'U. Frey, R. G. M. Morris (1997) Synaptic tagging and long-term potentiation. Nature 385, 533–536. ' +
    'doi:10.1038/385533a0; C. Clopath, L. Ziegler, E. Vasilaki, L. Büsing, W. Gerstner (2008) Tag-trigger-consolidation: ' +
    'a model of early and late long-term-potentiation and depression. PLoS Computational Biology 4, e1000248. ' +
    'doi:10.1371/journal.pcbi.1000248',
  dt: 'aPlus*x1*y0 - aMinus*y1*x0',
  dt2: 'capture*y3*y3*t',
  dw: 'aPlus*x1*y0 - aMinus*y1*x0 - fade*w + fade*base + fade*t2',
  traces: {
    x1: { tau: 'tauPlus' },
    y1: { tau: 'tauMinus' },
    y3: { tau: 'tauProtein', impulse: proteinImpulse },
  },
  tag: { tau: 'tauTag', range: 'ceiling' },
  tag2: { tau: 'tauLate', range: 'ceiling' },
  sweep: 'sweep',
  parameters: {
    aPlus: {
      kind: 'number',
      default: 0.005,
      unit: 'weight',
      description: 'potentiation of a pair with no lag',
    },
    aMinus: {
      kind: 'number',
      default: 0.0025,
      unit: 'weight',
      description: 'depression of a pair with no lag',
    },
    tauPlus: { kind: 'time', default: '20 ms', description: 'window of potentiation' },
    tauMinus: { kind: 'time', default: '20 ms', description: 'window of depression' },
    base: {
      kind: 'number',
      default: 0.5,
      unit: 'weight',
      description: 'weight that the early phase fades to',
    },
    fade: {
      kind: 'number',
      default: 2e-7,
      unit: 'per ms',
      description: 'rate at which it does: 1 in 83 min',
    },
    ceiling: {
      kind: 'number',
      default: 0.25,
      unit: 'weight',
      description: 'largest tag, and so largest lasting change; 0: the compiler chooses',
    },
    tauTag: { kind: 'time', default: '60 min', description: 'time constant of the tag' },
    tauProtein: { kind: 'time', default: '60 min', description: 'time constant of the proteins' },
    capture: {
      kind: 'number',
      default: 6e-8,
      unit: 'per squared y3 and ms',
      description: 'rate at which proteins turn tags into a lasting change: 1 in 35 min where they abound',
    },
    tauLate: { kind: 'time', default: 'none', description: 'time constant of the lasting change' },
    sweep: { kind: 'time', default: '60 s', description: 'how often fading and capture are done' },
  },
};
