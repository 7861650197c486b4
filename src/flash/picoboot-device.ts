import type { NorFlash } from './nor-flash.js';
import { commandBytes, commands, controlRequests, magic, statusBytes } from './picoboot-command.js';

const outEndpoint = 3;
const inEndpoint = 4;
const pageBytes = 256;
const sectorBytes = 4096;
const packetBytes = 64;

/** What goes wrong on purpose. */
export interface PicobootFaults {
  /** Pulled out at the n-th transfer, counted from 1. */
  unplugAt?: number;
  /** Opening fails, as without a udev rule. */
  denied?: boolean;
  /** The n-th READ sends this many bytes and then an empty packet. */
  shortRead?: { at: number; bytes: number };
  /** The host writes to the drive before the n-th WRITE; exclusive access keeps it from mattering. */
  driveWriteAt?: number;
  /** Address of a worn cell: its bit 0 stays as it is. */
  worn?: number;
  /** A host before this one stopped in the middle of a command. */
  stalled?: boolean;
}

type Phase =
  | { readonly kind: 'command' }
  | { readonly kind: 'data-out'; readonly address: number; left: number; done: number }
  | { readonly kind: 'data-in'; readonly data: Uint8Array; done: number }
  | { readonly kind: 'ack-in' }
  | { readonly kind: 'ack-out' };

/**
 * The PICOBOOT interface of the RP2040's boot ROM as a W3C `USBDevice`, as its published source has it: what stalls,
 * what is checked and what is not. An erase that is refused is answered as if it were done, as there.
 */
export class PicobootDevice implements USBDevice {
  readonly usbVersionMajor = 1;
  readonly usbVersionMinor = 1;
  readonly usbVersionSubminor = 0;
  readonly deviceClass = 0;
  readonly deviceSubclass = 0;
  readonly deviceProtocol = 0;
  readonly vendorId = 0x2e8a;
  readonly productId = 0x0003;
  readonly deviceVersionMajor = 1;
  readonly deviceVersionMinor = 0;
  readonly deviceVersionSubminor = 0;
  readonly manufacturerName = 'Raspberry Pi';
  readonly productName = 'RP2 Boot';
  readonly serialNumber = 'E0C9125B0D9B';
  readonly configurations: USBConfiguration[];
  configuration: USBConfiguration | null = null;
  opened = false;

  /** Names of the commands that were carried out, in order. */
  readonly log: string[] = [];
  /** What a host must not do and the boot ROM does not answer for. */
  readonly complaints: string[] = [];
  /** Called when it leaves the bus to start what is in flash. */
  onReboot = () => {};
  readonly #flash: NorFlash;
  readonly #faults: PicobootFaults;
  #claimed = false;
  #plugged = true;
  #transfers = 0;
  #phase: Phase = { kind: 'command' };
  #halted = false;
  #status = { token: 0, status: 0, command: 0, inProgress: false };
  #exclusive = false;
  #xip = true;
  #driveWrote = false;
  #reads = 0;
  #writes = 0;

  constructor(flash: NorFlash, faults: PicobootFaults = {}) {
    this.#flash = flash;
    this.#faults = faults;
    if (faults.stalled) this.#stall(8);
    this.configurations = [
      {
        configurationValue: 1,
        configurationName: null,
        interfaces: [usbInterface(0, 0x08, 1, 2), usbInterface(1, 0xff, inEndpoint, outEndpoint)],
      },
    ];
  }

  get erases(): number {
    return this.log.filter((name) => name === 'flashErase').length;
  }

  /** Whether the drive takes no writes. */
  get exclusive(): boolean {
    return this.#exclusive;
  }

  async open(): Promise<void> {
    this.#check(this.#plugged, 'NotFoundError');
    this.#check(!this.#faults.denied, 'SecurityError');
    this.opened = true;
  }

  async selectConfiguration(value: number): Promise<void> {
    this.#check(this.opened && value === 1, 'InvalidStateError');
    this.configuration = this.configurations[0]!;
  }

  async claimInterface(number: number): Promise<void> {
    this.#check(this.opened && this.configuration !== null, 'InvalidStateError');
    // The mass storage interface belongs to the system.
    this.#check(number === 1, 'SecurityError');
    this.#claimed = true;
  }

  async releaseInterface(): Promise<void> {
    this.#claimed = false;
  }

  async close(): Promise<void> {
    this.opened = false;
    this.#claimed = false;
  }

  async clearHalt(): Promise<void> {
    await this.#tick();
  }

  async controlTransferOut(setup: USBControlTransferParameters): Promise<USBOutTransferResult> {
    await this.#tick();
    this.#checkControl(setup, controlRequests.reset);
    this.#halted = false;
    this.#exclusive = false;
    this.#phase = { kind: 'command' };
    this.#status = { token: 0, status: 0, command: 0, inProgress: false };
    return { bytesWritten: 0, status: 'ok' };
  }

  async controlTransferIn(setup: USBControlTransferParameters, length: number): Promise<USBInTransferResult> {
    await this.#tick();
    this.#checkControl(setup, controlRequests.status);
    if (length !== statusBytes) return { data: undefined as never, status: 'stall' };
    const view = new DataView(new ArrayBuffer(statusBytes));
    view.setUint32(0, this.#status.token, true);
    view.setUint32(4, this.#status.status, true);
    view.setUint8(8, this.#status.command);
    view.setUint8(9, Number(this.#status.inProgress));
    return { data: view, status: 'ok' };
  }

  async transferOut(endpoint: number, source: BufferSource): Promise<USBOutTransferResult> {
    await this.#tick();
    this.#check(this.#claimed && endpoint === outEndpoint, 'InvalidAccessError');
    if (this.#halted) return { bytesWritten: 0, status: 'stall' };
    const data = bytesOf(source);
    const phase = this.#phase;
    if (phase.kind === 'command') this.#command(data);
    else if (phase.kind === 'data-out') this.#dataOut(phase, data);
    else if (phase.kind === 'ack-out' && data.length === 0) this.#done();
    else {
      this.complaints.push(`${data.length} bytes out while it is at ${phase.kind}`);
      throw failure('TimeoutError');
    }
    return this.#halted && phase.kind !== 'command'
      ? { bytesWritten: 0, status: 'stall' }
      : { bytesWritten: data.length, status: 'ok' };
  }

  async transferIn(endpoint: number, length: number): Promise<USBInTransferResult> {
    await this.#tick();
    this.#check(this.#claimed && endpoint === inEndpoint, 'InvalidAccessError');
    const reply = (bytes: Uint8Array): USBInTransferResult => ({
      data: new DataView(bytes.slice().buffer),
      status: 'ok',
    });
    if (this.#halted) return { data: undefined as never, status: 'stall' };
    const phase = this.#phase;
    if (phase.kind === 'ack-in') {
      this.#done();
      return reply(new Uint8Array(0));
    }
    if (phase.kind !== 'data-in') {
      this.complaints.push(`the host reads while it is at ${phase.kind}`);
      throw failure('TimeoutError');
    }
    if (length % packetBytes !== 0 && length < phase.data.length - phase.done) throw failure('OverflowError');
    const part = phase.data.subarray(phase.done, phase.done + length);
    phase.done += part.length;
    if (phase.done === phase.data.length && !this.#isShort()) this.#phase = { kind: 'ack-out' };
    return reply(part);
  }

  #isShort(): boolean {
    return this.#faults.shortRead?.at === this.#reads;
  }

  #command(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const name = (Object.keys(commands) as (keyof typeof commands)[]).find(
      (candidate) => bytes.length === commandBytes && commands[candidate] === view.getUint8(8),
    );
    if (bytes.length !== commandBytes || view.getUint32(0, true) !== magic) return this.#stall(null);
    this.#status = {
      token: view.getUint32(4, true),
      status: 0,
      command: view.getUint8(8),
      inProgress: false,
    };
    if (!name) return this.#stall(1);
    if (view.getUint8(9) !== argumentBytes[name]) return this.#stall(2);
    const [address, size, transfer] = [
      view.getUint32(16, true),
      view.getUint32(20, true),
      view.getUint32(12, true),
    ];
    const data = name === 'read' || name === 'write' ? size : 0;
    if (transfer !== data) return this.#stall(3);
    this.log.push(name);
    this.#status.inProgress = true;
    if (name === 'write') return this.#startWrite(address, size);
    if (name === 'read') return this.#startRead(address, size);
    this.#phase = { kind: 'ack-in' };
    if (name === 'exclusiveAccess') this.#exclusive = view.getUint8(16) !== 0;
    else if (name === 'exitXip') this.#xip = false;
    else if (name === 'flashErase') this.#erase(address, size);
  }

  #erase(address: number, size: number): void {
    if (this.#xip) return this.#complain('erase before exitXip');
    if (address % sectorBytes !== 0 || size % sectorBytes !== 0)
      return this.#complain('erase is not aligned');
    if (!this.#flash.has(address, size)) return this.#complain('erase outside flash');
    for (let at = 0; at < size; at += sectorBytes)
      this.#change(address + at, sectorBytes, () => this.#flash.eraseSector(address + at));
  }

  #startWrite(address: number, size: number): void {
    this.#writes++;
    if (this.#writes === this.#faults.driveWriteAt && !this.#exclusive) this.#driveWrote = true;
    this.#phase = { kind: 'data-out', address, left: size, done: 0 };
  }

  #dataOut(phase: Phase & { kind: 'data-out' }, data: Uint8Array): void {
    if (this.#xip) this.#complain('write before exitXip');
    for (let at = 0; at < data.length; at += pageBytes) {
      const address = phase.address + phase.done;
      const page = data.subarray(at, at + pageBytes);
      if (!this.#flash.has(address, page.length)) return this.#stall(4);
      if (address % pageBytes !== 0) return this.#stall(5);
      if (this.#driveWrote) return this.#stall(6);
      this.#change(address, page.length, () => this.#flash.programPage(address, page));
      phase.done += page.length;
      phase.left -= page.length;
    }
    if (phase.left < 0) this.#complain('more data than the command said');
    if (phase.left <= 0) this.#phase = { kind: 'ack-in' };
  }

  #startRead(address: number, size: number): void {
    this.#reads++;
    if (this.#xip) this.#complain('read before exitXip');
    if (!this.#flash.has(address, size)) return this.#stall(4);
    if (address % pageBytes !== 0) return this.#stall(5);
    const data = this.#flash.at(address, size);
    this.#phase = {
      kind: 'data-in',
      data: this.#isShort() ? data.subarray(0, this.#faults.shortRead!.bytes) : data,
      done: 0,
    };
  }

  /** A worn cell keeps its bit whatever is done to it. */
  #change(address: number, length: number, change: () => void): void {
    const worn = this.#faults.worn;
    const hit = worn !== undefined && worn >= address && worn < address + length;
    const before = hit ? this.#flash.at(worn, 1)[0]! & 1 : 0;
    change();
    if (hit) this.#flash.bytes[worn - this.#flash.start] = (this.#flash.at(worn, 1)[0]! & 0xfe) | before;
  }

  #done(): void {
    this.#status.inProgress = false;
    this.#phase = { kind: 'command' };
    if (this.log.at(-1) !== 'reboot') return;
    this.#plugged = false;
    this.onReboot();
  }

  #stall(status: number | null): void {
    this.#halted = true;
    this.#phase = { kind: 'command' };
    if (status !== null) this.#status.status = status;
    this.#status.inProgress = false;
  }

  #complain(text: string): void {
    this.complaints.push(text);
  }

  /** Every transfer takes a turn of the event loop, and may be the one at which the cable is pulled. */
  async #tick(): Promise<void> {
    await Promise.resolve();
    this.#transfers++;
    if (this.#transfers === this.#faults.unplugAt) this.#plugged = false;
    this.#check(this.#plugged, 'NetworkError');
  }

  #checkControl(setup: USBControlTransferParameters, request: number): void {
    const right =
      setup.requestType === 'vendor' &&
      setup.recipient === 'interface' &&
      setup.index === 1 &&
      setup.request === request;
    this.#check(this.#claimed && right, 'InvalidAccessError');
  }

  #check(condition: boolean, name: string): void {
    if (!condition) throw failure(name);
  }

  // Not used by a boot ROM.
  async selectAlternateInterface(): Promise<void> {}
  async reset(): Promise<void> {}
  async forget(): Promise<void> {}
  isochronousTransferIn(): Promise<USBIsochronousInTransferResult> {
    return Promise.reject(failure('NotSupportedError'));
  }
  isochronousTransferOut(): Promise<USBIsochronousOutTransferResult> {
    return Promise.reject(failure('NotSupportedError'));
  }
}

const argumentBytes = { exclusiveAccess: 1, reboot: 12, flashErase: 8, read: 8, write: 8, exitXip: 0 };

function failure(name: string): DOMException {
  return new DOMException(`The USB transfer failed: ${name}.`, name);
}

function bytesOf(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

function usbInterface(number: number, code: number, input: number, output: number): USBInterface {
  const endpoint = (endpointNumber: number, direction: USBDirection): USBEndpoint => ({
    endpointNumber,
    direction,
    type: 'bulk',
    packetSize: packetBytes,
  });
  const alternate: USBAlternateInterface = {
    alternateSetting: 0,
    interfaceClass: code,
    interfaceSubclass: 0,
    interfaceProtocol: 0,
    interfaceName: null,
    endpoints: [endpoint(input, 'in'), endpoint(output, 'out')],
  };
  return { interfaceNumber: number, alternate, alternates: [alternate], claimed: false };
}
