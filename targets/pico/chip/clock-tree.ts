import type { RP2040 } from 'rp2040js';
import { hex } from './fault.js';
import type { Peripheral } from './rp2040js.js';

const clocks = { refControl: 0x30, sysControl: 0x3c, usbControl: 0x54, usbDivider: 0x58 } as const;
const pllRegisters = { control: 0x00, power: 0x04, feedback: 0x08, dividers: 0x0c } as const;
const pllPowerDown = 0x29;
const xoscStatus = 0x04;
const xoscStable = 0x80000000;
const enabled = 1 << 11;
/** Fastest system clock the data sheet allows. */
const fastestSystemClock = 133e6;

/** Passes on to a peripheral of the library and looks at the outcome. */
export class Watched implements Peripheral {
  readonly #inner: Peripheral;
  readonly #after: () => void;

  constructor(inner: Peripheral, after: () => void) {
    this.#inner = inner;
    this.#after = after;
  }

  readUint32(offset: number): number {
    return this.#inner.readUint32(offset & 0xfff);
  }

  writeUint32(offset: number, value: number): void {
    this.#inner.writeUint32(offset, value);
    this.#after();
  }

  writeUint32Atomic(offset: number, value: number, alias: number): void {
    this.#inner.writeUint32Atomic(offset, value, alias);
    this.#after();
  }
}

/**
 * Oscillators, PLLs and clock muxes (data sheet 2.15 to 2.18). The library computes frequencies; this looks whether
 * what the clocks are taken from runs at all.
 */
export class ClockTree {
  readonly #chip: RP2040;
  readonly #xosc: Peripheral;
  /** Null until firmware selects something else than the reset state. */
  #auxiliary = 0;

  constructor(chip: RP2040, xosc: Peripheral) {
    this.#chip = chip;
    this.#xosc = xosc;
  }

  /** What is wrong with the clock tree; null if nothing is. To be asked after each change. */
  problem(): string | null {
    const sys = this.#chip.clocks.readUint32(clocks.sysControl);
    const ref = this.#chip.clocks.readUint32(clocks.refControl) & 3;
    const auxiliary = (sys >>> 5) & 7;
    const switched = (sys & 1) === 1 && auxiliary !== this.#auxiliary;
    const before = this.#auxiliary;
    this.#auxiliary = auxiliary;
    if (ref === 1) return 'clk_ref runs from an auxiliary source, which is not emulated';
    if (ref === 2 && !this.#crystalRuns) return 'clk_ref is taken from the crystal oscillator, which is off';
    if ((sys & 1) === 0) return null;
    if (switched && this.#wasAuxiliary)
      return `the auxiliary source of clk_sys changes from ${before} to ${auxiliary} while clk_sys runs from it`;
    this.#wasAuxiliary = true;
    const source = this.#auxiliaryProblem(auxiliary);
    if (source !== null) return `clk_sys is taken from ${source}`;
    const { clkSys } = this.#chip;
    return clkSys > fastestSystemClock
      ? `clk_sys runs at ${clkSys / 1e6} MHz; at most 133 are allowed`
      : null;
  }

  #wasAuxiliary = false;

  /** Why clk_usb is not 48 MHz; null if it is. */
  usbProblem(): string | null {
    const control = this.#chip.clocks.readUint32(clocks.usbControl);
    if (!(control & enabled)) return 'clk_usb is off';
    if (((control >>> 5) & 7) !== 0) return 'clk_usb is not taken from PLL_USB';
    const pll = this.#pllProblem('PLL_USB', this.#chip.pllUsb);
    if (pll !== null) return pll;
    const divider = this.#chip.clocks.readUint32(clocks.usbDivider) / 256;
    const hertz = this.#chip.pllUsb.frequency / divider;
    return hertz === 48e6 ? null : `clk_usb runs at ${hertz / 1e6} MHz instead of 48`;
  }

  get #crystalRuns(): boolean {
    return (this.#xosc.readUint32(xoscStatus) & xoscStable) !== 0;
  }

  #auxiliaryProblem(source: number): string | null {
    if (source === 0) return this.#pllProblem('PLL_SYS', this.#chip.pllSys);
    if (source === 1) return this.#pllProblem('PLL_USB', this.#chip.pllUsb);
    if (source === 2) return null;
    if (source === 3) return this.#crystalRuns ? null : 'the crystal oscillator, which is off';
    return `auxiliary source ${source}, which is not emulated`;
  }

  #pllProblem(name: string, pll: Peripheral): string | null {
    if (!this.#crystalRuns) return `${name}, whose crystal oscillator is off`;
    const power = pll.readUint32(pllRegisters.power);
    if (power & pllPowerDown) return `${name}, which is powered down (PWR ${hex(power, 2)})`;
    const oscillator =
      ((this.#chip.xoscFreq / (pll.readUint32(pllRegisters.control) & 0x3f || 1)) *
        (pll.readUint32(pllRegisters.feedback) & 0xfff)) /
      1e6;
    if (oscillator < 750 || oscillator > 1600)
      return `${name}, whose oscillator would run at ${oscillator} MHz (750 … 1600 are allowed)`;
    return null;
  }
}

/** State of a PLL after reset; the library knows none. */
export function resetPll(pll: Peripheral): void {
  pll.writeUint32(pllRegisters.control, 1);
  pll.writeUint32(pllRegisters.power, 0x2d);
  pll.writeUint32(pllRegisters.feedback, 0);
  pll.writeUint32(pllRegisters.dividers, 0x77000);
}
