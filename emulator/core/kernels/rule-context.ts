import type { TermRecord } from '../../../src/image/image.js';
import { factorCodes, targetCodes } from '../../../src/image/layout.js';
import { ofBoard } from './board-word.js';
import { blockRecord, type boardRecord } from './records.js';
import { factorsOf, type Increments, type TermWriter } from './term-writer.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i32 } from './wasm/values.js';

const at = blockRecord.at;
const { x1, y1, y2, y3, h, l, modulator } = factorCodes;

/** The terms of one event of a rule on a block, and what of their factors there is. */
export interface RuleShape {
  readonly terms: readonly TermRecord[];
  readonly dense: boolean;
  /** Codes of the factors that the core has not: they are 0. */
  readonly absent: readonly number[];
  /** Channels, among the factors, that are errors. */
  readonly errors: readonly number[];
  /** Every term has l. */
  readonly needsL: boolean;
}

/** What the walks of one kernel share: the block's addresses and its modulators' factors. */
export class RuleContext {
  readonly code: Code;
  readonly shape: RuleShape;
  readonly block: Local<'i32'>;
  readonly core: Local<'i32'>;
  readonly #fields = new Map<string, Local<'i32'>>();
  readonly #modulators = new Map<number, Local<'i32'>>();

  /** `period`: null in events; the address of the sweep's period in modulated sweeps. */
  constructor(code: Code, shape: RuleShape, block: Local<'i32'>, period: Int | null) {
    this.code = code;
    this.shape = shape;
    this.block = block;
    this.core = code.letInt(i32.load(block, at.core));
    for (const name of Object.keys(at) as (keyof typeof at)[])
      this.#fields.set(name, code.letInt(i32.load(block, at[name])));
    for (const factor of new Set(shape.terms.flatMap(factorsOf)))
      if (factor >= modulator) this.#modulators.set(factor, this.#modulator(factor - modulator, period));
  }

  field(name: keyof typeof at): Local<'i32'> {
    return this.#fields.get(name)!;
  }

  modulator(factor: number): Local<'i32'> {
    return this.#modulators.get(factor)!;
  }

  /** Whether any modulator among the factors is not 0. */
  anyModulator(): Int {
    return [...this.#modulators.values()].reduce<Int>((any, value) => i32.or(any, value), 0);
  }

  ofTarget(target: number): readonly TermRecord[] {
    return this.shape.terms.filter((term) => term.target === target);
  }

  names(factor: number): boolean {
    return this.shape.terms.some((term) => factorsOf(term).includes(factor));
  }

  /** M of a channel as a factor, the error of the tick before, or the mean since the last sweep. */
  #modulator(channel: number, period: Int | null): Local<'i32'> {
    const { code, shape } = this;
    const word = (base: keyof typeof boardRecord.at, index: Int) =>
      i32.load(i32.add(ofBoard(base), i32.shl(index, 2)));
    let mean: Int;
    if (period === null && !shape.errors.includes(channel)) mean = i32.shrS(word('m', channel), 8);
    else {
      const bits = period === null ? 0 : period;
      const tick = ofBoard('tick');
      const past = i32.and(i32.sub(tick, i32.shl(1, bits)), 63);
      const before = word('history', i32.add(64 * channel, past));
      mean = i32.shrS(i32.sub(word('sum', channel), before), i32.add(8, bits));
    }
    const low = code.let(i32.max(code.letInt(mean), -32767));
    return code.let(i32.min(low, 32767));
  }
}

/** A factor of an axon, as far as the shape has it. */
export function axonFactor(context: RuleContext, factor: number, row: Int): Int {
  const trace = context.field(factor === x1 ? 'x1' : 'x2');
  return i32.shrS(i32.load(i32.add(trace, i32.shl(row, 2))), 8);
}

/** Addresses of a neuron's factors. */
export const neuronFields = { [y1]: 'y1', [y2]: 'y2', [y3]: 'y3', [h]: 'h', [l]: 'l' } as const;

/** A factor of a neuron: traces are 32 bits wide and scaled by 2^-8, h and l are 16 bits wide. */
export function neuronFactor(context: RuleContext, factor: number, column: Int): Int {
  const base = context.field(neuronFields[factor as keyof typeof neuronFields]);
  if (factor === h || factor === l) return i32.load16S(i32.add(base, i32.shl(column, 1)));
  return i32.shrS(i32.load(i32.add(base, i32.shl(column, 2))), 8);
}

/** Increments of one of a synapse's values. */
export interface TargetSum {
  readonly base: 'tags' | 'weights' | 'tags2';
  readonly increments: Increments;
}

/** Sums of the increments of each target, ready for the walk. */
export function sumsByTarget(context: RuleContext, writer: TermWriter): TargetSum[] {
  const bases = [
    [targetCodes.t, 'tags'],
    [targetCodes.t2, 'tags2'],
    [targetCodes.w, 'weights'],
  ] as const;
  return bases.flatMap(([target, base]) => {
    const terms = context.ofTarget(target);
    return terms.length === 0 ? [] : [{ base, increments: writer.prepare(terms) }];
  });
}
