import type { Fail } from './fault.js';
import { Registers } from './registers.js';
import type { IAlarm, IClock } from './rp2040js.js';

const offsets = {
  timeHighRead: 0x08,
  timeLowRead: 0x0c,
  alarm0: 0x10,
  alarm3: 0x1c,
  armed: 0x20,
  timeHighRaw: 0x24,
  timeLowRaw: 0x28,
  debugPause: 0x2c,
  interruptRaw: 0x34,
  interruptEnable: 0x38,
  interruptForce: 0x3c,
  interruptStatus: 0x40,
} as const;

/**
 * The microsecond timer (data sheet 4.6). It counts ticks that the watchdog block makes from the reference clock; until
 * start-up code has set those to one microsecond, using it is a fault.
 */
export class Timer extends Registers {
  readonly #clock: IClock;
  readonly #ticksAreMicroseconds: () => boolean;
  readonly #interrupt: (alarm: number, on: boolean) => void;
  readonly #alarms: IAlarm[];
  readonly #targets = new Uint32Array(4);
  #zero = 0;
  #armed = 0;
  #raw = 0;
  #enabled = 0;
  #forced = 0;
  #latched = 0;

  constructor(options: {
    readonly clock: IClock;
    readonly fail: Fail;
    readonly ticksAreMicroseconds: () => boolean;
    readonly interrupt: (alarm: number, on: boolean) => void;
  }) {
    super('TIMER', options.fail);
    this.#clock = options.clock;
    this.#ticksAreMicroseconds = options.ticksAreMicroseconds;
    this.#interrupt = options.interrupt;
    this.#alarms = [0, 1, 2, 3].map((n) => options.clock.createAlarm(() => this.#fire(n)));
  }

  reset(): void {
    for (const alarm of this.#alarms) alarm.cancel();
    this.#zero = this.#clock.nanos;
    this.#armed = 0;
    this.#raw = 0;
    this.#enabled = 0;
    this.#forced = 0;
    this.#update();
  }

  /** The ticks it counts begin. */
  start(): void {
    this.#zero = this.#clock.nanos;
  }

  protected read(offset: number): number {
    switch (offset) {
      case offsets.timeLowRead:
        this.#latched = Math.floor(this.#micros() / 2 ** 32);
        return this.#micros() >>> 0;
      case offsets.timeHighRead:
        return this.#latched;
      case offsets.timeLowRaw:
        return this.#micros() >>> 0;
      case offsets.timeHighRaw:
        return Math.floor(this.#micros() / 2 ** 32);
      case offsets.armed:
        return this.#armed;
      case offsets.debugPause:
        return 7;
      case offsets.interruptRaw:
        return this.#raw;
      case offsets.interruptEnable:
        return this.#enabled;
      case offsets.interruptForce:
        return this.#forced;
      case offsets.interruptStatus:
        return (this.#raw & this.#enabled) | this.#forced;
      default:
        if (offset >= offsets.alarm0 && offset <= offsets.alarm3)
          return this.#targets[(offset - offsets.alarm0) >>> 2]!;
        return this.unknown('read', offset);
    }
  }

  protected write(offset: number, value: number): void {
    if (offset >= offsets.alarm0 && offset <= offsets.alarm3)
      return this.#arm((offset - offsets.alarm0) >>> 2, value);
    if (offset === offsets.armed) {
      for (let n = 0; n < 4; n++) if ((this.written >>> n) & 1) this.#alarms[n]!.cancel();
      this.#armed &= ~this.written;
    } else if (offset === offsets.interruptRaw) this.#raw &= ~this.written;
    else if (offset === offsets.interruptEnable) this.#enabled = value & 0xf;
    else if (offset === offsets.interruptForce) this.#forced = value & 0xf;
    else if (offset !== offsets.debugPause) this.unknown('write', offset);
    this.#update();
  }

  #micros(): number {
    if (!this.#ticksAreMicroseconds())
      this.fail('TIMER is used before the watchdog block makes ticks of one microsecond (WATCHDOG.TICK)');
    return Math.floor((this.#clock.nanos - this.#zero) / 1000 + 1e-6);
  }

  /** An alarm compares the low word only, so it is at most 2^32 microseconds away. */
  #arm(n: number, target: number): void {
    const now = this.#micros();
    const distance = (target - (now >>> 0)) >>> 0;
    this.#targets[n] = target;
    this.#armed |= 1 << n;
    const at = this.#zero + (now + distance) * 1000;
    this.#alarms[n]!.schedule(distance === 0 ? 2 ** 32 * 1000 : at - this.#clock.nanos);
  }

  #fire(n: number): void {
    this.#armed &= ~(1 << n);
    this.#raw |= 1 << n;
    this.#update();
  }

  #update(): void {
    const status = (this.#raw & this.#enabled) | this.#forced;
    for (let n = 0; n < 4; n++) this.#interrupt(n, ((status >>> n) & 1) === 1);
  }
}
