import type { TermRecord } from '../../../image/image.js';
import type { TraceSpec } from '../../../learning/rule.js';
import type { ResolvedNetwork } from '../../../network/resolved.js';
import type { Connections } from '../../passes.js';
import type { Decay } from './decay.js';

/** A trace in the core's integers. */
export interface QuantizedTrace extends Decay {
  readonly mode: TraceSpec['mode'];
  readonly impulse: number;
}

/** h of a neuron (`docs/core.md`, section 5). */
export interface QuantizedWindow {
  /** One unit of h is 2^exponent, per membrane unit. */
  readonly exponent: number;
  readonly width: number;
  readonly peak: number;
  readonly slope: number;
  readonly shift: number;
}

/** l of a neuron, in 2^-12 (`docs/core.md`, section 6). */
export interface QuantizedSignal {
  /** Channel of the population's first neuron in its own error modulator; null: none. */
  readonly channel: number | null;
  /** Shift of the sum of weights and errors. */
  readonly shift: number;
}

export interface QuantizedPopulation {
  /** One unit of V and I is 2^-exponent of the membrane unit. */
  readonly exponent: number;
  readonly v: Decay;
  /** null: delta synapse. */
  readonly i: Decay | null;
  readonly threshold: number;
  /** What a spike adds to the threshold, and how it falls back; null: nothing. */
  readonly adaptation: (Decay & { readonly impulse: number }) | null;
  readonly resetValue: number;
  readonly noise: number;
  readonly bias: number | Int32Array;
  readonly initial: number | Int32Array;
  /** Pseudo-derivative; null: h is 0. */
  readonly window: QuantizedWindow | null;
  /** Learning signal; null: l is 0. */
  readonly signal: QuantizedSignal | null;
  /** Post-traces in slots y1, y2, y3. */
  readonly traces: readonly QuantizedTrace[];
}

/** Errors of the weights as stored against the weights as described, in membrane units. */
export interface WeightErrors {
  readonly max: number;
  readonly rms: number;
}

export interface QuantizedPlasticity {
  /** Place in `rules`. */
  readonly rule: number;
  /** One unit of T is 2^tagExponent; null: the rule has no tag. */
  readonly tagExponent: number | null;
  readonly tag: Decay;
  /** Likewise of T2. */
  readonly tag2Exponent: number | null;
  readonly tag2: Decay;
  /** Modulated sweeps every 2^sweepPeriod ticks, others every 2^ratedPeriod. */
  readonly sweepPeriod: number;
  readonly ratedPeriod: number;
  readonly wMin: number;
  readonly wMax: number;
  /** The rule has products that go over a neuron's synapses: at y0 or h0. */
  readonly needsColumns: boolean;
  /** Pre-traces in slots x1, x2; null: absent. */
  readonly traces: readonly [QuantizedTrace | null, QuantizedTrace | null];
  /** Largest relative error of the rule's coefficients. */
  readonly coefficientError: number;
}

export interface QuantizedProjection {
  /** One step of the acting weight is 2^exponent membrane units. */
  readonly exponent: number;
  /** weight << shift is in units of the target's state. */
  readonly shift: number;
  /** Static: mantissas (int8). Plastic: fine weights (int16). In canonical order, or one for all synapses. */
  readonly weights: Int8Array | Int16Array | number;
  readonly plasticity: QuantizedPlasticity | null;
  readonly errors: WeightErrors;
}

export interface QuantizedModulator {
  readonly decay: Decay;
  /** Share of the error that goes into the baseline, / 65536; null: no baseline. */
  readonly gain: number | null;
  /** V << errorShift of the neuron it reads is in 2^-20; null: no error. */
  readonly errorShift: number | null;
}

/** After `quantize`: every number is an integer of the core, and the weights as described are given up. */
export interface QuantizedNetwork {
  readonly network: ResolvedNetwork;
  readonly projections: readonly Connections[];
  readonly populations: readonly QuantizedPopulation[];
  readonly quantized: readonly QuantizedProjection[];
  readonly rules: readonly (readonly TermRecord[])[];
  readonly modulators: readonly QuantizedModulator[];
  /** Learning signals are means over 2^signalPeriod ticks. */
  readonly signalPeriod: number;
  readonly warnings: readonly string[];
}
