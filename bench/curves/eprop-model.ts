import type { NetworkDescription } from '../../src/network/description.js';
import { coefficientError, factorError, tagError, traceError } from './error-bounds.js';
import { type Rig, rigOf } from './rig.js';

/** One arrival at a neuron at rest, below its threshold: what the e-prop rules make of it. Times in ticks of 1 ms. */
export const model = {
  tau: 20,
  tauReadout: 30,
  tauAdaptation: 2000,
  beta: 0.1,
  dampening: 0.3,
  weight: 0.5,
  probe: 0.4,
};
export type Rule = 'eprop' | 'eprop-alif' | 'eprop-event' | 'eprop-event-alif';

/** Line 0 is the synapse's, line 1 moves the membrane alone. The error comes as reward events of channel 0. */
export function epropRig(rule: Rule, rate: number): Rig {
  const adaptive = rule.endsWith('alif');
  const description: NetworkDescription = {
    engram: 1,
    name: 'eligibility',
    populations: {
      input: { model: 'input', size: 1 },
      probe: { model: 'input', size: 1 },
      cell: {
        model: 'lif',
        size: 1,
        tauMembrane: `${model.tau} ms`,
        surrogate: { dampening: model.dampening },
        ...(adaptive ? { adaptation: { tau: `${model.tauAdaptation} ms`, step: model.beta } } : {}),
      },
      readout: { model: 'readout', size: 1 },
    },
    modulators: { error: { tau: 'none', error: { population: 'readout' } } },
    projections: {
      in: {
        from: 'input',
        to: 'cell',
        weight: model.weight,
        plasticity: {
          rule,
          weightRange: [0, 0.99],
          rate,
          ...(rule.startsWith('eprop-event') ? {} : { tauReadout: `${model.tauReadout} ms` }),
          ...(adaptive ? { beta: model.beta, tauAdaptation: `${model.tauAdaptation} ms` } : {}),
        },
      },
      probe: { from: 'probe', to: 'cell', weight: model.probe },
      back: { from: 'cell', to: 'readout', weight: 1, silent: true, feedback: 'error' },
    },
  };
  return rigOf(description);
}

/** Of a tick, counted from the arrival. */
export interface Eligibility {
  readonly h: number;
  readonly x: number;
  /** h · (x − beta · what goes through the threshold). */
  readonly e: number;
  /** The two products that e is the difference of; the core rounds each. */
  readonly products: readonly number[];
  /** What a rounding of the core can make of e. */
  readonly error: number;
}

/** Rounding of products to a unit: by half of it, and of those below by no more than themselves. */
const rounded = (products: readonly number[], unit: number): number =>
  products.reduce((sum, product) => sum + Math.min(unit / 2, product), 0);

/** Errors of the tags: `unit` a unit, `tau` its time constant. */
interface TagUnits {
  readonly unit: number;
  readonly tau: number;
}

/**
 * The equations of Bellec et al. (2020) for one arrival at tick 0 and, at `probeAt`, a push to the membrane; no
 * spike. `filter` is e through the readout's filter, `slow` the eligibility through the threshold.
 */
export function eligibilities(
  ticks: number,
  adaptive: boolean,
  probeAt: number | null,
  slowUnits?: TagUnits,
) {
  const decay = (tau: number) => Math.exp(-1 / tau);
  const beta = adaptive ? model.beta : 0;
  const slowTag = slowUnits ? tagError(slowUnits.tau) : { relative: 0, low: 0 };
  let [v, x, slow, slowError] = [0, 0, 0, 0];
  const list: (Eligibility & { readonly slow: number; readonly slowError: number })[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    v = v * decay(model.tau) + (tick === 0 ? model.weight : 0) + (tick === probeAt ? model.probe : 0);
    x = tick === 0 ? 1 : x * decay(model.tau);
    if (v >= 1) throw new Error('the neuron would spike');
    const h = model.dampening * Math.max(0, v);
    const e = h * (x - beta * slow);
    const seen = slowError + slow * slowTag.relative + slowTag.low * (slowUnits?.unit ?? 0);
    // Peak, slope and distance of h are each rounded to 2^-12 at most.
    const rounding = coefficientError * h * (x + beta * slow) + 3 * factorError * (x + beta * slow);
    const error = h > 1e-4 ? rounding + h * (traceError(model.tau, tick) + beta * seen) : 0;
    const products = [h * x, h * beta * slow];
    slow += e;
    slowError += error + rounded(products, slowUnits?.unit ?? 0);
    slow *= decay(model.tauAdaptation);
    slowError *= decay(model.tauAdaptation);
    list.push({
      h,
      x,
      e,
      products,
      error,
      slow,
      slowError: slowError + slow * slowTag.relative + slowTag.low * (slowUnits?.unit ?? 0),
    });
  }
  return list;
}

/** e through the readout's filter after each tick, and its bound. */
export function filtered(of: readonly Eligibility[], unit: number): { value: number; bound: number }[] {
  const decay = Math.exp(-1 / model.tauReadout);
  const { low, relative } = tagError(model.tauReadout);
  let [value, error] = [0, 0];
  return of.map(({ e, products, error: own }) => {
    value = (value + e) * decay;
    error = (error + own + rounded(products, unit)) * decay;
    return { value, bound: error + relative * model.tauReadout * Math.abs(value) + low * unit };
  });
}
