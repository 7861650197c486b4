import type { Fail } from './fault.js';
import { Registers } from './registers.js';
import type { IAlarm, IClock } from './rp2040js.js';

const offsets = { ctrl: 0x00, load: 0x04, reason: 0x08, scratch0: 0x0c, scratch7: 0x28, tick: 0x2c } as const;
const ctrl = { trigger: 0x80000000, enable: 0x40000000, pause: 0x07000000 } as const;
const tick = { enable: 0x200, running: 0x400, cycles: 0x1ff } as const;
export const reason = { timer: 1, forced: 2 } as const;
/** It counts down twice a tick (erratum RP2040-E1). */
const countsPerTick = 2;

/** What of the watchdog outlives the reset it makes. */
export interface WatchdogMemory {
  reason: number;
  readonly scratch: Uint32Array;
}

/** The watchdog (data sheet 4.7), which also makes the ticks of the timer from the reference clock. */
export class Watchdog extends Registers {
  readonly #memory: WatchdogMemory;
  readonly #clock: IClock;
  readonly #referenceHertz: () => number;
  readonly #onFire: () => void;
  readonly #onTicks: () => void;
  readonly #alarm: IAlarm;
  #tick: number = tick.enable;
  #enabled = false;
  #pause: number = ctrl.pause;
  #count = 0;
  #since = 0;

  constructor(options: {
    readonly memory: WatchdogMemory;
    readonly clock: IClock;
    readonly fail: Fail;
    readonly referenceHertz: () => number;
    /** The chip is to be reset. */
    readonly onFire: () => void;
    /** From now on there are ticks of a microsecond. */
    readonly onTicks: () => void;
  }) {
    super('WATCHDOG', options.fail);
    this.#memory = options.memory;
    this.#clock = options.clock;
    this.#referenceHertz = options.referenceHertz;
    this.#onFire = options.onFire;
    this.#onTicks = options.onTicks;
    this.#alarm = options.clock.createAlarm(() => this.#fire(reason.timer));
  }

  reset(): void {
    this.#alarm.cancel();
    this.#tick = tick.enable;
    this.#enabled = false;
    this.#count = 0;
  }

  /** Whether the timer counts microseconds. */
  get ticksAreMicroseconds(): boolean {
    return (this.#tick & tick.enable) !== 0 && this.#ticksPerSecond === 1e6;
  }

  get #ticksPerSecond(): number {
    const cycles = this.#tick & tick.cycles;
    return cycles === 0 ? 0 : this.#referenceHertz() / cycles;
  }

  protected read(offset: number): number {
    if (offset >= offsets.scratch0 && offset <= offsets.scratch7)
      return this.#memory.scratch[(offset - offsets.scratch0) >>> 2]!;
    if (offset === offsets.ctrl) return (this.#enabled ? ctrl.enable : 0) | this.#pause | this.#left();
    if (offset === offsets.reason) return this.#memory.reason;
    if (offset === offsets.tick) return this.#tick | (this.#tick & tick.enable ? tick.running : 0);
    return this.unknown('read', offset);
  }

  protected write(offset: number, value: number): void {
    if (offset >= offsets.scratch0 && offset <= offsets.scratch7)
      this.#memory.scratch[(offset - offsets.scratch0) >>> 2] = value;
    else if (offset === offsets.load) this.#set(value & 0xffffff);
    else if (offset === offsets.tick) {
      this.#set(this.#left());
      const before = this.ticksAreMicroseconds;
      this.#tick = value & (tick.enable | tick.cycles);
      this.#schedule();
      if (!before && this.ticksAreMicroseconds) this.#onTicks();
    } else if (offset === offsets.ctrl) {
      this.#set(this.#left());
      this.#pause = value & ctrl.pause;
      this.#enabled = (value & ctrl.enable) !== 0;
      this.#schedule();
      if (value & ctrl.trigger) this.#fire(reason.forced);
    } else this.unknown('write', offset);
  }

  #left(): number {
    if (!this.#enabled) return this.#count;
    const counts = ((this.#clock.nanos - this.#since) / 1e9) * this.#ticksPerSecond * countsPerTick;
    return Math.max(0, this.#count - Math.floor(counts));
  }

  #set(count: number): void {
    this.#count = count;
    this.#since = this.#clock.nanos;
    this.#schedule();
  }

  #schedule(): void {
    this.#alarm.cancel();
    const perSecond = this.#tick & tick.enable ? this.#ticksPerSecond * countsPerTick : 0;
    if (this.#enabled && perSecond > 0) this.#alarm.schedule((this.#left() / perSecond) * 1e9);
  }

  #fire(why: number): void {
    this.#memory.reason = why;
    this.#onFire();
  }
}
