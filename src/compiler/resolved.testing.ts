import type { Rule, Term, TraceSpec } from '../learning/rule.js';
import type {
  ResolvedModulator,
  ResolvedNetwork,
  ResolvedPopulation,
  ResolvedProjection,
  ValueSpec,
} from '../network/resolved.js';

/** Short forms for resolved networks in tests of the compiler. */

export const constant = (value: number): ValueSpec => ({ kind: 'constant', value });

export function population(fields: Partial<ResolvedPopulation>): ResolvedPopulation {
  return {
    name: 'p',
    index: 0,
    model: 'lif',
    size: 10,
    firstUnit: 0,
    tauMembrane: 20,
    tauSynapse: null,
    threshold: 1,
    adaptation: null,
    reset: { mode: 'hard', value: 0 },
    refractory: 2,
    bias: constant(0),
    noise: 0,
    initial: constant(0),
    surrogate: null,
    ...fields,
  };
}

/** Populations get their indices and first units; projections their indices and seeds. */
export function makeNetwork(
  populations: readonly Partial<ResolvedPopulation>[],
  projections: readonly (Partial<ResolvedProjection> & { readonly between: readonly [number, number] })[],
  rest: Partial<ResolvedNetwork> = {},
): ResolvedNetwork {
  let firstUnit = 0;
  const placed = populations.map((fields, index) => {
    const one = population({ name: `p${index}`, ...fields, index, firstUnit });
    firstUnit += one.size;
    return one;
  });
  const whole = (index: number) => ({ population: index, first: 0, count: placed[index]!.size });
  return {
    name: 'test',
    tickMilliseconds: 1,
    seed: 1,
    modulators: [],
    probes: [],
    episodes: null,
    ...rest,
    populations: placed,
    projections: projections.map(({ between: [from, to], ...fields }, index) => ({
      name: `${placed[from]!.name}-${placed[to]!.name}-${index}`,
      from: whole(from),
      to: whole(to),
      connect: { kind: 'all-to-all', selfConnections: true },
      weight: constant(0.1),
      delay: { kind: 'constant', ticks: 1 },
      plasticity: null,
      feedback: null,
      silent: false,
      seed: 1000 + index,
      ...fields,
      index,
    })),
  };
}

export const reward: ResolvedModulator = {
  name: 'reward',
  index: 0,
  tau: 50,
  baselineEvents: 10,
  error: null,
};

export const trace = (tau: number, mode: TraceSpec['mode'] = 'additive'): TraceSpec => ({
  tau,
  impulse: 1,
  mode,
});

export function term(
  target: Term['target'],
  event: Term['event'],
  coefficient: number,
  ...names: string[]
): Term {
  return {
    target,
    event,
    coefficient,
    factors: names.map((name) => ({ name: name as Term['factors'][number]['name'] })),
    column: 1,
  };
}

export function rule(fields: Partial<Rule>): Rule {
  return {
    name: 'r',
    terms: [],
    traces: new Map(),
    tag: null,
    tag2: null,
    sweep: null,
    averaging: null,
    source: '',
    ...fields,
  };
}

/** Reward-modulated STDP with a tag of `tau` ticks. */
export function rstdp(tau: number): Rule {
  return rule({
    name: 'rstdp',
    tag: { tau, range: null },
    traces: new Map([
      ['x1', trace(20)],
      ['y1', trace(20)],
    ]),
    terms: [term('t', 'post', 1, 'x1'), term('t', 'pre', -0.25, 'y1'), term('w', 'sweep', 2e-4, 'm', 't')],
  });
}

export const plastic = (learning: Rule, weightMax = 0.5) => ({
  rule: learning,
  modulators: new Map([['m', 0]]),
  weightMin: 0,
  weightMax,
});
