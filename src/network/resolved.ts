import type { Rule } from '../learning/rule.js';

/**
 * A network with every default filled in, every name resolved to an index and every time in ticks: what the compiler
 * takes. Made by `resolveNetwork`.
 */

/** One number for all, or how each is drawn, or one each in canonical order. */
export type ValueSpec =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | {
      readonly kind: 'normal';
      readonly mean: number;
      readonly sd: number;
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: 'lognormal';
      readonly mu: number;
      readonly sigma: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'values'; readonly values: Float64Array };

/** Delays in ticks, 1 … 63; bounds are inclusive. */
export type DelaySpec =
  | { readonly kind: 'constant'; readonly ticks: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'values'; readonly ticks: Uint8Array };

export type ResetSpec =
  | { readonly mode: 'hard'; readonly value: number }
  | { readonly mode: 'subtract' }
  | { readonly mode: 'none' };

export type PopulationModel = 'input' | 'lif' | 'held' | 'readout';

export interface ResolvedPopulation {
  readonly name: string;
  readonly index: number;
  readonly model: PopulationModel;
  readonly size: number;
  /** Unit id of its first neuron or input line. */
  readonly firstUnit: number;
  /** Ticks; null: no decay. */
  readonly tauMembrane: number | null;
  /** Ticks; null: delta synapses. */
  readonly tauSynapse: number | null;
  readonly threshold: number;
  /** Added to the threshold by each spike, and its time constant in ticks (null: it stays); null: a fixed threshold. */
  readonly adaptation: { readonly tau: number | null; readonly step: number } | null;
  readonly reset: ResetSpec;
  /** Ticks. */
  readonly refractory: number;
  readonly bias: ValueSpec;
  /** Amplitude of the uniform noise added each tick. */
  readonly noise: number;
  readonly initial: ValueSpec;
  /** Pseudo-derivative; null: none. */
  readonly surrogate: SurrogateSpec | null;
}

/** h = dampening / threshold · max(0, 1 − |V − level| / (width · threshold)); a box: dampening / threshold inside. */
export interface SurrogateSpec {
  readonly dampening: number;
  readonly width: number;
  readonly shape: 'triangle' | 'box';
}

export interface PopulationSlice {
  readonly population: number;
  readonly first: number;
  readonly count: number;
}

/** Pairs are indices inside the slices. */
export type ConnectSpec =
  | { readonly kind: 'all-to-all'; readonly selfConnections: boolean }
  | { readonly kind: 'one-to-one' }
  | { readonly kind: 'probability'; readonly p: number; readonly selfConnections: boolean }
  | { readonly kind: 'in-degree'; readonly n: number; readonly selfConnections: boolean }
  | { readonly kind: 'list'; readonly pre: Uint32Array; readonly post: Uint32Array };

export interface ResolvedPlasticity {
  readonly rule: Rule;
  /** Channel of each modulator the rule names; `m` is the projection's own. */
  readonly modulators: ReadonlyMap<string, number>;
  readonly weightMin: number;
  readonly weightMax: number;
}

export interface ResolvedProjection {
  readonly name: string;
  readonly index: number;
  readonly from: PopulationSlice;
  readonly to: PopulationSlice;
  readonly connect: ConnectSpec;
  readonly weight: ValueSpec;
  readonly delay: DelaySpec;
  readonly plasticity: ResolvedPlasticity | null;
  /** Channel of the first neuron of the target population in its error modulator; null: no feedback. */
  readonly feedback: number | null;
  /** Its spikes do not reach the membrane. */
  readonly silent: boolean;
  /** From the network's seed and the projection's name. */
  readonly seed: number;
}

export interface ResolvedModulator {
  readonly name: string;
  readonly index: number;
  /** Ticks; null: no decay. */
  readonly tau: number | null;
  /** Reward events over which the running mean is taken; null: no baseline. */
  readonly baselineEvents: number | null;
  /** A channel of an error modulator: the neuron it reads, and the channel without which it is 0. */
  readonly error: {
    readonly population: number;
    readonly neuron: number;
    readonly gate: number | null;
  } | null;
}

export interface ResolvedEpisodes {
  /** Populations whose spikes are recorded, and those with which an episode begins. */
  readonly recorded: readonly number[];
  readonly opens: readonly number[];
  /** Channel whose reward events are the feedback; null: none. */
  readonly trigger: number | null;
  readonly slots: number;
  readonly events: number;
  /** Ticks. */
  readonly duration: number;
  readonly settle: number;
  /** 2^speed times as fast. */
  readonly speed: number;
  readonly reverse: boolean;
  readonly earlier: number;
  /** Bits of CLEAR. */
  readonly clear: number;
}

export interface ResolvedProbe {
  readonly name: string;
  readonly kind: 'population' | 'projection';
  readonly index: number;
  readonly variable:
    | 'spikes'
    | 'v'
    | 'i'
    | 'refractory'
    | 'adaptation'
    | 'y1'
    | 'y2'
    | 'y3'
    | 'weight'
    | 'tag'
    | 'tag2';
  /** Neurons first … first + count − 1; of a projection 0 and 0: all its synapses. */
  readonly first: number;
  readonly count: number;
  readonly everyTicks: number;
}

export interface ResolvedNetwork {
  readonly name: string;
  readonly tickMilliseconds: number;
  readonly seed: number;
  readonly populations: readonly ResolvedPopulation[];
  readonly projections: readonly ResolvedProjection[];
  readonly modulators: readonly ResolvedModulator[];
  readonly probes: readonly ResolvedProbe[];
  readonly episodes: ResolvedEpisodes | null;
}

/** Channel of the first neuron of a population in the error modulator that reads it; null: no modulator does. */
export function errorChannel({ modulators }: ResolvedNetwork, population: number): number | null {
  return (
    modulators.find(({ error }) => error?.population === population && error.neuron === 0)?.index ?? null
  );
}

/** The projection through which errors come back to the neurons of a population, if there is one. */
export function feedbackOf(
  { projections }: ResolvedNetwork,
  population: number,
): ResolvedProjection | undefined {
  return projections.find(({ feedback, from }) => feedback !== null && from.population === population);
}
