import type { Fail } from './fault.js';
import { HeldInReset, Registers } from './registers.js';
import { type Peripheral, slotOf } from './rp2040js.js';

const all = 0x01ffffff;
const offsets = { reset: 0x0, watchdogSelect: 0x4, done: 0x8 } as const;

/** What each bit of RESETS holds in reset, and where it stands. */
export const resettable = {
  ADC: { bit: 0, address: 0x4004c000 },
  BUSCTRL: { bit: 1, address: 0x40030000 },
  DMA: { bit: 2, address: 0x50000000 },
  I2C0: { bit: 3, address: 0x40044000 },
  I2C1: { bit: 4, address: 0x40048000 },
  IO_BANK0: { bit: 5, address: 0x40014000 },
  IO_QSPI: { bit: 6, address: 0x40018000 },
  PADS_BANK0: { bit: 8, address: 0x4001c000 },
  PADS_QSPI: { bit: 9, address: 0x40020000 },
  PIO0: { bit: 10, address: 0x50200000 },
  PIO1: { bit: 11, address: 0x50300000 },
  PLL_SYS: { bit: 12, address: 0x40028000 },
  PLL_USB: { bit: 13, address: 0x4002c000 },
  PWM: { bit: 14, address: 0x40050000 },
  RTC: { bit: 15, address: 0x4005c000 },
  SPI0: { bit: 16, address: 0x4003c000 },
  SPI1: { bit: 17, address: 0x40040000 },
  SYSCFG: { bit: 18, address: 0x40004000 },
  SYSINFO: { bit: 19, address: 0x40000000 },
  TBMAN: { bit: 20, address: 0x4006c000 },
  TIMER: { bit: 21, address: 0x40054000 },
  UART0: { bit: 22, address: 0x40034000 },
  UART1: { bit: 23, address: 0x40038000 },
  USBCTRL: { bit: 24, address: 0x50110000 },
} as const;

export type Resettable = keyof typeof resettable;

/**
 * The reset controller (data sheet 2.14). A peripheral held in reset answers nobody, so start-up code that forgets to
 * release one is found here and not on the first board.
 */
export class Resets extends Registers {
  #held = all;
  #watchdogSelect = 0;
  readonly #slots: { [slot: number]: Peripheral };
  readonly #blocks: readonly { bit: number; slot: number; real: Peripheral; held: Peripheral }[];
  readonly #onReset: (name: Resettable) => void;

  /** `slots`: the chip's table of peripherals, in which those in reset are replaced. */
  constructor(slots: { [slot: number]: Peripheral }, fail: Fail, onReset: (name: Resettable) => void) {
    super('RESETS', fail);
    this.#slots = slots;
    this.#onReset = onReset;
    this.#blocks = Object.entries(resettable).map(([name, { bit, address }]) => {
      const slot = slotOf(address);
      return { bit, slot, real: slots[slot]!, held: new HeldInReset(name, fail) };
    });
    this.reset();
  }

  reset(): void {
    this.#watchdogSelect = 0;
    this.#hold(all);
  }

  /** As the boot ROM does to what it needs. */
  release(names: readonly Resettable[]): void {
    this.#hold(names.reduce((held, name) => held & ~(1 << resettable[name].bit), this.#held));
  }

  protected read(offset: number): number {
    if (offset === offsets.reset) return this.#held;
    if (offset === offsets.watchdogSelect) return this.#watchdogSelect;
    if (offset === offsets.done) return all & ~this.#held;
    return this.unknown('read', offset);
  }

  protected write(offset: number, value: number): void {
    if (offset === offsets.reset) this.#hold(value & all);
    else if (offset === offsets.watchdogSelect) this.#watchdogSelect = value & all;
    else this.unknown('write', offset);
  }

  #hold(held: number): void {
    const before = this.#held;
    this.#held = held;
    for (const { bit, slot, real, held: stand } of this.#blocks)
      this.#slots[slot] = (held >>> bit) & 1 ? stand : real;
    for (const [name, { bit }] of Object.entries(resettable))
      if ((held >>> bit) & 1 && !((before >>> bit) & 1)) this.#onReset(name as Resettable);
  }
}
