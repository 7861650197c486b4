import type { TermRecord } from '../../../src/image/image.js';
import { factorCodes, noFactor } from '../../../src/image/layout.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i32, i32x4, type Value, type Vector } from './wasm/values.js';

/** Largest magnitude of a factor and of an increment (`docs/core.md`, section 6). */
const factorBound = 32767;
const incrementBound = 65535;

/** W alone may be -32768, where the bounds of its block let it. */
function boundOf(factor: number): number {
  return factor === factorCodes.w ? 32768 : factorBound;
}

/** 32-bit arithmetic on one synapse (`i32`) or on four (`v128`). */
export type Width = 'i32' | 'v128';
type Lanes = Value<Width>;

/** A factor: the same for all synapses of the walk, or one that each synapse has of its own. */
export type Factor = { readonly uniform: Int } | { readonly lanes: (half: number) => Lanes };

/** A sum of increments of one target, and a bound of its magnitude. */
export interface Increments {
  readonly bound: number;
  /** Of the synapse, or of half `half` (0, 1) of eight. */
  readonly value: (half: number) => Lanes;
}

/** The same operations for one synapse and for four. */
interface Arithmetic {
  constant(value: Int): Lanes;
  add(a: Lanes, b: Lanes): Lanes;
  mul(a: Lanes, b: Lanes): Lanes;
  shrS(a: Lanes, by: number): Lanes;
  clamp(a: Lanes, bound: number): Lanes;
}

function arithmetic(code: Code, width: Width): Arithmetic {
  if (width === 'i32') {
    const of = (a: Lanes) => a as Value<'i32'>;
    return {
      constant: (a) => (typeof a === 'number' ? i32.or(a, 0) : a),
      add: (a, b) => i32.add(of(a), of(b)),
      mul: (a, b) => i32.mul(of(a), of(b)),
      shrS: (a, by) => i32.shrS(of(a), by),
      clamp: (a, bound) => {
        const low = code.let(i32.max(code.let(of(a)), -bound));
        return i32.min(low, bound);
      },
    };
  }
  const of = (a: Lanes) => a as Vector;
  return {
    // The engine keeps what does not change out of the loop by itself.
    constant: (a) => i32x4.splat(a),
    add: (a, b) => i32x4.add(of(a), of(b)),
    mul: (a, b) => i32x4.mul(of(a), of(b)),
    shrS: (a, by) => i32x4.shrS(of(a), by),
    clamp: (a, bound) => i32x4.minS(i32x4.maxS(of(a), i32x4.splat(-bound)), i32x4.splat(bound)),
  };
}

/**
 * Writes the terms of one event for a walk along a row or a column. What is the same for all its synapses is worked out
 * when `prepare` is called, before the walk; the rest, to the same bits, by the values it gives.
 */
export class TermWriter {
  readonly #code: Code;
  readonly #wide: Arithmetic;
  readonly #single: Arithmetic;
  readonly #factor: (code: number) => Factor;

  constructor(code: Code, width: Width, factor: (code: number) => Factor) {
    this.#code = code;
    this.#wide = arithmetic(code, width);
    this.#single = arithmetic(code, 'i32');
    this.#factor = factor;
  }

  /**
   * Whether anything can change: 0 if each term has a factor that is 0 for the whole walk. A product of 0 stays 0 through
   * all roundings, since each adds less than one unit before it shifts.
   */
  mayAct(terms: readonly TermRecord[]): Int {
    let any: Int = 0;
    for (const term of terms) {
      const factors = factorsOf(term).map(this.#factor);
      const uniform = factors.flatMap((factor) => ('uniform' in factor ? [factor.uniform] : []));
      if (uniform.length === 0) return 1;
      any = i32.or(
        any,
        uniform.map((value): Int => i32.ne(value, 0)).reduce((a, b) => i32.and(a, b)),
      );
    }
    return any;
  }

  /** Sum of the increments of terms of one target. */
  prepare(terms: readonly TermRecord[]): Increments {
    let shared: Local<'i32'> | null = null;
    let bound = 0;
    const own: ((half: number) => Lanes)[] = [];
    for (const term of terms) {
      const increment = this.#term(term);
      bound += increment.bound;
      if ('lanes' in increment) own.push(increment.lanes);
      else if (shared === null) shared = this.#code.letInt(increment.uniform);
      else this.#code.advance(shared, increment.uniform);
    }
    const first = shared === null ? null : this.#code.let(this.#wide.constant(shared));
    return {
      bound,
      value: (half) => {
        const lanes = own.map((value) => value(half));
        return (first === null ? lanes : [first, ...lanes]).reduce((a, b) => this.#wide.add(a, b));
      },
    };
  }

  #term(term: TermRecord): Factor & { readonly bound: number } {
    const { factor1, factor2, factor3, mantissa, preShift } = term;
    const size = Math.abs(mantissa);
    if (factor3 === noFactor && (factor1 === factorCodes.one || factor2 === factorCodes.one)) {
      // (4096·f + 64) >> 7 is 32·f.
      const other = factor1 === factorCodes.one ? factor2 : factor1;
      const times = this.#times(this.#factor(other), { uniform: 32 * mantissa });
      return this.#shifted(times, 32 * boundOf(other) * size, term);
    }
    let p = this.#times(this.#factor(factor1), this.#factor(factor2));
    let bound = boundOf(factor1) * boundOf(factor2);
    if (factor3 !== noFactor) {
      const half = 1 << (preShift - 1);
      const saturates = (bound + half) / 2 ** preShift > factorBound;
      const reduced = this.#map(p, (a, on) => {
        const shifted = on.shrS(on.add(a, on.constant(half)), preShift);
        return saturates ? on.clamp(shifted, factorBound) : shifted;
      });
      bound = Math.min(factorBound, Math.floor((bound + half) / 2 ** preShift)) * boundOf(factor3);
      p = this.#times(reduced, this.#factor(factor3));
    }
    const q = this.#map(p, (a, on) => on.shrS(on.add(a, on.constant(64)), 7));
    return this.#shifted(this.#times(q, { uniform: mantissa }), Math.ceil((bound + 64) / 128) * size, term);
  }

  #shifted(r: Factor, bound: number, { shift }: TermRecord): Factor & { readonly bound: number } {
    const half = shift === 0 ? 0 : 2 ** (shift - 1);
    const largest = Math.floor((bound + half) / 2 ** shift) + 1;
    const increment = this.#map(r, (a, on) => {
      const shifted = shift === 0 ? a : on.shrS(on.add(a, on.constant(half)), shift);
      return largest > incrementBound ? on.clamp(shifted, incrementBound) : shifted;
    });
    return { ...increment, bound: Math.min(largest, incrementBound) };
  }

  #times(a: Factor, b: Factor): Factor {
    if ('uniform' in a && 'uniform' in b)
      return { uniform: this.#code.letInt(i32.mul(a.uniform, b.uniform)) };
    const [left, right] = [this.#lanes(a), this.#lanes(b)];
    return { lanes: (half) => this.#wide.mul(left(half), right(half)) };
  }

  /** Applies the same operation to either kind of factor. */
  #map(a: Factor, operation: (value: Lanes, on: Arithmetic) => Lanes): Factor {
    if ('lanes' in a) return { lanes: (half) => operation(a.lanes(half), this.#wide) };
    const value = typeof a.uniform === 'number' ? i32.or(a.uniform, 0) : a.uniform;
    return { uniform: this.#code.letInt(operation(value, this.#single) as Value<'i32'>) };
  }

  #lanes(a: Factor): (half: number) => Lanes {
    if ('lanes' in a) return a.lanes;
    const kept = this.#code.let(this.#wide.constant(a.uniform));
    return () => kept;
  }
}

export function factorsOf({ factor1, factor2, factor3 }: TermRecord): readonly number[] {
  return factor3 === noFactor ? [factor1, factor2] : [factor1, factor2, factor3];
}
