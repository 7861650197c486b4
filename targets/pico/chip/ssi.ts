import { type Fail, hex } from './fault.js';
import { Registers } from './registers.js';
import type { SpiFlash } from './spi-flash.js';

const offsets = {
  ctrlr0: 0x00,
  ctrlr1: 0x04,
  ssienr: 0x08,
  ser: 0x10,
  baudr: 0x14,
  txflr: 0x20,
  rxflr: 0x24,
  sr: 0x28,
  icr: 0x48,
  idr: 0x58,
  version: 0x5c,
  firstData: 0x60,
  lastData: 0xec,
  rxSampleDelay: 0xf0,
  spiCtrlr0: 0xf4,
} as const;

const status = { busy: 1, txNotFull: 2, txEmpty: 4, rxNotEmpty: 8, rxFull: 16 } as const;
const fifoDepth = 16;
const transfer = { both: 0, txOnly: 1, eepromRead: 3 } as const;
const frames = { standard: 0, dual: 1, quad: 2 } as const;

/** How the chip-select line is forced by its pad's control register. */
export type Override = 'normal' | 'inverted' | 'low' | 'high';

/**
 * The serial interface to flash (data sheet 4.10). In one setting it carries bytes that the processor writes and reads;
 * in another the XIP hardware drives it, and flash can be read as memory. `onXip` is told when that begins and ends.
 */
export class Ssi extends Registers {
  readonly #flash: SpiFlash;
  readonly #cycles: () => number;
  readonly #systemHertz: () => number;
  readonly #onXip: (why: string | null) => void;
  #ctrlr0 = 0;
  #ctrlr1 = 0;
  #enabled = false;
  #ser = 0;
  #baudr = 0;
  #delay = 0;
  #spiCtrlr0 = 0;
  #received: number[] = [];
  #override: Override = 'normal';
  #selected = false;
  #idleAt = 0;
  #words: number[] = [];

  constructor(options: {
    readonly flash: SpiFlash;
    readonly fail: Fail;
    readonly cycles: () => number;
    readonly systemHertz: () => number;
    /** Null: flash reads as memory; else why it does not. */
    readonly onXip: (why: string | null) => void;
  }) {
    super('XIP_SSI', options.fail);
    this.#flash = options.flash;
    this.#cycles = options.cycles;
    this.#systemHertz = options.systemHertz;
    this.#onXip = options.onXip;
  }

  reset(): void {
    this.#enabled = false;
    this.#ctrlr0 = 0;
    this.#ctrlr1 = 0;
    this.#ser = 0;
    this.#baudr = 0;
    this.#delay = 0;
    this.#spiCtrlr0 = 0x03000000;
    this.#received = [];
    this.#words = [];
    this.#update();
  }

  /** Serial bytes, as the boot ROM sets it up before it erases, programs or reads. */
  enterCommandMode(): void {
    this.#configure(7 << 16, 0);
  }

  /** Reading by command 03h, as the boot ROM sets it up. */
  enterSlowXip(): void {
    this.#configure((31 << 16) | (transfer.eepromRead << 8), 0x03000000 | (2 << 8) | (6 << 2));
  }

  /** Whether bytes go straight to the flash chip. */
  get inCommandMode(): boolean {
    return this.#enabled && this.#transferMode === transfer.both && this.#frameBits === 8;
  }

  /** The pad's control register forces the chip-select line. */
  force(override: Override): void {
    if (override === this.#override) return;
    this.#override = override;
    if (override === 'inverted')
      this.fail('the chip-select line of flash is inverted, which is not emulated');
    if (override === 'low') this.#select();
    else if (override === 'high') this.#deselect();
    this.#update();
  }

  /** The system clock or the flash chip has changed. */
  check(): void {
    this.#update();
  }

  protected read(offset: number): number {
    if (offset >= offsets.firstData && offset <= offsets.lastData) return this.#receive();
    switch (offset) {
      case offsets.ctrlr0:
        return this.#ctrlr0;
      case offsets.ctrlr1:
        return this.#ctrlr1;
      case offsets.ssienr:
        return Number(this.#enabled);
      case offsets.ser:
        return this.#ser;
      case offsets.baudr:
        return this.#baudr;
      case offsets.txflr:
        return 0;
      case offsets.rxflr:
        return this.#received.length;
      case offsets.sr:
        return this.#status();
      case offsets.icr:
        return 0;
      case offsets.idr:
        return 0x51535049;
      case offsets.version:
        return 0x3430312a;
      case offsets.rxSampleDelay:
        return this.#delay;
      case offsets.spiCtrlr0:
        return this.#spiCtrlr0;
      default:
        return this.unknown('read', offset);
    }
  }

  protected write(offset: number, value: number): void {
    if (offset >= offsets.firstData && offset <= offsets.lastData) return this.#send(value);
    if (offset === offsets.ssienr) return this.#enable((value & 1) === 1);
    const configuration = (
      [offsets.ctrlr0, offsets.ctrlr1, offsets.baudr, offsets.spiCtrlr0] as number[]
    ).includes(offset);
    if (configuration && this.#enabled)
      this.fail(`write to XIP_SSI register ${hex(offset, 2)} while it is enabled`);
    switch (offset) {
      case offsets.ctrlr0:
        this.#ctrlr0 = value;
        return;
      case offsets.ctrlr1:
        this.#ctrlr1 = value;
        return;
      case offsets.ser:
        this.#ser = value & 1;
        return this.#update();
      case offsets.baudr:
        this.#baudr = value & 0xfffe;
        return;
      case offsets.rxSampleDelay:
        this.#delay = value & 0xff;
        return;
      case offsets.spiCtrlr0:
        this.#spiCtrlr0 = value;
        return;
      default:
        this.unknown('write', offset);
    }
  }

  get #transferMode(): number {
    return (this.#ctrlr0 >>> 8) & 3;
  }

  get #frameFormat(): number {
    return (this.#ctrlr0 >>> 21) & 3;
  }

  get #frameBits(): number {
    return ((this.#ctrlr0 >>> 16) & 0x1f) + 1;
  }

  #configure(ctrlr0: number, spiCtrlr0: number): void {
    this.#enable(false);
    this.#baudr = 6;
    this.#ctrlr0 = ctrlr0;
    this.#ctrlr1 = 0;
    this.#spiCtrlr0 = spiCtrlr0;
    this.#ser = 1;
    this.#enable(true);
  }

  #enable(on: boolean): void {
    this.#enabled = on;
    this.#received = [];
    this.#words = [];
    if (!on && this.#override === 'normal') this.#deselect();
    this.#update();
  }

  #send(value: number): void {
    if (!this.#enabled) this.fail('write to the data register of XIP_SSI while it is disabled');
    if (this.#ser === 0)
      this.fail('write to the data register of XIP_SSI while no chip is selected (SER is 0)');
    if (this.#transferMode === transfer.eepromRead) return this.#sendCommand(value);
    if (this.#frameBits !== 8)
      this.fail(`XIP_SSI sends frames of ${this.#frameBits} bits, which is not emulated`);
    const now = this.#cycles();
    // Without a hand on the line, the chip is deselected as soon as nothing is left to send.
    if (this.#override === 'normal' && now > this.#idleAt) this.#deselect();
    this.#select();
    this.#idleAt = Math.max(now, this.#idleAt) + 8 * Math.max(2, this.#baudr);
    const answer = this.#flash.transfer(value & 0xff);
    if (this.#transferMode === transfer.txOnly) return;
    if (this.#received.length === fifoDepth) this.fail('the receive FIFO of XIP_SSI overflows');
    this.#received.push(answer);
  }

  /** Command, then address with mode bits: the one transaction with which a boot block starts continuous reading. */
  #sendCommand(value: number): void {
    this.#words.push(value);
    if (this.#words.length < 2) return;
    const [command, address] = this.#words as [number, number];
    this.#words = [];
    if (command !== 0xeb || this.#frameFormat !== frames.quad)
      this.fail(`XIP_SSI sends command ${hex(command, 2)} in a setting that is not emulated`);
    this.#flash.quadRead(address & 0xff);
    this.#idleAt = this.#cycles() + 24 * Math.max(2, this.#baudr);
    for (let n = 0; n <= (this.#ctrlr1 & 0xffff); n++) this.#received.push(0);
  }

  #receive(): number {
    const value = this.#received.shift();
    return value ?? this.fail('read of the data register of XIP_SSI, which has received nothing');
  }

  #status(): number {
    const busy = this.#cycles() < this.#idleAt;
    if (!busy && this.#override === 'normal') this.#deselect();
    const { length } = this.#received;
    return (
      status.txNotFull |
      (busy ? status.busy : status.txEmpty) |
      (length > 0 ? status.rxNotEmpty : 0) |
      (length === fifoDepth ? status.rxFull : 0)
    );
  }

  #select(): void {
    if (!this.#selected) this.#flash.select();
    this.#selected = true;
  }

  #deselect(): void {
    if (this.#selected) this.#flash.deselect();
    this.#selected = false;
  }

  #update(): void {
    this.#onXip(this.#whyNoXip());
  }

  /** Why flash cannot be read as memory; null if it can. */
  #whyNoXip(): string | null {
    if (!this.#enabled) return 'XIP_SSI is disabled';
    if (this.#ser === 0) return 'XIP_SSI selects no chip';
    if (this.#override !== 'normal') return 'the chip-select line is forced';
    if (this.#transferMode !== transfer.eepromRead) return 'XIP_SSI is in command mode';
    if (this.#flash.isBusy) return 'the flash chip is busy';
    if (this.#frameBits !== 32) return `XIP_SSI reads frames of ${this.#frameBits} bits`;
    const [command, wait, instruction, address] = [
      this.#spiCtrlr0 >>> 24,
      (this.#spiCtrlr0 >>> 11) & 0x1f,
      (this.#spiCtrlr0 >>> 8) & 3,
      (this.#spiCtrlr0 >>> 2) & 0xf,
    ];
    const megahertz = this.#systemHertz() / 1e6 / Math.max(2, this.#baudr);
    if (this.#frameFormat === frames.standard) {
      if (this.#flash.continuous) return 'the flash chip waits for quad addresses';
      if (instruction !== 2 || address !== 6) return 'the command is not 8 bits and 24 bits of address';
      if (command === 0x03 && wait === 0) return megahertz > 50 ? tooFast(megahertz, 50) : null;
      if (command === 0x0b && wait === 8) return megahertz > 133 ? tooFast(megahertz, 133) : null;
      return `command ${hex(command, 2)} with ${wait} wait cycles reads nothing`;
    }
    if (this.#frameFormat === frames.quad) {
      if (!this.#flash.continuous) return 'the flash chip waits for a command';
      if (instruction !== 0 || address !== 8 || command !== 0xa0 || wait !== 4)
        return 'a continued quad read has no command, 24 bits of address, mode bits 0xa0 and 4 wait cycles';
      return megahertz > 133 ? tooFast(megahertz, 133) : null;
    }
    return 'XIP_SSI reads over two lines, which is not emulated';
  }
}

function tooFast(megahertz: number, limit: number): string {
  return `the flash chip is clocked at ${megahertz} MHz; this command allows ${limit} MHz`;
}
