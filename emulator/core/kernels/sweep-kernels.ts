import { ofBoard } from './board-word.js';
import type { Kernel } from './kernel-table.js';
import { blockRecord, coreRecord, sweepRecord } from './records.js';
import { writeRowWalk } from './row-walk.js';
import { RuleContext, type RuleShape } from './rule-context.js';
import { firstEight } from './vector-arithmetic.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i16x8, i32, i32x4, type Vector, v128 } from './wasm/values.js';

const at = sweepRecord.at;

/** Calls `body` for each row on turn in this tick (`docs/core.md`, section 7). */
function forRowsOnTurn(code: Code, record: Local<'i32'>, body: (row: Local<'i32'>) => void): void {
  const tick = code.letInt(ofBoard('tick'));
  const units = code.letInt(i32.load(record, at.units));
  const rows = code.letInt(i32.load(record, at.rows));
  const mask = code.letInt(i32.load(record, at.periodMask));
  const phase = i32.and(i32.sub(0, tick), i32.load(record, at.phaseMask));
  const start = code.letInt(i32.add(i32.load(record, at.phaseStart), i32.shl(phase, 2)));
  const here = code.letInt(i32.add(rows, i32.shl(i32.load(start), 2)));
  const end = code.letInt(i32.add(rows, i32.shl(i32.load(start, 4), 2)));
  const row = code.letInt(0);
  code.upTo(here, end, 4, () => {
    code.set(row, i32.load(here));
    const unit = i32.load(i32.add(units, i32.shl(row, 2)));
    code.if(i32.eqz(i32.and(i32.add(tick, unit), mask)), () => body(row));
  });
}

function rowLength(
  code: Code,
  block: Local<'i32'>,
  dense: boolean,
  row: Local<'i32'>,
): [Local<'i32'>, Local<'i32'>] {
  const { neuronCount, rowStart } = blockRecord.at;
  if (dense) {
    const count = code.letInt(i32.load(block, neuronCount));
    const first = code.letInt(i32.mul(row, count));
    return [first, code.letInt(i32.add(first, count))];
  }
  const place = code.letInt(i32.add(i32.load(block, rowStart), i32.shl(row, 2)));
  return [code.letInt(i32.load(place)), code.letInt(i32.load(place, 4))];
}

function count(code: Code, core: Int, visited: Int): void {
  const counted = coreRecord.at.sweptSynapses;
  code.store(core, i32.add(i32.load(core, counted), visited), counted);
}

/** Modulated or rated sweep: the rule's sweep terms. `usesL`: a term names l, so that modulators at 0 do not rest it. */
export function writeSweep(shape: RuleShape, modulated: boolean, usesL: boolean): Kernel {
  return (code, record) => {
    const block = code.letInt(i32.load(record, at.block));
    const period = modulated ? code.letInt(i32.load(record, at.period)) : null;
    const context = new RuleContext(code, shape, block, period);
    if (modulated && !usesL) code.if(i32.eqz(context.anyModulator()), () => code.return());
    forRowsOnTurn(code, record, (row) => {
      count(code, context.core, writeRowWalk(context, row, null));
    });
  };
}

/** Tag sweep of T or T2. */
export function writeTagSweep(dense: boolean, tags: 'tags' | 'tags2'): Kernel {
  return (code, record) => {
    const block = code.letInt(i32.load(record, at.block));
    const core = code.letInt(i32.load(block, blockRecord.at.core));
    const base = code.letInt(i32.load(block, blockRecord.at[tags]));
    const keep = code.let(i16x8.splat(i32.load(record, at.keep)));
    forRowsOnTurn(code, record, (row) => {
      const [first, end] = rowLength(code, block, dense, row);
      count(code, core, i32.sub(end, first));
      const place = code.letInt(i32.add(base, i32.shl(first, 1)));
      const last = code.letInt(i32.add(base, i32.shl(end, 1)));
      const whole = code.letInt(i32.sub(last, i32.shl(i32.and(i32.sub(end, first), 7), 1)));
      const eight = (lanes: Vector | null) => {
        const tag = code.let(v128.load(place));
        const size = code.let(i16x8.abs(tag));
        const kept = i16x8.narrowU(
          i32x4.shrU(i32x4.extmulLow16U(size, keep), 16),
          i32x4.shrU(i32x4.extmulHigh16U(size, keep), 16),
        );
        const sign = code.let(i16x8.shrS(tag, 15));
        const faded = i16x8.sub(v128.xor(kept, sign), sign);
        code.storeVector(place, lanes === null ? faded : v128.select(faded, tag, lanes));
      };
      code.upTo(place, whole, 16, () => eight(null));
      code.if(i32.ltU(place, last), () => {
        const left = code.letInt(i32.shrU(i32.sub(last, place), 1));
        eight(code.let(firstEight(left)));
      });
    });
  };
}
