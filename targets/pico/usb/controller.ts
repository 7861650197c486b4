import { type Fail, hex } from '../chip/fault.js';
import { Registers } from '../chip/registers.js';
import type { UsbFunction, UsbReply } from './wire.js';

const offsets = {
  address: 0x00,
  mainControl: 0x40,
  frameRead: 0x48,
  sieControl: 0x4c,
  sieStatus: 0x50,
  interruptEndpoints: 0x54,
  bufferStatus: 0x58,
  bufferToHandle: 0x5c,
  abort: 0x60,
  abortDone: 0x64,
  stallArm: 0x68,
  nakPoll: 0x6c,
  stallNak: 0x70,
  muxing: 0x74,
  power: 0x78,
  phyDirect: 0x7c,
  phyOverride: 0x80,
  phyTrim: 0x84,
  interruptRaw: 0x8c,
  interruptEnable: 0x90,
  interruptForce: 0x94,
  interruptStatus: 0x98,
} as const;

const main = { enable: 1, host: 2 } as const;
const sie = { pullUp: 1 << 16, interruptPerBuffer: 1 << 29, doubleBuffered: 1 << 30 } as const;
const status = {
  setup: 1 << 17,
  complete: 1 << 18,
  reset: 1 << 19,
  connected: 1 << 16,
  resume: 1 << 11,
  suspended: 1 << 4,
  lineJ: 1 << 2,
  vbus: 1,
} as const;
const clearable =
  status.setup | status.complete | status.reset | status.connected | status.resume | status.suspended;
const mux = { toPhy: 1, toDigitalPad: 4, softCon: 8 } as const;
const vbusOverride = 0xc;
const interrupts = {
  complete: 1 << 3,
  bufferStatus: 1 << 4,
  vbus: 1 << 11,
  reset: 1 << 12,
  connected: 1 << 13,
  suspended: 1 << 14,
  resume: 1 << 15,
  setup: 1 << 16,
  frame: 1 << 17,
  abortDone: 1 << 18,
  stallNak: 1 << 19,
} as const;
const buffer = {
  full: 0x8000,
  last: 0x4000,
  data1: 0x2000,
  select0: 0x1000,
  stall: 0x800,
  available: 0x400,
  length: 0x3ff,
};
const bothAvailable = 0x04000400;
const endpoint = {
  enable: 0x80000000,
  double: 0x40000000,
  interrupt: 0x20000000,
  interruptOnNak: 1 << 16,
} as const;
const bufferControls = 0x80;
const endpointZeroBuffer = 0x100;
const packetBytes = 64;
/** A cycle of clk_usb in cycles of a 125 MHz clk_sys, rounded up: what must lie between the two writes of a buffer. */
const settleCycles = 3;

/**
 * The USB controller in device mode (data sheet 4.1), seen by the processor through registers and dual-ported memory and
 * by a host through UsbFunction. What the data sheet forbids is a fault.
 */
export class UsbController extends Registers implements UsbFunction {
  /** Told when the pull-up appears on the bus or goes. */
  onAttach: (attached: boolean) => void = () => {};
  /** Told when an endpoint may answer otherwise than before. */
  onChange: (endpoint: number, into: boolean) => void = () => {};
  readonly #memory: DataView;
  readonly #cycles: () => number;
  readonly #frame: () => number;
  readonly #clockProblem: () => string | null;
  readonly #interrupt: (on: boolean) => void;
  readonly #wantFrames: (wanted: boolean) => void;
  /** Buffer controls as last seen, and when each last changed. */
  readonly #controls = new Uint32Array(32);
  readonly #changed = new Float64Array(32);
  /** Which buffer of a doubly buffered endpoint is next. */
  readonly #second = new Uint8Array(32);
  readonly #staysInReset: boolean;
  #attached = false;
  #deaf = false;
  #address = 0;
  #main = 0;
  #sie = 0;
  #status = 0;
  #buffers = 0;
  #toHandle = 0;
  #abort = 0;
  #abortDone = 0;
  #stallArm = 0;
  #stallNak = 0;
  #mux = 0;
  #power = 0;
  #nakPoll = 0x00100010;
  #phy = [0, 0, 0x1f1f];
  #enabled = 0;
  #forced = 0;
  #seenFrame = 0;

  constructor(options: {
    /** The 4 KB that both sides see. */
    readonly memory: DataView;
    readonly fail: Fail;
    readonly cycles: () => number;
    /** Number of the frame on the bus. */
    readonly frame: () => number;
    readonly clockProblem: () => string | null;
    readonly interrupt: (on: boolean) => void;
    /** Erratum RP2040-E5: on a busy bus it takes firmware to bring it out of a bus reset. */
    readonly staysInReset: boolean;
    /** Whether each start of a frame is to be told, by `startOfFrame`. */
    readonly wantFrames: (wanted: boolean) => void;
  }) {
    super('USBCTRL', options.fail);
    this.#memory = options.memory;
    this.#cycles = options.cycles;
    this.#frame = options.frame;
    this.#clockProblem = options.clockProblem;
    this.#interrupt = options.interrupt;
    this.#wantFrames = options.wantFrames;
    this.#staysInReset = options.staysInReset;
  }

  reset(): void {
    this.#main = this.#sie = this.#status = this.#buffers = this.#toHandle = this.#address = 0;
    this.#abort = this.#abortDone = this.#stallArm = this.#stallNak = 0;
    this.#mux = this.#power = this.#enabled = this.#forced = 0;
    this.#second.fill(0);
    // The memory keeps what it held: start-up code has to clear it.
    for (let n = 0; n < 32; n++) this.#controls[n] = this.#memory.getUint32(bufferControls + n * 4, true);
    this.#attach();
    this.#update();
  }

  // ---- The side of the bus ----

  get attached(): boolean {
    return this.#attached;
  }

  busReset(): void {
    this.#status |= status.reset | status.lineJ;
    this.#deaf = this.#staysInReset;
    if (this.#deaf) this.#status &= ~status.connected;
    else this.#status |= status.connected;
    this.#update();
  }

  startOfFrame(): void {
    this.#update();
  }

  setup(address: number, packet: Uint8Array): boolean {
    if (!this.#answers(address)) return false;
    for (const [n, byte] of packet.entries()) this.#memory.setUint8(n, byte);
    this.#stallArm = 0;
    this.#status |= status.setup;
    this.#update();
    return true;
  }

  /** Bytes that an IN transaction would carry now; null if it would not carry any. */
  peek(number: number): number | null {
    const half = this.#half(number * 2);
    const control = (this.#controls[number * 2]! >>> (16 * half)) & 0xffff;
    return control & buffer.available ? control & buffer.length : null;
  }

  in(address: number, number: number): UsbReply {
    const ready = this.#ready(address, number, false);
    if (typeof ready === 'string') return { kind: ready };
    const { index, half, control, at } = ready;
    const length = control & buffer.length;
    if (!(control & buffer.full))
      this.fail(`IN buffer of endpoint ${number} is made available without the bit FULL`);
    if (length > packetBytes)
      this.fail(`IN buffer of endpoint ${number} holds ${length} bytes; a packet has ${packetBytes}`);
    const bytes = new Uint8Array(length);
    for (let n = 0; n < length; n++) bytes[n] = this.#memory.getUint8(at + n);
    this.#finish(index, half, control & ~(buffer.available | buffer.full));
    return { kind: 'data', pid: control & buffer.data1 ? 1 : 0, bytes };
  }

  out(address: number, number: number, pid: 0 | 1, bytes: Uint8Array): UsbReply {
    const ready = this.#ready(address, number, true);
    if (typeof ready === 'string') return { kind: ready };
    const { index, half, control, at } = ready;
    if (control & buffer.full)
      this.fail(
        `OUT buffer of endpoint ${number} is made available with the bit FULL, which says that it holds data`,
      );
    const expected = control & buffer.data1 ? 1 : 0;
    if (expected !== pid)
      this.fail(`endpoint ${number} OUT expects DATA${expected}; the host sends DATA${pid}`);
    if (bytes.length > (control & buffer.length))
      this.fail(
        `endpoint ${number} OUT has room for ${control & buffer.length} bytes; the host sends ${bytes.length}`,
      );
    for (const [n, byte] of bytes.entries()) this.#memory.setUint8(at + n, byte);
    this.#finish(index, half, (control & ~(buffer.available | buffer.length)) | buffer.full | bytes.length);
    return { kind: 'ack' };
  }

  // ---- The side of the processor ----

  /** The processor has written a word of the dual-ported memory. */
  DPRAMUpdated(offset: number, value: number): void {
    if (offset < bufferControls || offset >= bufferControls + 128) return;
    const index = (offset - bufferControls) >>> 2;
    const before = this.#controls[index]!;
    const now = this.#cycles();
    const started = value & ~before & bothAvailable;
    const rest = ~(bothAvailable | (buffer.stall << 16) | buffer.stall);
    if (started && ((value ^ before) & rest) !== 0)
      this.fail(
        `buffer control ${name(index)} gets its bit AVAILABLE in the same write as the rest (${hex(before)} to ${hex(value)}); data sheet 4.1.2.5.1 wants it last`,
      );
    if (started && now - this.#changed[index]! < settleCycles)
      this.fail(
        `buffer control ${name(index)} gets its bit AVAILABLE ${now - this.#changed[index]!} cycles after the rest; a cycle of clk_usb takes ${settleCycles}`,
      );
    if (((value ^ before) & rest) !== 0) this.#changed[index] = now;
    this.#controls[index] = value;
    if (value & buffer.select0) this.#second[index] = 0;
    this.onChange(index >>> 1, (index & 1) === 0);
  }

  protected read(offset: number): number {
    switch (offset) {
      case offsets.address:
        return this.#address;
      case offsets.mainControl:
        return this.#main;
      case offsets.frameRead:
        this.#seenFrame = this.#frame();
        this.#update();
        return this.#seenFrame & 0x7ff;
      case offsets.sieControl:
        return this.#sie;
      case offsets.sieStatus:
        return this.#status | ((this.#power & vbusOverride) === vbusOverride ? status.vbus : 0);
      case offsets.bufferStatus:
        return this.#buffers;
      case offsets.bufferToHandle:
        return this.#toHandle;
      case offsets.abort:
        return this.#abort;
      case offsets.abortDone:
        return this.#abortDone;
      case offsets.stallArm:
        return this.#stallArm;
      case offsets.stallNak:
        return this.#stallNak;
      case offsets.nakPoll:
        return this.#nakPoll;
      case offsets.muxing:
        return this.#mux;
      case offsets.power:
        return this.#power;
      case offsets.phyDirect:
      case offsets.phyOverride:
      case offsets.phyTrim:
        return this.#phy[(offset - offsets.phyDirect) >>> 2]!;
      case offsets.interruptRaw:
        return this.#raw;
      case offsets.interruptEnable:
        return this.#enabled;
      case offsets.interruptForce:
        return this.#forced;
      case offsets.interruptStatus:
        return (this.#raw & this.#enabled) | this.#forced;
      default:
        // Addresses of endpoints in host mode.
        return offset < offsets.mainControl ? 0 : this.unknown('read', offset);
    }
  }

  protected write(offset: number, value: number): void {
    switch (offset) {
      case offsets.address:
        this.#address = value & 0x7f;
        break;
      case offsets.mainControl:
        this.#setMain(value);
        break;
      case offsets.sieControl:
        this.#sie = value;
        break;
      case offsets.sieStatus:
        this.#status &= ~(this.written & clearable);
        break;
      case offsets.bufferStatus:
        this.#buffers &= ~this.written;
        break;
      case offsets.abort:
        this.#abort = value;
        this.#abortDone |= value;
        break;
      case offsets.abortDone:
        this.#abortDone &= ~this.written;
        break;
      case offsets.stallArm:
        this.#stallArm = value & 3;
        this.onChange(0, true);
        this.onChange(0, false);
        break;
      case offsets.stallNak:
        this.#stallNak &= ~this.written;
        break;
      case offsets.nakPoll:
        this.#nakPoll = value;
        break;
      case offsets.muxing:
        this.#mux = value & 0xf;
        // With the line held idle by the pad, the controller sees the end of the reset.
        if (this.#deaf && (this.#mux & mux.toDigitalPad) !== 0) {
          this.#deaf = false;
          this.#status |= status.connected;
        }
        break;
      case offsets.power:
        this.#power = value & 0x3f;
        break;
      case offsets.phyDirect:
      case offsets.phyOverride:
      case offsets.phyTrim:
        this.#phy[(offset - offsets.phyDirect) >>> 2] = value;
        break;
      case offsets.interruptEnable:
        this.#enabled = value & 0xfffff;
        this.#wantFrames((value & interrupts.frame) !== 0);
        break;
      case offsets.interruptForce:
        this.#forced = value & 0xfffff;
        break;
      case offsets.interruptEndpoints:
        break;
      default:
        if (offset >= offsets.mainControl) this.unknown('write', offset);
    }
    this.#attach();
    this.#update();
  }

  #setMain(value: number): void {
    if (value & main.host) this.fail('the USB controller is put into host mode, which is not emulated');
    if (value & main.enable && !(this.#main & main.enable)) {
      const problem = this.#clockProblem();
      if (problem !== null) this.fail(`the USB controller is enabled while ${problem}`);
    }
    this.#main = value & (main.enable | main.host | 0x80000000);
  }

  #attach(): void {
    const wanted = (this.#sie & sie.pullUp) !== 0 && (this.#main & main.enable) !== 0;
    if (wanted === this.#attached) return;
    if (wanted && (this.#mux & (mux.toPhy | mux.softCon)) !== (mux.toPhy | mux.softCon))
      this.fail('the USB pull-up is on while USB_MUXING does not lead to the PHY');
    if (wanted && (this.#power & vbusOverride) !== vbusOverride)
      this.fail(
        'the USB pull-up is on while USB_PWR does not say that there is VBUS (a Pico does not wire it)',
      );
    if (wanted === this.#attached) return;
    this.#attached = wanted;
    this.onAttach(wanted);
  }

  get #raw(): number {
    let raw = 0;
    if (this.#buffers !== 0) raw |= interrupts.bufferStatus;
    if (this.#status & status.complete) raw |= interrupts.complete;
    if (this.#status & status.reset) raw |= interrupts.reset;
    if (this.#status & status.connected) raw |= interrupts.connected;
    if (this.#status & status.suspended) raw |= interrupts.suspended;
    if (this.#status & status.resume) raw |= interrupts.resume;
    if (this.#status & status.setup) raw |= interrupts.setup;
    if ((this.#power & vbusOverride) === vbusOverride) raw |= interrupts.vbus;
    if (this.#frame() !== this.#seenFrame) raw |= interrupts.frame;
    if (this.#abortDone !== 0) raw |= interrupts.abortDone;
    if (this.#stallNak !== 0) raw |= interrupts.stallNak;
    return raw;
  }

  #update(): void {
    this.#interrupt(((this.#raw & this.#enabled) | this.#forced) !== 0);
  }

  #answers(address: number): boolean {
    return this.#attached && !this.#deaf && (this.#mux & mux.toPhy) !== 0 && address === this.#address;
  }

  #half(index: number): 0 | 1 {
    return this.#isDouble(index) && this.#second[index] === 1 ? 1 : 0;
  }

  #endpointControl(index: number): number {
    return this.#memory.getUint32(index * 4, true);
  }

  #isDouble(index: number): boolean {
    return index < 2
      ? (this.#sie & sie.doubleBuffered) !== 0
      : (this.#endpointControl(index) & endpoint.double) !== 0;
  }

  /** The buffer that a transaction would use, or what the controller answers without one. */
  #ready(address: number, number: number, out: boolean) {
    const index = number * 2 + Number(out);
    if (!this.#answers(address)) return 'none';
    if (number > 0 && !(this.#endpointControl(index) & endpoint.enable)) return 'none';
    const half = this.#half(index);
    const word = this.#controls[index]!;
    const control = (word >>> (16 * half)) & 0xffff;
    if (word & buffer.stall && (number > 0 || (this.#stallArm >>> Number(out)) & 1)) return 'stall';
    if (!(control & buffer.available) || (this.#abort >>> index) & 1) {
      if (number > 0 && this.#endpointControl(index) & endpoint.interruptOnNak) {
        this.#stallNak |= 1 << index;
        this.#update();
      }
      return 'nak';
    }
    const at =
      number === 0
        ? endpointZeroBuffer + half * packetBytes
        : (this.#endpointControl(index) & 0xffc0) + half * packetBytes;
    if (at < endpointZeroBuffer || at + packetBytes > this.#memory.byteLength)
      this.fail(
        `the buffer of endpoint ${number} ${out ? 'OUT' : 'IN'} lies at ${hex(at, 3)} of the USB memory`,
      );
    return { index, half, control, at };
  }

  #finish(index: number, half: number, control: number): void {
    const shift = 16 * half;
    const word = ((this.#controls[index]! & ~(0xffff << shift)) | (control << shift)) >>> 0;
    this.#controls[index] = word & ~buffer.select0;
    this.#memory.setUint32(bufferControls + index * 4, this.#controls[index]!, true);
    if (this.#isDouble(index)) this.#second[index] = half === 0 ? 1 : 0;
    const told =
      index < 2 ? this.#sie & sie.interruptPerBuffer : this.#endpointControl(index) & endpoint.interrupt;
    if (told) {
      this.#buffers |= 1 << index;
      this.#toHandle = half === 1 ? this.#toHandle | (1 << index) : this.#toHandle & ~(1 << index);
    }
    if (control & buffer.last) this.#status |= status.complete;
    this.#update();
  }
}

function name(index: number): string {
  return `EP${index >>> 1} ${index & 1 ? 'OUT' : 'IN'}`;
}
