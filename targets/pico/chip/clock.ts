import type { CortexM0Core, IAlarm, IClock } from './rp2040js.js';

/** One event to come. */
class Alarm implements IAlarm {
  /** Cycle count of the processor at which it is due. */
  cycle = 0;
  nanos = 0;
  scheduled = false;
  readonly fire: () => void;
  readonly #clock: ChipClock;

  constructor(clock: ChipClock, fire: () => void) {
    this.#clock = clock;
    this.fire = fire;
  }

  schedule(deltaNanos: number): void {
    this.#clock.add(this, deltaNanos);
  }

  cancel(): void {
    this.#clock.remove(this);
  }
}

/**
 * Emulated time of one run of the chip. It is the processor's cycle count times the length of a cycle, so nothing has
 * to be done for it between events.
 */
export class ChipClock implements IClock {
  /** Cycle count at which the run loop must look: the next event, or the end of what was asked for. */
  deadline = 0;
  #core: CortexM0Core | null = null;
  #limit = 0;
  #nanosPerCycle = 1000 / 6.5;
  #baseCycle = 0;
  #baseNanos = 0;
  readonly #alarms: Alarm[] = [];

  attach(core: CortexM0Core): void {
    this.#core = core;
  }

  get nanos(): number {
    const cycles = this.#core === null ? 0 : this.#core.cycles;
    return this.#baseNanos + (cycles - this.#baseCycle) * this.#nanosPerCycle;
  }

  /** The processor's clock changes. */
  setFrequency(hertz: number): void {
    this.#baseNanos = this.nanos;
    this.#baseCycle = this.#core?.cycles ?? 0;
    this.#nanosPerCycle = 1e9 / hertz;
    for (const alarm of this.#alarms) alarm.cycle = this.#cycleOf(alarm.nanos);
    this.#look();
  }

  createAlarm(callback: () => void): Alarm {
    return new Alarm(this, callback);
  }

  add(alarm: Alarm, deltaNanos: number): void {
    if (alarm.scheduled) this.remove(alarm);
    alarm.nanos = this.nanos + Math.max(0, deltaNanos);
    alarm.cycle = this.#cycleOf(alarm.nanos);
    alarm.scheduled = true;
    const after = this.#alarms.findIndex((other) => other.nanos > alarm.nanos);
    this.#alarms.splice(after < 0 ? this.#alarms.length : after, 0, alarm);
    this.#look();
  }

  remove(alarm: Alarm): void {
    if (!alarm.scheduled) return;
    alarm.scheduled = false;
    this.#alarms.splice(this.#alarms.indexOf(alarm), 1);
    this.#look();
  }

  /** Events up to and including this cycle are to be looked at. */
  setLimit(cycle: number): void {
    this.#limit = cycle;
    this.#look();
  }

  /** Cycle count of the next event; infinite if there is none. */
  get nextCycle(): number {
    return this.#alarms.length > 0 ? this.#alarms[0]!.cycle : Number.POSITIVE_INFINITY;
  }

  get nanosToNext(): number {
    return this.#alarms.length > 0
      ? Math.max(0, this.#alarms[0]!.nanos - this.nanos)
      : Number.POSITIVE_INFINITY;
  }

  /** Fires what is due by now, in order. */
  fire(): void {
    for (;;) {
      const first = this.#alarms[0];
      if (first === undefined || first.cycle > this.#core!.cycles) return;
      this.remove(first);
      first.fire();
    }
  }

  /** Time goes by without an instruction; events happen at their time. */
  pass(nanos: number): void {
    const core = this.#core!;
    const end = core.cycles + Math.ceil(nanos / this.#nanosPerCycle);
    while (this.nextCycle <= end) {
      core.cycles = Math.max(core.cycles, this.nextCycle);
      this.fire();
    }
    core.cycles = Math.max(core.cycles, end);
  }

  /** Counts cycles from zero again, which keeps the counter small and quick. Gives how many it held. */
  rebase(): number {
    const core = this.#core!;
    const cycles = core.cycles;
    this.#baseNanos = this.nanos;
    this.#baseCycle = 0;
    for (const alarm of this.#alarms) alarm.cycle -= cycles;
    this.#limit -= cycles;
    core.cycles = 0;
    this.#look();
    return cycles;
  }

  #cycleOf(nanos: number): number {
    return this.#baseCycle + Math.ceil((nanos - this.#baseNanos) / this.#nanosPerCycle - 1e-6);
  }

  #look(): void {
    this.deadline = Math.min(this.#limit, this.nextCycle);
  }
}
