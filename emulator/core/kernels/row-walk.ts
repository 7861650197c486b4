import { factorCodes } from '../../../src/image/layout.js';
import { axonFactor, neuronFields, type RuleContext, sumsByTarget } from './rule-context.js';
import { type Factor, type Increments, TermWriter } from './term-writer.js';
import { firstEight } from './vector-arithmetic.js';
import type { Local } from './wasm/code.js';
import { type Int, i16x8, i32, i32x4, type Vector, v128, zero } from './wasm/values.js';

const { x1, x2, t, w, t2, h, l, one, modulator } = factorCodes;

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
  /** While the code is written: locals that hold what was loaded for the eight synapses at hand, by factor and half. */
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
        let all: Vector = zero;
        for (let lane = 0; lane < 8; lane++)
          all = v128.load16Lane(all, i32.add(base, i32.shl(target(lane), 1)), lane);
        return all;
      });
      return extended(wide, half);
    }
    if (dense) return i32x4.shrS(v128.load(i32.add(base, i32.shl(i32.sub(k, first), 2)), 16 * half), 8);
    let four: Vector = zero;
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
      eight(code.let(firstEight(left)));
    });
  });
  return i32.sub(end, first);
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
