import { RP2040 } from 'rp2040js';
import { UsbController } from '../usb/controller.js';
import { UsbHost } from '../usb/host.js';
import { type BootRom, bootBlockAddress, bootBlockBytes } from './boot-rom.js';
import { ChipClock } from './clock.js';
import { ClockTree, resetPll, Watched } from './clock-tree.js';
import { ChipFault, type Fail, hex } from './fault.js';
import type { FlashMemory } from './flash-memory.js';
import { IoQspi, XipControl } from './qspi.js';
import { PlainRegisters } from './registers.js';
import { Resets, type Resettable } from './resets.js';
import { callRom, type RomWorld } from './rom-calls.js';
import { irq, replaceable, slotOf } from './rp2040js.js';
import { SpiFlash } from './spi-flash.js';
import { Ssi } from './ssi.js';
import { strictBus } from './strict-bus.js';
import { Timer } from './timer.js';
import { Watchdog, type WatchdogMemory } from './watchdog.js';

/** What a board brings to each life of its chip, and what the next one finds again. */
export interface Remains {
  readonly flash: FlashMemory;
  /** Bit QE of the flash chip. */
  quad: boolean;
  readonly watchdog: WatchdogMemory;
  /** Memory as the reset leaves it: garbage after power-up, else what it held. */
  readonly sram: Uint8Array;
  readonly usbMemory: Uint8Array;
  /** Stepping of the chip as SYSINFO has it: 1 is B0 or B1, 2 is B2. */
  readonly revision: 1 | 2;
}

/** Ends a life from within: the chip is reset, or goes into its USB bootloader. */
export class LifeEnds extends Error {
  readonly how: 'reset' | 'bootloader';

  constructor(how: 'reset' | 'bootloader') {
    super(how);
    this.name = 'LifeEnds';
    this.how = how;
  }
}

/** Why `run` came back. */
export type RunEnd = 'budget' | 'idle';

/** The ring oscillator, from which the chip runs after reset, is this fast on a typical one. */
const ringHertz = 6.5e6;
/** Cycles after which a called function is taken not to return. */
const callLimit = 1e9;
const aircr = { offset: 0xd0c, key: 0x05fa, reset: 1 << 2 } as const;
/** Domains of the power-on state machine that a watchdog reset must take along: all but the two oscillators. */
const watchdogDomains = 0x1fffc;

/** The chip from one reset to the next. */
export class Life {
  readonly chip: RP2040;
  readonly clock = new ChipClock();
  readonly host: UsbHost;
  readonly usb: UsbController;
  readonly #rom: BootRom;
  readonly #remains: Remains;
  readonly #spi: SpiFlash;
  readonly #ssi: Ssi;
  readonly #xipControl: XipControl;
  readonly #qspi: IoQspi;
  readonly #resets: Resets;
  readonly #flashView: DataView;
  #whyNoXip: string | null = 'the boot ROM has not set up flash';
  #romCopy: Uint32Array;
  #cyclesBefore = 0;
  #asleep = false;

  constructor(remains: Remains, rom: BootRom, uniqueId: Uint8Array) {
    const { clock } = this;
    this.#remains = remains;
    this.#rom = rom;
    const chip = new RP2040(clock);
    this.chip = chip;
    clock.attach(chip.core);
    const fail: Fail = (text) => this.#fail(text);
    chip.logger = {
      debug() {},
      info() {},
      warn: (component, message) => this.#complain(component, message),
      error: (component, message) => this.#complain(component, message),
    };
    chip.onBreak = (number) => this.#onBreak(number);

    const open = replaceable(chip);
    this.#flashView = new DataView(
      remains.flash.bytes.buffer,
      remains.flash.bytes.byteOffset,
      remains.flash.bytes.byteLength,
    );
    strictBus(chip, this.#flashView, fail);
    chip.sram.set(remains.sram);
    chip.usbDPRAM.set(remains.usbMemory);
    chip.bootrom.set(rom.words);
    this.#romCopy = rom.words.slice(0, 256);

    const cycles = () => this.#cyclesBefore + chip.core.cycles;
    this.#spi = new SpiFlash(remains.flash, uniqueId, () => clock.nanos, fail);
    this.#spi.quad = remains.quad;
    this.#ssi = new Ssi({
      flash: this.#spi,
      fail,
      cycles,
      systemHertz: () => chip.clkSys,
      onXip: (why) => this.#setXip(why),
    });
    this.#xipControl = new XipControl(fail);
    this.#qspi = new IoQspi(fail, (override) => this.#ssi.force(override));
    this.#ssi.reset();

    const slots = chip.peripherals;
    const tree = new ClockTree(chip, slots[slotOf(0x40024000)]!);
    const checkClocks = () => {
      const problem = tree.problem();
      if (problem !== null) this.#fail(problem);
      this.#ssi.check();
    };
    const watchdog = new Watchdog({
      memory: remains.watchdog,
      clock,
      fail,
      referenceHertz: () => chip.clocks.refFreq,
      onFire: () => this.#watchdogFires(),
      onTicks: () => timer.start(),
    });
    const timer = new Timer({
      clock,
      fail,
      ticksAreMicroseconds: () => watchdog.ticksAreMicroseconds,
      interrupt: (alarm, on) => chip.setInterrupt(irq.timer0 + alarm, on),
    });
    let host: UsbHost | null = null;
    this.usb = new UsbController({
      memory: chip.usbDPRAMView,
      fail,
      cycles,
      frame: () => host?.bus.frame ?? 0,
      clockProblem: () => tree.usbProblem(),
      interrupt: (on) => chip.setInterrupt(irq.usb, on),
      staysInReset: remains.revision < 2,
      wantFrames: (wanted) => host?.bus.wantFrames(wanted),
    });
    host = new UsbHost(this.usb, clock, fail);
    this.host = host;
    this.usb.reset();
    open.usbCtrl = this.usb;

    const chipId = ((remains.revision << 28) | 0x0002927) >>> 0;
    slots[slotOf(0x40000000)] = new PlainRegisters('SYSINFO', fail, { 0: chipId, 4: 2 });
    slots[slotOf(0x14000000)] = this.#xipControl;
    slots[slotOf(0x18000000)] = this.#ssi;
    for (const address of [0x40008000, 0x40024000, 0x40028000, 0x4002c000])
      slots[slotOf(address)] = new Watched(slots[slotOf(address)]!, checkClocks);
    slots[slotOf(0x40018000)] = this.#qspi;
    slots[slotOf(0x40054000)] = timer;
    slots[slotOf(0x40058000)] = watchdog;
    slots[slotOf(0x40060000)] = new PlainRegisters('ROSC', fail, { 0: 0xaa0, 24: 0x80001000 });
    slots[slotOf(0x40064000)] = new PlainRegisters('VREG_AND_CHIP_RESET', fail, {
      0: 0xb1,
      4: 0x91,
      8: 0x100,
    });
    slots[slotOf(0x50110000)] = this.usb;
    const own: Partial<Record<Resettable, () => void>> = {
      IO_QSPI: () => this.#qspi.reset(),
      TIMER: () => timer.reset(),
      USBCTRL: () => this.usb.reset(),
      PLL_SYS: () => resetPll(chip.pllSys),
      PLL_USB: () => resetPll(chip.pllUsb),
    };
    this.#resets = new Resets(slots, fail, (name) => own[name]?.());
    slots[slotOf(0x4000c000)] = this.#resets;
    this.#watchSystemReset();

    chip.clkSys = ringHertz;
    chip.roscFreq = ringHertz;
    chip.ppb.systickTimer.frequency = ringHertz;
    clock.setFrequency(ringHertz);
    chip.addClockListener((hertz) => clock.setFrequency(hertz));
  }

  /** Cycles of the processor in this life. */
  get cycles(): number {
    return this.#cyclesBefore + this.chip.core.cycles;
  }

  /**
   * What the boot ROM does once it has found a sound boot block: connects flash, copies the block to the end of SRAM and
   * jumps there with 0 in LR. Everything else is as reset left it.
   */
  startFlash(): void {
    const { chip } = this;
    this.#resets.release(['IO_QSPI', 'PADS_QSPI', 'TIMER']);
    this.#qspi.connect();
    this.#ssi.enterCommandMode();
    this.#xipControl.flush();
    const { bytes } = this.#remains.flash;
    chip.sram.set(bytes.subarray(0, bootBlockBytes), bootBlockAddress - 0x20000000);
    // The ROM has reset the chip's registers to nothing in particular.
    for (let n = 0; n < 13; n++) chip.core.registers[n] = 0xdead0000 + n;
    chip.core.SP = bootBlockAddress - 24;
    chip.core.LR = 0;
    chip.core.PC = bootBlockAddress;
    // About a millisecond and a half at the ring oscillator: pull-ups, exit sequence, reading, checksum.
    chip.core.cycles += 10_000;
  }

  /** What the boot ROM does if the watchdog's scratch registers ask for an address instead. */
  startAt(pc: number, sp: number): void {
    const { core } = this.chip;
    core.SP = sp;
    core.LR = this.#rom.end;
    core.PC = pc & ~1;
  }

  /**
   * Runs for so many cycles. Comes back early, 'idle', when the processor sleeps until an event that lies ahead: `skip`
   * goes there. Throws ChipFault, PowerCut, LifeEnds.
   */
  run(budget: number): RunEnd {
    const { clock } = this;
    const { core } = this.chip;
    this.#cyclesBefore += clock.rebase();
    clock.setLimit(budget);
    if (this.#asleep && !this.#wakes()) return 'idle';
    this.#asleep = false;
    for (;;) {
      while (core.cycles < clock.deadline && !core.waiting) core.executeInstruction();
      if (core.waiting) {
        // The library would take an interrupt here even if PRIMASK forbids it, and would not see one that is pending.
        core.waiting = false;
        if (!this.#wakes()) {
          this.#asleep = true;
          this.#checkRom();
          return 'idle';
        }
      }
      clock.fire();
      if (core.cycles >= budget) {
        this.#checkRom();
        return 'budget';
      }
    }
  }

  /**
   * Calls a function in the middle of whatever runs, with interrupts held back: up to four words in, the word it gives
   * and its cycles out, call and return left out. What ran goes on as if nothing had been.
   */
  call(address: number, ...words: number[]): { readonly result: number; readonly cycles: number } {
    const { clock } = this;
    const { core } = this.chip;
    const registers = core.registers.slice();
    const { APSR, PM } = core;
    core.PM = true;
    core.registers.set(words.slice(0, 4));
    core.LR = this.#rom.end;
    core.PC = address & ~1;
    const from = this.cycles;
    while (core.PC !== (this.#rom.end & ~1)) {
      core.executeInstruction();
      if (core.cycles >= clock.nextCycle) clock.fire();
      if (this.cycles - from > callLimit) this.#fail(`the function at ${hex(address)} does not return`);
    }
    const outcome = { result: core.registers[0]!, cycles: this.cycles - from };
    core.registers.set(registers);
    core.APSR = APSR;
    core.PM = PM;
    core.interruptsUpdated = true;
    return outcome;
  }

  /**
   * Runs on, instruction by instruction, for so many cycles, and gives the cycles that each call of the function at
   * `address` took, those of what it called and of interrupts included. Slower than `run`; sleep is skipped.
   */
  measure(address: number, budget: number): number[] {
    const { clock } = this;
    const { core } = this.chip;
    const open: { readonly back: number; readonly sp: number; readonly from: number }[] = [];
    const taken: number[] = [];
    const end = this.cycles + budget;
    while (this.cycles < end) {
      if (core.PC === address) open.push({ back: core.LR & ~1, sp: core.SP, from: this.cycles });
      core.executeInstruction();
      if (core.waiting) {
        core.waiting = false;
        if (!this.#wakes()) clock.pass(clock.nanosToNext);
      }
      if (core.cycles >= clock.nextCycle) clock.fire();
      const last = open.at(-1);
      if (last && core.PC === last.back && core.SP === last.sp) {
        taken.push(this.cycles - last.from);
        open.pop();
      }
    }
    return taken;
  }

  /** Nanoseconds to the next event; infinite if only the outside can wake the processor. */
  get nanosToNext(): number {
    return this.clock.nanosToNext;
  }

  /** Time passes while the processor sleeps: at most to the next event, which then happens. */
  sleep(nanos: number): void {
    this.clock.pass(Math.min(nanos, this.clock.nanosToNext));
  }

  /** Sleeps until the next event. */
  skip(): void {
    this.clock.pass(this.clock.nanosToNext);
  }

  /** Leaves the chip's memory to the next life. */
  end(): void {
    this.host.end();
    this.#remains.quad = this.#spi.quad;
    this.#remains.sram.set(this.chip.sram);
    this.#remains.usbMemory.set(this.chip.usbDPRAM);
  }

  #wakes(): boolean {
    const { core } = this.chip;
    return (
      (core.pendingInterrupts & core.enabledInterrupts) !== 0 ||
      core.pendingSystick ||
      core.pendingPendSV ||
      core.pendingNMI
    );
  }

  #onBreak(number: number): void {
    const { core } = this.chip;
    const at = core.PC - core.breakRewind;
    const name = at < 0x4000 ? this.#rom.functionOf(number) : null;
    if (name === null)
      this.#fail(`the firmware ran into a breakpoint or an undefined instruction (${number}) at ${hex(at)}`);
    callRom(name, this.#world);
  }

  get #world(): RomWorld {
    return {
      chip: this.chip,
      flash: this.#spi,
      ssi: this.#ssi,
      qspi: this.#qspi,
      xip: this.#xipControl,
      resets: this.#resets,
      fail: (text) => this.#fail(text),
      pass: (nanos) => this.clock.pass(nanos),
      bootloader: () => {
        throw new LifeEnds('bootloader');
      },
    };
  }

  #setXip(why: string | null): void {
    this.#whyNoXip = why;
    const on = why === null;
    if (on && this.#xipControl.stale)
      this.#fail(
        'flash was erased or programmed, and is read again without flushing the XIP cache (ROM function FC)',
      );
    const open = replaceable(this.chip);
    open.flash = on ? this.#remains.flash.bytes : noFlash;
    open.flashView = on ? this.#flashView : noFlashView;
  }

  #watchdogFires(): void {
    const selected = this.chip.peripherals[slotOf(0x40010000)]!.readUint32(0x08);
    if ((selected & watchdogDomains) !== watchdogDomains)
      this.#fail(
        `the watchdog fires, but PSM WDSEL (${hex(selected, 5)}) does not have it reset the whole chip`,
      );
    throw new LifeEnds('reset');
  }

  /** The library does not know AIRCR. */
  #watchSystemReset(): void {
    const { ppb } = this.chip;
    const [read, write] = [ppb.readUint32.bind(ppb), ppb.writeUint32.bind(ppb)];
    ppb.readUint32 = (offset) => (offset === aircr.offset ? 0xfa050000 : read(offset));
    ppb.writeUint32 = (offset, value) => {
      if (offset !== aircr.offset) return write(offset, value);
      if (value >>> 16 === aircr.key && value & aircr.reset) throw new LifeEnds('reset');
    };
  }

  #checkRom(): void {
    const { bootrom } = this.chip;
    for (let n = 0; n < this.#romCopy.length; n++)
      if (bootrom[n] !== this.#romCopy[n])
        this.#fail(`the firmware wrote to address ${hex(n * 4)}, which is ROM`);
  }

  #complain(component: string, message: string): never {
    const address = /invalid memory address: 1([0-3][0-9a-f]{6})$/.exec(message);
    if (address && this.#whyNoXip !== null)
      this.#fail(`flash is read at 0x1${address[1]} while it is not memory: ${this.#whyNoXip}`);
    this.#fail(`${component}: ${message}`);
  }

  #fail(text: string): never {
    const { core } = this.chip;
    throw new ChipFault(text, core.PC, core.LR);
  }
}

const noFlash = new Uint8Array(0);
const noFlashView = new DataView(noFlash.buffer);
