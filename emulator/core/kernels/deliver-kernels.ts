import { chunkBits, flagsHead, wakeChunk } from './chunks.js';
import type { Kernel } from './kernel-table.js';
import { blockRecord, coreRecord } from './records.js';
import { firstUp } from './search.js';
import { firstEight } from './vector-arithmetic.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i16x8, i32, i32x4, type Vector, v128, zero } from './wasm/values.js';

const at = blockRecord.at;

/** How a block wakes the neurons it reaches: not at all (they never sleep), its whole run, or each target. */
export type Waking = 'none' | 'run' | 'each';

export interface DeliverShape {
  readonly dense: boolean;
  /** 8-bit weights, W of 16 bits of which the upper eight act, or one weight for all synapses. */
  readonly weights: 'static' | 'plastic' | 'same';
  readonly waking: Waking;
}

/** Rows that are brought near before the first of them is walked: what they wait for comes at the same time. */
const rowsAhead = 8;

/** Calls `body` for each axon of the block that is due, with its row; before some of them, `ahead` for each. */
export function forDueRows(
  code: Code,
  record: Local<'i32'>,
  core: Local<'i32'>,
  body: (row: Local<'i32'>) => void,
  ahead: ((row: Local<'i32'>) => void) | null = null,
): void {
  const due = code.letInt(i32.load(core, coreRecord.at.due));
  const end = code.letInt(i32.add(due, i32.shl(i32.load(core, coreRecord.at.dueCount), 2)));
  const firstAxon = code.letInt(i32.load(record, at.firstAxon));
  const here = firstUp(code, due, end, firstAxon);
  const stop = firstUp(code, here, end, i32.add(firstAxon, i32.load(record, at.axonCount)));
  const row = code.letInt(0);
  const walk = (at: Local<'i32'>, to: Int, visit: (row: Local<'i32'>) => void) =>
    code.upTo(at, to, 4, () => {
      code.set(row, i32.sub(i32.load(at), firstAxon));
      visit(row);
    });
  if (ahead === null) {
    walk(here, stop, body);
    return;
  }
  const few = code.letInt(0);
  code.while(i32.ltU(here, stop), () => {
    code.set(few, i32.add(here, 4 * rowsAhead));
    code.set(few, i32.select(few, stop, i32.ltU(few, stop)));
    walk(code.letInt(here), few, ahead);
    walk(here, few, body);
  });
}

/** Step 1 (`docs/core.md`, section 4), the part that fills the accumulators. */
export function writeDeliver(shape: DeliverShape): Kernel {
  return shape.dense && shape.weights === 'static' ? writeDenseStatic(shape.waking) : writeRows(shape);
}

function writeRows({ dense, weights, waking }: DeliverShape): Kernel {
  return (code, record) => {
    const field = (name: keyof typeof at) => code.letInt(i32.load(record, at[name]));
    const core = field('core');
    const [rowStart, targets, first] = [field('rowStart'), field('targets'), field('weights')];
    const [accumulator, shift, weight] = [field('accumulator'), field('shift'), field('weight')];
    const [awake, chunkOffset, neuronCount] = [field('awake'), field('chunkOffset'), field('neuronCount')];
    const events = code.letInt(i32.load(core, coreRecord.at.synapticEvents));
    const before = code.letInt(events);
    const [k, end] = [code.letInt(0), code.letInt(0)];
    const one = (n: number) => {
      const acting =
        weights === 'plastic'
          ? // The upper byte of W.
            i32.shl(i32.load8S(i32.add(first, i32.shl(k, 1)), 2 * n + 1), shift)
          : weights === 'static'
            ? i32.shl(i32.load8S(i32.add(first, k), n), shift)
            : weight;
      const neuron = dense ? i32.add(column, n) : i32.load16U(i32.add(targets, i32.shl(k, 1)), 2 * n);
      const target = code.letInt(neuron);
      const place = code.letInt(i32.add(accumulator, i32.shl(target, 2)));
      code.store(place, i32.add(i32.load(place), acting));
      if (waking === 'each') wakeChunk(code, awake, i32.shrU(i32.add(target, chunkOffset), chunkBits));
    };
    const column = code.letInt(0);
    const touched = code.letInt(0);
    const bringNear = (row: Local<'i32'>) => {
      const place = code.letInt(i32.add(rowStart, i32.shl(row, 2)));
      const [from, to] = [code.letInt(i32.load(place)), code.letInt(i32.load(place, 4))];
      touch(code, i32.add(targets, i32.shl(from, 1)), i32.add(targets, i32.shl(to, 1)), touched);
      if (weights === 'static') touch(code, i32.add(first, from), i32.add(first, to), touched);
    };
    const walk = (row: Local<'i32'>) => {
      if (dense) {
        code.set(k, i32.mul(row, neuronCount));
        code.set(end, i32.add(k, neuronCount));
        code.set(column, 0);
      } else {
        const place = code.letInt(i32.add(rowStart, i32.shl(row, 2)));
        code.set(k, i32.load(place));
        code.set(end, i32.load(place, 4));
      }
      code.set(events, i32.add(events, i32.sub(end, k)));
      const fours = code.letInt(i32.sub(end, i32.and(i32.sub(end, k), 3)));
      code.upTo(k, fours, 4, () => {
        for (let n = 0; n < 4; n++) one(n);
        if (dense) code.advance(column, 4);
      });
      code.upTo(k, end, 1, () => {
        one(0);
        if (dense) code.advance(column, 1);
      });
    };
    forDueRows(code, record, core, walk, dense ? null : bringNear);
    code.store(core, events, coreRecord.at.synapticEvents);
    if (!dense) code.store(core, touched, coreRecord.at.touched);
    if (waking === 'run') wakeRun(code, record, i32.ne(events, before));
  };
}

/** Reads a byte of each cache line from `from` up to `end`, so that they are at hand when the row is walked. */
function touch(code: Code, from: Int, end: Int, touched: Local<'i32'>): void {
  const line = code.letInt(from);
  const last = code.letInt(end);
  code.upTo(line, last, 64, () => code.set(touched, i32.xor(touched, i32.load8U(line))));
}

function wakeRun(code: Code, record: Local<'i32'>, condition: Int): void {
  code.if(condition, () => {
    const flags = code.letInt(i32.load(record, at.awake));
    const first = i32.add(flags, i32.shrU(i32.load(record, at.chunkOffset), chunkBits));
    code.fill(first, 1, i32.load(record, at.chunks));
    code.store8(i32.sub(flags, flagsHead), 1);
  });
}

/** The weights of dense static blocks stand in the memory with this added, as bytes without a sign. */
export const weightBias = 128;
/** Rows that 16-bit lanes can sum without leaving their range: 257 · 255 < 2^16, 257 · 127 < 2^15. */
const rowsAtOnce = 257;
/** Columns summed in registers at a time. */
const tile = 64;

/** Dense rows of 8-bit weights: columns of all due rows are summed in 16-bit lanes and added to the accumulators once. */
function writeDenseStatic(waking: Waking): Kernel {
  return (code, record) => {
    const field = (name: keyof typeof at) => code.letInt(i32.load(record, at[name]));
    const core = field('core');
    const [firstAxon, neuronCount, weights] = [field('firstAxon'), field('neuronCount'), field('weights')];
    const [accumulator, shift] = [field('accumulator'), field('shift')];
    const due = code.letInt(i32.load(core, coreRecord.at.due));
    const dueEnd = code.letInt(i32.add(due, i32.shl(i32.load(core, coreRecord.at.dueCount), 2)));
    const begin = firstUp(code, due, dueEnd, firstAxon);
    const stop = firstUp(code, begin, dueEnd, i32.add(firstAxon, field('axonCount')));
    const counted = coreRecord.at.synapticEvents;
    const rows = i32.shrU(i32.sub(stop, begin), 2);
    code.store(core, i32.add(i32.load(core, counted), i32.mul(rows, neuronCount)), counted);
    if (waking !== 'none') wakeRun(code, record, i32.ne(begin, stop));
    const groupEnd = code.letInt(0);
    const [here, column, weight] = [code.letInt(0), code.letInt(0), code.letInt(0)];
    /** Calls `body` for each row at hand, `weight` standing at its weight for the first column. */
    const forRows = (body: () => void) => {
      code.set(here, begin);
      code.upTo(here, groupEnd, 4, () => {
        const row = i32.mul(i32.sub(i32.load(here), firstAxon), neuronCount);
        code.set(weight, i32.add(weights, i32.add(row, column)));
        body();
      });
    };
    const place = code.letInt(0);
    /** What the biases of the rows at hand add up to. */
    const biases = code.local('v128');
    /** Adds eight sums, biases taken off, to the accumulators of eight neurons. */
    const flush = (biased: Vector, mask: Vector | null, offset: number) => {
      const unbiased = i16x8.sub(biased, biases);
      const sums = code.let(mask === null ? unbiased : v128.and(unbiased, mask));
      const add = (half: Vector, at: number) =>
        code.storeVector(place, i32x4.add(v128.load(place, at), i32x4.shl(half, shift)), at);
      add(i32x4.extendLow16S(sums), offset);
      add(i32x4.extendHigh16S(sums), offset + 16);
    };
    /**
     * Two weights in a lane: one sum is of the lanes as they are, one of their upper bytes. What the upper ones do not
     * explain of the first, modulo 2^16, are the lower ones.
     */
    const pairs = () => {
      const sums = Array.from({ length: tile / 16 }, () => ({ both: code.let(zero), upper: code.let(zero) }));
      forRows(() =>
        sums.forEach(({ both, upper }, n) => {
          const lanes = code.let(v128.load(weight, 16 * n));
          code.set(both, i16x8.add(both, lanes));
          code.set(upper, i16x8.add(upper, i16x8.shrU(lanes, 8)));
        }),
      );
      code.set(place, i32.add(accumulator, i32.shl(column, 2)));
      sums.forEach(({ both, upper }, n) => {
        const lower = code.let(i16x8.sub(both, i16x8.shl(upper, 8)));
        flush(v128.shuffle(lower, upper, zip(0)), null, 64 * n);
        flush(v128.shuffle(lower, upper, zip(8)), null, 64 * n + 32);
      });
    };
    const eight = (mask: Vector | null) => {
      const sum = code.let(zero);
      forRows(() => code.set(sum, i16x8.add(sum, v128.load8x8U(weight))));
      code.set(place, i32.add(accumulator, i32.shl(column, 2)));
      flush(sum, mask, 0);
    };
    code.while(i32.ltU(begin, stop), () => {
      code.set(groupEnd, i32.add(begin, 4 * rowsAtOnce));
      code.set(groupEnd, i32.select(groupEnd, stop, i32.ltU(groupEnd, stop)));
      code.set(biases, i16x8.splat(i32.mul(i32.shrU(i32.sub(groupEnd, begin), 2), weightBias)));
      code.set(column, 0);
      code.upTo(column, i32.and(neuronCount, -tile), tile, pairs);
      code.upTo(column, i32.and(neuronCount, -8), 8, () => eight(null));
      code.if(i32.ltU(column, neuronCount), () => {
        const left = code.letInt(i32.sub(neuronCount, column));
        eight(code.let(firstEight(left)));
      });
      code.set(begin, groupEnd);
    });
  };
}

/** Bytes that put four 16-bit lanes of two vectors, from byte `from` on, one by one beside each other. */
function zip(from: number): readonly number[] {
  return [0, 2, 4, 6].flatMap((lane) => [0, 1, 16, 17].map((byte) => from + lane + byte));
}
