import { routeAxonBits } from '../../../src/image/layout.js';
import { ofBoard } from './board-word.js';
import { coreRecord, type PlanName, threadRecord } from './records.js';
import type { Code, Local } from './wasm/code.js';
import { type Int, i32, i64 } from './wasm/values.js';

const at = coreRecord.at;
const planStep = 8;

/** Steps 1 to 5.1 of a tick for `count` cores whose records' addresses stand at `list`. */
export function writeCores(): (code: Code, ...parameters: Local<'i32'>[]) => void {
  return (code, list, count, thread) => {
    const core = code.letInt(0);
    const tick = code.letInt(ofBoard('tick'));
    const learning = code.letInt(ofBoard('learning'));
    const end = code.letInt(i32.add(list!, i32.shl(count!, 2)));
    const step = code.letInt(0);
    const last = code.letInt(0);
    const run = (plan: PlanName) => {
      code.set(step, i32.load(core, at[plan]));
      code.set(last, i32.load(core, at[`${plan}End`]));
      code.upTo(step, last, planStep, () => code.callIndirect(1, i32.load(step), i32.load(step, 4)));
    };
    code.upTo(list!, end, 4, () => {
      code.set(core, i32.load(list!));
      takeDue(code, core, tick);
      code.store(core, 0, at.spikeCount);
      code.store(core, 0, at.nearCount);
      code.if(i32.load(core, at.dueCount), () => {
        run('deliver');
        code.if(learning, () => run('pre'));
        run('arrive');
      });
      run('neurons');
      code.if(i32.load(core, at.spikeCount), () => {
        code.if(learning, () => run('post'));
        run('spike');
        const spiking = i32.load(thread!, threadRecord.at.spikingCount);
        code.store(
          i32.add(i32.load(thread!, threadRecord.at.spiking), i32.shl(spiking, 2)),
          i32.load(core, at.number),
        );
        code.store(thread!, i32.add(spiking, 1), threadRecord.at.spikingCount);
      });
      code.if(learning, () => {
        code.if(i32.load(core, at.nearCount), () => run('near'));
        run('learn');
      });
      run('fade');
      run('decay');
      for (const counter of ['synapticEvents', 'postEvents', 'sweptSynapses'] as const) {
        const sum = i32.add(i32.load(thread!, threadRecord.at[counter]), i32.load(core, at[counter]));
        code.store(thread!, sum, threadRecord.at[counter]);
        code.store(core, 0, at[counter]);
      }
    });
  };
}

/**
 * Arrivals are looked for in lines of so many bytes, and only in lines that are marked: a byte a line, set where an arrival
 * is put in flight.
 */
export const markedBytes = 64;
/** Axons of such a line are 2^this. */
const markedAxonBits = 9;

/** Moves the numbers of the axons due at this tick, rising, from the line of arrivals into the core's list. */
function takeDue(code: Code, core: Local<'i32'>, tick: Local<'i32'>): void {
  const slotBytes = code.letInt(i32.load(core, at.slotBytes));
  const slot = code.letInt(i32.and(tick, i32.load(core, at.slotMask)));
  const first = code.letInt(i32.add(i32.load(core, at.bits), i32.mul(slot, slotBytes)));
  const end = code.letInt(i32.add(first, slotBytes));
  const slotMarks = code.letInt(i32.load(core, at.slotMarks));
  const marks = code.letInt(i32.add(i32.load(core, at.marks), i32.mul(slot, slotMarks)));
  const marksEnd = code.letInt(i32.add(marks, slotMarks));
  const firstMark = code.letInt(marks);
  const due = code.letInt(i32.load(core, at.due));
  const begin = code.letInt(due);
  const [here, stop, bits] = [code.letInt(0), code.letInt(0), code.letInt(0)];
  const eight = code.local('i64');
  const any = code.letInt(i32.add(i32.load(core, at.anyMarks), slot));
  code.if(i32.eqz(i32.load8U(any)), () => code.set(marks, marksEnd));
  code.store8(any, 0);
  code.while(i32.ltU(marks, marksEnd), () => {
    code.set(eight, i64.load(marks));
    code.if(
      i64.eqz(eight),
      () => code.advance(marks, 8),
      () => {
        code.advance(marks, i32.shrU(i64.wrap(i64.ctz(eight)), 3));
        // Eight marks may reach into those of the next slot.
        code.if(i32.ltU(marks, marksEnd), () => {
          code.store8(marks, 0);
          code.set(here, i32.add(first, i32.mul(i32.sub(marks, firstMark), markedBytes)));
          code.set(stop, i32.add(here, markedBytes));
          code.set(stop, i32.select(stop, end, i32.ltU(stop, end)));
          code.upTo(here, stop, 4, () => {
            code.set(bits, i32.load(here));
            code.if(bits, () => {
              code.store(here, 0);
              code.while(bits, () => {
                code.store(due, i32.add(i32.shl(i32.sub(here, first), 3), i32.ctz(bits)));
                code.advance(due, 4);
                code.set(bits, i32.and(bits, i32.sub(bits, 1)));
              });
            });
          });
          code.advance(marks, 1);
        });
      },
    );
  });
  code.store(core, i32.shrU(i32.sub(due, begin), 2), at.dueCount);
}

/** Makes the axons of route words due (section 9). What a core and a delay have in common is looked up where they change. */
class Sender {
  readonly #code: Code;
  readonly #tick: Local<'i32'>;
  readonly #core: Local<'i32'>;
  readonly #delay: Local<'i32'>;
  readonly #delays: Local<'i32'>;
  /** Of the slot of the delay: its words, its marks, and the flag that says whether it has any. */
  readonly #words: Local<'i32'>;
  readonly #marks: Local<'i32'>;
  readonly #any: Local<'i32'>;

  constructor(code: Code) {
    this.#code = code;
    this.#tick = code.letInt(ofBoard('tick'));
    this.#core = code.letInt(-1);
    this.#delay = code.letInt(-1);
    this.#delays = code.letInt(0);
    this.#words = code.letInt(0);
    this.#marks = code.letInt(0);
    this.#any = code.letInt(0);
  }

  /** From `routes`, which is moved to `end`. */
  send(routes: Local<'i32'>, end: Local<'i32'>): void {
    const code = this.#code;
    const [route, core, axon, delay, place] = [0, 0, 0, 0, 0].map((n) => code.letInt(n)) as [
      Local<'i32'>,
      Local<'i32'>,
      Local<'i32'>,
      Local<'i32'>,
      Local<'i32'>,
    ];
    const record = code.letInt(0);
    code.upTo(routes, end, 4, () => {
      code.set(route, i32.load(routes));
      code.set(core, i32.shrU(route, routeAxonBits));
      code.set(axon, i32.and(route, (1 << routeAxonBits) - 1));
      code.if(i32.ne(core, this.#core), () => {
        code.set(this.#core, core);
        code.set(this.#delay, -1);
        code.set(this.#delays, i32.load(this.#record(core), at.delays));
      });
      code.set(delay, i32.load8U(i32.add(this.#delays, axon)));
      code.if(i32.ne(delay, this.#delay), () => {
        code.set(this.#delay, delay);
        code.set(record, this.#record(core));
        const slot = code.letInt(i32.and(i32.add(this.#tick, delay), i32.load(record, at.slotMask)));
        const from = (base: 'bits' | 'marks', step: 'slotBytes' | 'slotMarks') =>
          i32.add(i32.load(record, at[base]), i32.mul(slot, i32.load(record, at[step])));
        code.set(this.#words, from('bits', 'slotBytes'));
        code.set(this.#marks, from('marks', 'slotMarks'));
        code.set(this.#any, i32.add(i32.load(record, at.anyMarks), slot));
      });
      code.set(place, i32.add(this.#words, i32.shl(i32.shrU(axon, 5), 2)));
      code.store(place, i32.or(i32.load(place), i32.shl(1, i32.and(axon, 31))));
      code.store8(i32.add(this.#marks, i32.shrU(axon, markedAxonBits)), 1);
      code.store8(this.#any, 1);
    });
  }

  #record(core: Local<'i32'>): Int {
    return i32.load(i32.add(ofBoard('cores'), i32.shl(core, 2)));
  }
}

/** Puts the spikes of a thread's cores in flight. */
export function writeRoute(): (code: Code, ...parameters: Local<'i32'>[]) => void {
  return (code, thread) => {
    const sender = new Sender(code);
    const core = code.letInt(i32.load(thread!, threadRecord.at.spiking));
    const end = code.letInt(i32.add(core, i32.shl(i32.load(thread!, threadRecord.at.spikingCount), 2)));
    const source = code.letInt(0);
    code.upTo(core, end, 4, () => {
      const cores = ofBoard('cores');
      code.set(source, i32.load(i32.add(cores, i32.shl(i32.load(core), 2))));
      const spiked = code.letInt(i32.load(source, at.spiked));
      const last = code.letInt(i32.add(spiked, i32.shl(i32.load(source, at.spikeCount), 2)));
      code.upTo(spiked, last, 4, () => {
        const start = code.letInt(i32.add(i32.load(source, at.routeStart), i32.shl(i32.load(spiked), 2)));
        const words = i32.load(source, at.routes);
        const from = code.letInt(i32.add(words, i32.shl(i32.load(start), 2)));
        const to = code.letInt(i32.add(words, i32.shl(i32.load(start, 4), 2)));
        sender.send(from, to);
      });
    });
  };
}

/** Puts the spikes of so many input lines in flight, whose numbers stand at `lines`. */
export function writeInput(): (code: Code, ...parameters: Local<'i32'>[]) => void {
  return (code, lines, count) => {
    const sender = new Sender(code);
    const end = code.letInt(i32.add(lines!, i32.shl(count!, 2)));
    code.upTo(lines!, end, 4, () => {
      const start = code.letInt(i32.add(ofBoard('inputRouteStart'), i32.shl(i32.load(lines!), 2)));
      const from = code.letInt(i32.add(ofBoard('inputRoutes'), i32.shl(i32.load(start), 2)));
      const to = code.letInt(i32.add(ofBoard('inputRoutes'), i32.shl(i32.load(start, 4), 2)));
      sender.send(from, to);
    });
  };
}
