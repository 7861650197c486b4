import { factorCodes } from '../../../src/image/layout.js';
import { axonFactor, neuronFactor, type RuleContext, sumsByTarget } from './rule-context.js';
import { type Factor, TermWriter } from './term-writer.js';
import type { Local } from './wasm/code.js';
import { type Int, i32, type Value } from './wasm/values.js';

const { x1, x2, y1, y2, y3, t, w, t2, h, l, one, modulator } = factorCodes;

/** Walks down a column, synapse by synapse; gives the number of its synapses. */
export function writeColumnWalk(context: RuleContext, column: Local<'i32'>): Local<'i32'> {
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
  /** While the code is written: locals that hold what was loaded for the synapse at hand, by factor. */
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
