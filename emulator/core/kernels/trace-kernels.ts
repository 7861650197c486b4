import { stateMax } from '../arithmetic.js';
import { ofBoard } from './board-word.js';
import { chunkBits, forAwake, wakeChunk } from './chunks.js';
import { coreRecord, traceRecord } from './records.js';
import { firstUp } from './search.js';
import { constant, decay, firstLanes, keepNow } from './vector-arithmetic.js';
import type { Code, Local } from './wasm/code.js';
import { i32, v128 } from './wasm/values.js';

const at = traceRecord.at;

/** Step 5.1: a trace of a run of neurons or axons decays, if it is on turn. */
export function writeTraceDecay(): (code: Code, record: Local<'i32'>) => void {
  return (code, record) => {
    const tick = code.letInt(ofBoard('tick'));
    code.if(i32.and(tick, i32.load(record, at.mask)), () => code.return());
    const keep = constant(code, keepNow(tick, i32.load(record, at.keep), i32.load(record, at.mask)));
    const unchanged = constant(code, 65536);
    const low16 = constant(code, 0xffff);
    const trace = code.letInt(i32.load(record, at.trace));
    const flags = code.letInt(i32.load(record, at.awake));
    forAwake(code, flags, i32.load(record, at.count), (from, to, live) => {
      const place = code.letInt(i32.add(trace, i32.shl(from, 2)));
      const end = code.letInt(i32.add(trace, i32.shl(to, 2)));
      const whole = code.letInt(i32.sub(end, i32.shl(i32.and(i32.sub(to, from), 3), 2)));
      code.upTo(place, whole, 16, () => {
        const x = code.let(v128.load(place));
        const left = code.let(decay(code, x, keep, low16));
        code.storeVector(place, left);
        code.set(live, v128.or(live, left));
      });
      code.if(i32.ltU(place, end), () => {
        const lanes = code.let(firstLanes(i32.shrU(i32.sub(end, place), 2)));
        const x = code.let(v128.load(place));
        const left = code.let(decay(code, x, v128.select(keep, unchanged, lanes), low16));
        code.storeVector(place, left);
        code.set(live, v128.or(live, v128.and(left, lanes)));
      });
    });
  };
}

/** Sections 4 and 6: the trace of each axon that was due, or neuron that spiked, gets its impulse. */
export function writeImpulses(
  list: 'due' | 'spiked',
  additive: boolean,
): (code: Code, record: Local<'i32'>) => void {
  const [listAt, countAt] =
    list === 'due'
      ? [coreRecord.at.due, coreRecord.at.dueCount]
      : [coreRecord.at.spiked, coreRecord.at.spikeCount];
  return (code, record) => {
    const core = code.letInt(i32.load(record, at.core));
    const numbers = code.letInt(i32.load(core, listAt));
    const end = code.letInt(i32.add(numbers, i32.shl(i32.load(core, countAt), 2)));
    const first = code.letInt(i32.load(record, at.first));
    const last = code.letInt(i32.add(first, i32.load(record, at.count)));
    const trace = code.letInt(i32.load(record, at.trace));
    const flags = code.letInt(i32.load(record, at.awake));
    const impulse = code.letInt(i32.load(record, at.impulse));
    const here = firstUp(code, numbers, end, first);
    const own = code.letInt(0);
    const place = code.letInt(0);
    const sum = code.letInt(0);
    code.while(i32.ltU(here, end), () => {
      code.if(i32.geU(i32.load(here), last), () => code.return());
      code.set(own, i32.sub(i32.load(here), first));
      code.set(place, i32.add(trace, i32.shl(own, 2)));
      if (additive) code.set(sum, i32.add(i32.load(place), impulse));
      code.store(place, additive ? i32.min(sum, stateMax) : impulse);
      wakeChunk(code, flags, i32.shrU(own, chunkBits));
      code.advance(here, 4);
    });
  };
}
