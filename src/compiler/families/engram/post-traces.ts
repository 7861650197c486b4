import { EngramError } from '../../../errors/engram-error.js';
import type { TraceSpec } from '../../../learning/rule.js';
import type { ResolvedNetwork, ResolvedProjection } from '../../../network/resolved.js';
import { stateDecay } from './decay.js';
import type { QuantizedTrace } from './quantized.js';

const slots = ['y1', 'y2', 'y3'] as const;
export type PostSlot = (typeof slots)[number];
const traceUnit = 2 ** 20;
const stateMax = 2 ** 23 - 1;

/** Post-traces of a population, and for each projection onto it the slot of each y trace its rule names. */
export interface PostTraces {
  readonly traces: readonly QuantizedTrace[];
  readonly slotsOf: ReadonlyMap<ResolvedProjection, ReadonlyMap<string, PostSlot>>;
}

/** A neuron has one set of y traces for all rules: equal ones are shared, and there are three. Throws E0401 if more are needed. */
export function assignPostTraces(network: ResolvedNetwork, population: number): PostTraces {
  const specs: TraceSpec[] = [];
  const slotsOf = new Map<ResolvedProjection, Map<string, PostSlot>>();
  for (const projection of network.projections) {
    if (projection.to.population !== population || projection.plasticity === null) continue;
    const own = new Map<string, PostSlot>();
    for (const name of usedTraces(projection, slots)) {
      const spec = projection.plasticity.rule.traces.get(name)!;
      let place = specs.findIndex((other) => sameTrace(other, spec));
      if (place < 0) place = specs.push(spec) - 1;
      if (place >= slots.length) throw tooManyTraces(network, population, specs);
      own.set(name, slots[place]!);
    }
    slotsOf.set(projection, own);
  }
  return { traces: specs.map(quantizeTrace), slotsOf };
}

/** The traces of those names that the projection's rule really reads. */
export function usedTraces<N extends string>(projection: ResolvedProjection, names: readonly N[]): N[] {
  const factors =
    projection.plasticity?.rule.terms.flatMap((term) => term.factors.map(({ name }) => name)) ?? [];
  return names.filter((name) => (factors as string[]).includes(name));
}

/** A trace's impulse and decay as integers; an impulse beyond the range is cut to it. */
export function quantizeTrace(spec: TraceSpec): QuantizedTrace {
  return {
    ...stateDecay(spec.tau),
    mode: spec.mode,
    impulse: Math.min(stateMax, Math.round(spec.impulse * traceUnit)),
  };
}

function sameTrace(a: TraceSpec, b: TraceSpec): boolean {
  return a.tau === b.tau && a.impulse === b.impulse && a.mode === b.mode;
}

function tooManyTraces(
  network: ResolvedNetwork,
  population: number,
  specs: readonly TraceSpec[],
): EngramError {
  const name = network.populations[population]!.name;
  return new EngramError(
    'E0401',
    `population '${name}' needs ${specs.length} different post-traces; a neuron of the core holds ${slots.length}`,
    {
      facts: [
        ['time constants', specs.map((spec) => `${spec.tau * network.tickMilliseconds} ms`).join(', ')],
      ],
      fix: ['give the rules of its incoming projections equal time constants where they may be equal'],
    },
  );
}
