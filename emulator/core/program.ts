import type { RuleRecord, TermRecord } from '../../src/image/image.js';
import { eventCodes, factorCodes, noFactor, targetCodes } from '../../src/image/layout.js';
import { sat16 } from './arithmetic.js';

/** Places of the factor values in `TermProgram.factors`: the factor codes themselves. */
const factorSlots = 256;

/**
 * The terms of one rule that act on one event. The caller puts factor values into `factors` (by factor code), calls
 * `evaluate`, and finds the sums of the increments in `dt`, `dt2` and `dw` (`docs/core.md`, section 6).
 */
export class TermProgram {
  /** Factor values by code; `one` is set. */
  readonly factors = new Int32Array(factorSlots);
  dt = 0;
  dt2 = 0;
  dw = 0;
  /** Whether any term reads that trace; spares the caller the look-up. */
  readonly usesX: boolean;
  readonly usesY: boolean;
  readonly usesH: boolean;
  readonly usesL: boolean;
  /** Every term has l: with l = 0 nothing can change. */
  readonly needsL: boolean;
  readonly channels: readonly number[];
  readonly terms: readonly TermRecord[];

  /** `hasH`: false for pre-events, where h is 0. */
  constructor(terms: readonly TermRecord[], hasH: boolean) {
    this.terms = terms;
    this.factors[factorCodes.one] = 4096;
    const codes = new Set(terms.flatMap(factorsOf));
    this.usesX = codes.has(factorCodes.x1) || codes.has(factorCodes.x2);
    this.usesY = codes.has(factorCodes.y1) || codes.has(factorCodes.y2) || codes.has(factorCodes.y3);
    this.usesH = hasH && codes.has(factorCodes.h);
    this.usesL = codes.has(factorCodes.l);
    this.needsL = terms.every((term) => factorsOf(term).includes(factorCodes.l));
    this.channels = [...codes]
      .filter((code) => code >= factorCodes.modulator && code !== noFactor)
      .map((code) => code - factorCodes.modulator);
  }

  evaluate(): void {
    const { factors } = this;
    let dt = 0;
    let dt2 = 0;
    let dw = 0;
    for (const { target, factor1, factor2, factor3, mantissa, preShift, shift } of this.terms) {
      let p = factors[factor1]! * factors[factor2]!;
      if (factor3 !== noFactor) p = sat16((p + (1 << (preShift - 1))) >> preShift) * factors[factor3]!;
      const r = ((p + 64) >> 7) * mantissa;
      let increment = shift === 0 ? r : (r + (1 << (shift - 1))) >> shift;
      if (increment > 65535) increment = 65535;
      else if (increment < -65535) increment = -65535;
      if (target === targetCodes.t) dt += increment;
      else if (target === targetCodes.w) dw += increment;
      else dt2 += increment;
    }
    this.dt = dt;
    this.dt2 = dt2;
    this.dw = dw;
  }
}

function factorsOf({ factor1, factor2, factor3 }: TermRecord): readonly number[] {
  return [factor1, factor2, factor3];
}

/** The programs of a rule; null where it has no such terms. */
export interface RulePrograms {
  readonly pre: TermProgram | null;
  readonly post: TermProgram | null;
  readonly near: TermProgram | null;
  /** Sweep terms with a modulator or l, and those without. */
  readonly modulatedSweep: TermProgram | null;
  readonly ratedSweep: TermProgram | null;
}

export function rulePrograms(rule: RuleRecord, terms: readonly TermRecord[]): RulePrograms {
  const own = terms.slice(rule.firstTerm, rule.firstTerm + rule.termCount);
  const isModulated = (term: TermRecord) =>
    factorsOf(term).some(
      (code) => (code >= factorCodes.modulator && code !== noFactor) || code === factorCodes.l,
    );
  const program = (wanted: (term: TermRecord) => boolean) => {
    const selected = own.filter(wanted);
    if (selected.length === 0) return null;
    return new TermProgram(selected, selected[0]!.event !== eventCodes.pre);
  };
  return {
    pre: program(({ event }) => event === eventCodes.pre),
    post: program(({ event }) => event === eventCodes.post),
    near: program(({ event }) => event === eventCodes.near),
    modulatedSweep: program((term) => term.event === eventCodes.sweep && isModulated(term)),
    ratedSweep: program((term) => term.event === eventCodes.sweep && !isModulated(term)),
  };
}
