import type { TermRecord } from '../../../src/image/image.js';
import { factorCodes, targetCodes } from '../../../src/image/layout.js';
import { ofBoard } from './board-word.js';
import { forDueRows } from './deliver-kernels.js';
import { blockRecord, type boardRecord, coreRecord } from './records.js';
import { type Factor, factorsOf, type Increments, TermWriter, type Width } from './term-writer.js';
import { laneNumbers } from './vector-arithmetic.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i16x8, i32, i32x4, type Value, type Vector, v128 } from './wasm/values.js';

const at = blockRecord.at;
const { x1, x2, y1, y2, y3, t, w, t2, h, l, one, modulator } = factorCodes;

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

export type Kernel = (code: Code, record: Local<'i32'>) => void;

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

const neuronFields = { [y1]: 'y1', [y2]: 'y2', [y3]: 'y3', [h]: 'h', [l]: 'l' } as const;

/** A factor of a neuron: traces are 32 bits wide and scaled by 2^-8, h and l are 16 bits wide. */
export function neuronFactor(context: RuleContext, factor: number, column: Int): Int {
  const base = context.field(neuronFields[factor as keyof typeof neuronFields]);
  if (factor === h || factor === l) return i32.load16S(i32.add(base, i32.shl(column, 1)));
  return i32.shrS(i32.load(i32.add(base, i32.shl(column, 2))), 8);
}

/**
 * Walks along a row, eight synapses at a time. Made once in a kernel; called where a row is to be walked. `only`, a factor
 * code: synapses whose neuron has 0 there stay as they are. Gives the number of the row's synapses.
 */
export function writeRowWalk(context: RuleContext, row: Local<'i32'>, only: number | null): Int {
  const { code, shape } = context;
  const { dense } = shape;
  const first = code.letInt(0);
  const end = code.letInt(0);
  if (dense) {
    code.set(first, i32.mul(row, context.field('neuronCount')));
    code.set(end, i32.add(first, context.field('neuronCount')));
  } else {
    const place = code.letInt(i32.add(context.field('rowStart'), i32.shl(row, 2)));
    code.set(first, i32.load(place));
    code.set(end, i32.load(place, 4));
  }
  const k = code.letInt(first);
  /** Lanes loaded for the eight synapses at hand, by factor and half. */
  const lanes = new Map<string, Vector>();
  const loaded = (key: string, load: () => Vector): Vector => {
    const known = lanes.get(key);
    if (known) return known;
    const fresh = code.let(load());
    lanes.set(key, fresh);
    return fresh;
  };
  const synapse = (base: 'tags' | 'weights' | 'tags2') =>
    loaded(base, () => v128.load(i32.add(context.field(base), i32.shl(k, 1))));
  const extended = (vector: Vector, half: number) =>
    half === 0 ? i32x4.extendLow16S(vector) : i32x4.extendHigh16S(vector);
  const target = (lane: number) => i32.load16U(i32.add(context.field('targets'), i32.shl(k, 1)), 2 * lane);
  const ofNeuron = (factor: number, half: number): Vector => {
    const base = context.field(neuronFields[factor as keyof typeof neuronFields]);
    if (factor === h || factor === l) {
      const wide = loaded(`${factor}`, () => {
        if (dense) return v128.load(i32.add(base, i32.shl(i32.sub(k, first), 1)));
        let all: Vector = v128.constant(new Array<number>(16).fill(0));
        for (let lane = 0; lane < 8; lane++)
          all = v128.load16Lane(all, i32.add(base, i32.shl(target(lane), 1)), lane);
        return all;
      });
      return extended(wide, half);
    }
    if (dense) return i32x4.shrS(v128.load(i32.add(base, i32.shl(i32.sub(k, first), 2)), 16 * half), 8);
    let four: Vector = v128.constant(new Array<number>(16).fill(0));
    for (let lane = 0; lane < 4; lane++)
      four = v128.load32Lane(four, i32.add(base, i32.shl(target(4 * half + lane), 2)), lane);
    return i32x4.shrS(four, 8);
  };
  const factor = (of: number): Factor => {
    if (shape.absent.includes(of)) return { uniform: 0 };
    if (of === one) return { uniform: 4096 };
    if (of >= modulator) return { uniform: context.modulator(of) };
    if (of === x1 || of === x2) return { uniform: xs.get(of)! };
    if (of === t) return { lanes: (half) => extended(synapse('tags'), half) };
    if (of === w) return { lanes: (half) => extended(synapse('weights'), half) };
    if (of === t2) return { lanes: (half) => extended(synapse('tags2'), half) };
    return { lanes: (half) => loaded(`${of}.${half}`, () => ofNeuron(of, half)) };
  };
  const xs = new Map<number, Local<'i32'>>();
  for (const of of [x1, x2])
    if (context.names(of) && !shape.absent.includes(of))
      xs.set(of, code.letInt(axonFactor(context, of, row)));
  const writer = new TermWriter(code, 'v128', factor);
  code.if(writer.mayAct(shape.terms), () => {
    const sums = sumsByTarget(context, writer);
    const bounds = weightBounds(context);
    const eight = (mask: Vector | null) => {
      lanes.clear();
      let changed = mask;
      if (only !== null) {
        const none = (half: number) =>
          i32x4.eq((factor(only) as { lanes: (half: number) => Vector }).lanes(half), i32x4.splat(0));
        const idle = code.let(i16x8.narrowS(none(0), none(1)));
        changed = code.let(mask === null ? v128.xor(idle, i16x8.splat(-1)) : v128.andNot(mask, idle));
      }
      // All sums first: each term sees the values before the event.
      const updates = sums.map(({ base, increments }) => {
        const old = synapse(base);
        return { base, old, updated: code.let(sumEight(increments, old)) };
      });
      for (const { base, old, updated } of updates) {
        const within =
          base === 'weights'
            ? i16x8.maxS(i16x8.minS(updated, bounds.high), bounds.low)
            : i16x8.maxS(updated, i16x8.splat(-32767));
        const place = i32.add(context.field(base), i32.shl(k, 1));
        code.storeVector(place, changed === null ? within : v128.select(within, old, changed));
      }
    };
    const whole = code.letInt(i32.add(first, i32.and(i32.sub(end, first), -8)));
    code.upTo(k, whole, 8, () => eight(null));
    code.if(i32.ltU(k, end), () => {
      const left = code.letInt(i32.sub(end, k));
      const low = i32x4.ltS(laneNumbers, i32x4.splat(left));
      const high = i32x4.ltS(laneNumbers, i32x4.splat(i32.sub(left, 4)));
      eight(code.let(i16x8.narrowS(low, high)));
    });
  });
  return i32.sub(end, first);
}

interface TargetSum {
  readonly base: 'tags' | 'weights' | 'tags2';
  readonly increments: Increments;
}

function sumsByTarget(context: RuleContext, writer: TermWriter): TargetSum[] {
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

function weightBounds(context: RuleContext): { low: Vector; high: Vector } {
  const { code } = context;
  const splat = (name: 'wMin' | 'wMax') => code.let(i16x8.splat(context.field(name)));
  return { low: splat('wMin'), high: splat('wMax') };
}

/** Eight 16-bit values and their increments, saturated to 16 bits. */
function sumEight({ bound, value }: Increments, old: Vector): Vector {
  const [low, high] = [value(0) as Vector, value(1) as Vector];
  if (bound <= 32767) return i16x8.addSatS(old, i16x8.narrowS(low, high));
  return i16x8.narrowS(i32x4.add(i32x4.extendLow16S(old), low), i32x4.add(i32x4.extendHigh16S(old), high));
}

/** Pre-events (section 4): each row that is due. `silent`: its synaptic events have not been counted by a delivery. */
export function writePreEvents(shape: RuleShape, silent: boolean): Kernel {
  return (code, record) => {
    const context = new RuleContext(code, shape, record, null);
    const counted = coreRecord.at.synapticEvents;
    forDueRows(code, record, context.core, (row) => {
      const length = writeRowWalk(context, row, null);
      if (silent) code.store(context.core, i32.add(i32.load(context.core, counted), length), counted);
    });
  };
}

/** Post-events or near-events (section 6): the columns of the neurons that spiked, or whose h is not 0. */
export function writeColumns(shape: RuleShape, of: 'spiked' | 'near'): Kernel {
  const [listAt, countAt] =
    of === 'spiked'
      ? [coreRecord.at.spiked, coreRecord.at.spikeCount]
      : [coreRecord.at.nearList, coreRecord.at.nearCount];
  return (code, record) => {
    const context = new RuleContext(code, shape, record, null);
    const { core } = context;
    const counted = coreRecord.at.postEvents;
    const numbers = code.letInt(i32.load(core, listAt));
    const end = code.letInt(i32.add(numbers, i32.shl(i32.load(core, countAt), 2)));
    const firstNeuron = context.field('firstNeuron');
    const neuronCount = context.field('neuronCount');
    const column = code.letInt(0);
    const inReach = () => i32.ltU(column, neuronCount);
    const skipped = () =>
      !shape.needsL ? 0 : shape.absent.includes(l) ? 1 : i32.eqz(neuronFactor(context, l, column));
    const walk = (body: () => void) =>
      code.upTo(numbers, end, 4, () => {
        code.set(column, i32.sub(i32.load(numbers), firstNeuron));
        code.if(inReach(), () => code.if(i32.eqz(skipped()), body));
      });
    const oneByOne = () =>
      walk(() => {
        const length = writeColumnWalk(context, column);
        code.store(core, i32.add(i32.load(core, counted), length), counted);
      });
    if (!(shape.dense && of === 'near') || shape.absent.includes(h)) return oneByOne();
    // Many near neurons of a dense block: all rows with a mask are quicker than column by column.
    code.if(
      i32.geU(i32.mul(i32.load(core, countAt), 8), neuronCount),
      () => {
        const events = code.letInt(0);
        walk(() => code.advance(events, context.field('axonCount')));
        code.store(core, i32.add(i32.load(core, counted), events), counted);
        code.if(events, () => {
          const row = code.letInt(0);
          code.upTo(row, context.field('axonCount'), 1, () => writeRowWalk(context, row, h));
        });
      },
      oneByOne,
    );
  };
}

/** Walks down a column, synapse by synapse; gives the number of its synapses. */
function writeColumnWalk(context: RuleContext, column: Local<'i32'>): Local<'i32'> {
  const { code, shape } = context;
  const { dense } = shape;
  const [k, end, length] = [code.letInt(0), code.letInt(0), code.letInt(0)];
  if (dense) {
    code.set(length, context.field('axonCount'));
    code.set(end, length);
  } else {
    const place = code.letInt(i32.add(context.field('columnStart'), i32.shl(column, 2)));
    code.set(k, i32.load(place));
    code.set(end, i32.load(place, 4));
    code.set(length, i32.sub(end, k));
  }
  const [row, offset] = [code.letInt(0), code.letInt(0)];
  const neurons = new Map<number, Local<'i32'>>();
  for (const of of [y1, y2, y3, h, l])
    if (context.names(of) && !shape.absent.includes(of))
      neurons.set(of, code.letInt(neuronFactor(context, of, column)));
  const values = new Map<string, Local<'i32'>>();
  const loaded = (key: string, load: () => Int): Local<'i32'> => {
    const known = values.get(key);
    if (known) return known;
    const fresh = code.letInt(load());
    values.set(key, fresh);
    return fresh;
  };
  const synapse = (base: 'tags' | 'weights' | 'tags2') =>
    loaded(base, () => i32.load16S(i32.add(context.field(base), offset)));
  const factor = (of: number): Factor => {
    if (shape.absent.includes(of)) return { uniform: 0 };
    if (of === one) return { uniform: 4096 };
    if (of >= modulator) return { uniform: context.modulator(of) };
    if (of === x1 || of === x2) return { lanes: () => loaded(`${of}`, () => axonFactor(context, of, row)) };
    if (of === t) return { lanes: () => synapse('tags') };
    if (of === w) return { lanes: () => synapse('weights') };
    if (of === t2) return { lanes: () => synapse('tags2') };
    return { uniform: neurons.get(of)! };
  };
  const writer = new TermWriter(code, 'i32', factor);
  code.if(writer.mayAct(shape.terms), () => {
    const sums = sumsByTarget(context, writer);
    code.upTo(k, end, 1, () => {
      values.clear();
      if (dense) {
        code.set(row, k);
        code.set(offset, i32.shl(i32.add(i32.mul(k, context.field('neuronCount')), column), 1));
      } else {
        code.set(row, i32.load16U(i32.add(context.field('columnAxons'), i32.shl(k, 1))));
        code.set(offset, i32.shl(i32.load(i32.add(context.field('columnSynapses'), i32.shl(k, 2))), 1));
      }
      const updates = sums.map(({ base, increments }) => {
        const sum = i32.add(synapse(base), increments.value(0) as Value<'i32'>);
        return { base, updated: code.letInt(sum) };
      });
      for (const { base, updated } of updates) {
        const [low, high] =
          base === 'weights' ? [context.field('wMin'), context.field('wMax')] : [-32767, 32767];
        const above = code.let(i32.max(updated, low));
        code.store16(i32.add(context.field(base), offset), i32.min(above, high));
      }
    });
  });
  return length;
}

export type { Width };
