/**
 * When a term acts: an arrival at the synapse (x0), a spike of its neuron (y0), each tick in which the neuron's membrane
 * is near its threshold (h0), or as a rate (u0).
 */
export type EventName = 'pre' | 'post' | 'near' | 'sweep';

export type TraceName = 'x1' | 'x2' | 'y1' | 'y2' | 'y3';
export type TagName = 't' | 't2';
/** `h`: pseudo-derivative of the neuron; `l`: its learning signal; `m`: a modulator. */
export type FactorName = TraceName | TagName | 'w' | 'h' | 'l' | 'm';

export interface Factor {
  readonly name: FactorName;
  /** For `m`: the modulator, where it is not the projection's own. */
  readonly modulator?: string;
}

/** One product of a rule. */
export interface Term {
  readonly target: TagName | 'w';
  readonly event: EventName;
  /** Amount per event; for `sweep` the rate per millisecond. */
  readonly coefficient: number;
  /** Up to three; the event's own factor (x0, y0, h0, u0) is not among them. */
  readonly factors: readonly Factor[];
  /** Column of its first character in its equation, from 1. */
  readonly column: number;
}

export interface TraceSpec {
  /** Ticks. */
  readonly tau: number;
  readonly impulse: number;
  readonly mode: 'additive' | 'nearest';
}

export interface TagSpec {
  /** Ticks. */
  readonly tau: number;
  /** Largest |t| to be held; null: the compiler chooses. */
  readonly range: number | null;
}

/** A learning rule, parsed: sums of products for the tags and the weight. */
export interface Rule {
  readonly name: string;
  readonly terms: readonly Term[];
  readonly traces: ReadonlyMap<TraceName, TraceSpec>;
  readonly tag: TagSpec | null;
  readonly tag2: TagSpec | null;
  /** Ticks wanted between two visits of unmodulated sweep products; null: the compiler chooses. */
  readonly sweep: number | null;
  /** Ticks wanted between two visits of modulated sweep products, up to 64; null: the compiler chooses. */
  readonly averaging: number | null;
  /** The equations as written. */
  readonly source: string;
}

/** Whether a product goes on in sweeps that wait for a modulator or a learning signal. */
export function isModulated({ event, factors }: Term): boolean {
  return event === 'sweep' && factors.some(({ name }) => name === 'm' || name === 'l');
}
