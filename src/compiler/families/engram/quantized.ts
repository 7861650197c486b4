import type { TermRecord } from '../../../image/image.js';
import type { TraceSpec } from '../../../learning/rule.js';
import type { ElaboratedNetwork } from '../../passes.js';
import type { Decay } from './decay.js';

/** A trace in the core's integers. */
export interface QuantizedTrace extends Decay {
  readonly mode: TraceSpec['mode'];
  readonly impulse: number;
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
  /** Modulated sweeps every 2^sweepPeriod ticks. */
  readonly sweepPeriod: number;
  readonly wMin: number;
  readonly wMax: number;
  readonly hasPostTerms: boolean;
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
  /** Static: mantissas (int8). Plastic: fine weights (int16). In canonical order. */
  readonly weights: Int8Array | Int16Array;
  readonly plasticity: QuantizedPlasticity | null;
  readonly errors: WeightErrors;
}

export interface QuantizedModulator {
  readonly decay: Decay;
  /** Share of the error that goes into the baseline, / 65536; null: no baseline. */
  readonly gain: number | null;
}

/** After `quantize`: every number is an integer of the core. */
export interface QuantizedNetwork extends ElaboratedNetwork {
  readonly populations: readonly QuantizedPopulation[];
  readonly quantized: readonly QuantizedProjection[];
  readonly rules: readonly (readonly TermRecord[])[];
  readonly modulators: readonly QuantizedModulator[];
  readonly warnings: readonly string[];
}
