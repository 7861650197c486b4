/** When a term acts: an arrival at the synapse (x0), a spike of its neuron (y0), or as a rate (u0). */
export type EventName = 'pre' | 'post' | 'sweep';

export type TraceName = 'x1' | 'x2' | 'y1' | 'y2' | 'y3';
export type FactorName = TraceName | 't' | 'w' | 'm';

export interface Factor {
  readonly name: FactorName;
  /** For `m`: the modulator, where it is not the projection's own. */
  readonly modulator?: string;
}

/** One product of a rule. */
export interface Term {
  readonly target: 't' | 'w';
  readonly event: EventName;
  /** Amount per event; for `sweep` the rate per millisecond. */
  readonly coefficient: number;
  /** Up to three; the event's own factor (x0, y0, u0) is not among them. */
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

/** A learning rule, parsed: sums of products for the tag and the weight. */
export interface Rule {
  readonly name: string;
  readonly terms: readonly Term[];
  readonly traces: ReadonlyMap<TraceName, TraceSpec>;
  readonly tag: TagSpec | null;
  /** The equations as written. */
  readonly source: string;
}
