import type { Fail } from '../chip/fault.js';
import type { IAlarm, IClock } from '../chip/rp2040js.js';
import { frameNanos, maxPacketBytes, transactionNanos, type UsbFunction } from './wire.js';

export type TransferStatus = 'ok' | 'stall' | 'babble' | 'gone';

export interface TransferResult {
  readonly status: TransferStatus;
  /** What came in; empty for transfers out. */
  readonly data: Uint8Array;
  /** Bytes that went out. */
  readonly sent: number;
}

/** Request on endpoint 0, as in a SETUP packet. */
export interface ControlRequest {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  /** Bytes wanted, for requests to the host. */
  readonly length: number;
  /** What goes to the device. */
  readonly data: Uint8Array;
}

type Step = 'wait' | 'go on';

interface Work {
  /** Bytes of its next transaction on the bus. */
  size(): number;
  /** One transaction. 'wait': the device was not ready. */
  step(): Step;
}

const nothing = new Uint8Array(0);
/** Time of the start-of-frame packet, and of a transaction that was refused. */
const frameStartNanos = 4_000;

/**
 * The host controller's side of a full-speed bus: frames of a millisecond, one transaction after the other in them, in
 * turns over the pipes that have work. A pipe whose endpoint was not ready is tried again when the device says that
 * something has changed, which stands for the host's polling.
 */
export class UsbBus {
  address = 0;
  readonly #device: UsbFunction;
  readonly #clock: IClock;
  readonly #fail: Fail;
  readonly #slot: IAlarm;
  readonly #frameAlarm: IAlarm;
  readonly #pipes = new Map<number, Pipe>();
  readonly #control: ControlPipe;
  #turn = 0;
  #freeAt = 0;
  #startedAt = 0;
  #placed = 0;
  #current: Work | null = null;
  #dead = false;

  constructor(device: UsbFunction, clock: IClock, fail: Fail) {
    this.#device = device;
    this.#clock = clock;
    this.#fail = fail;
    this.#slot = clock.createAlarm(() => this.#transact());
    this.#frameAlarm = clock.createAlarm(() => {
      this.#device.startOfFrame();
      this.#scheduleFrame();
    });
    this.#control = new ControlPipe(this, device);
  }

  /** Number of the current frame. */
  get frame(): number {
    return Math.floor(this.#clock.nanos / frameNanos);
  }

  /** Whether time alone moves it on: transactions are under way. */
  get isBusy(): boolean {
    return this.#current !== null;
  }

  /** Each start of a frame is told to the device, or only counted. */
  wantFrames(wanted: boolean): void {
    if (wanted) this.#scheduleFrame();
    else this.#frameAlarm.cancel();
  }

  control(request: ControlRequest, done: (result: TransferResult) => void): void {
    this.#control.push(request, done);
    this.wake(0, true);
  }

  /** Ends all that is under way. */
  abort(): void {
    this.#control.abort();
    for (const pipe of this.#pipes.values()) pipe.abort('gone');
  }

  pipe(endpoint: number, into: boolean): Pipe {
    const key = endpoint * 2 + Number(into);
    let pipe = this.#pipes.get(key);
    if (!pipe) {
      pipe = new Pipe(this, this.#device, endpoint, into, this.#fail);
      this.#pipes.set(key, pipe);
    }
    return pipe;
  }

  /** The endpoint may answer otherwise now, or has new work. */
  wake(endpoint: number, into: boolean): void {
    if (endpoint === 0) this.#control.waiting = false;
    else {
      const pipe = this.#pipes.get(endpoint * 2 + Number(into));
      if (pipe) pipe.waiting = false;
    }
    this.#schedule();
  }

  /** Toggles as after a configuration was chosen. */
  resetToggles(): void {
    for (const pipe of this.#pipes.values()) pipe.toggle = 0;
  }

  /** The device has left: nothing ends well any more. */
  end(): void {
    this.#dead = true;
    this.#slot.cancel();
    this.#frameAlarm.cancel();
    this.#current = null;
    this.abort();
  }

  #scheduleFrame(): void {
    const now = this.#clock.nanos;
    this.#frameAlarm.schedule((Math.floor(now / frameNanos) + 1) * frameNanos - now);
  }

  #schedule(): void {
    if (this.#dead || this.#current !== null) return;
    const work = this.#next();
    if (!work) return;
    this.#current = work;
    this.#place(work, Math.max(this.#clock.nanos, this.#freeAt));
  }

  /** Finds a place on the bus for a transaction, which lasts as long as what it carries. */
  #place(work: Work, earliest: number): void {
    this.#placed = work.size();
    const takes = transactionNanos(this.#placed);
    let start = earliest;
    const frame = Math.floor(start / frameNanos) * frameNanos;
    start = Math.max(start, frame + frameStartNanos);
    if (start + takes > frame + frameNanos) start = frame + frameNanos + frameStartNanos;
    this.#startedAt = start;
    this.#freeAt = start + takes;
    this.#slot.schedule(this.#freeAt - this.#clock.nanos);
  }

  #next(): Work | null {
    if (this.#control.hasWork) return this.#control;
    const pipes = [...this.#pipes.values()];
    for (let n = 0; n < pipes.length; n++) {
      const pipe = pipes[(this.#turn + n) % pipes.length]!;
      if (!pipe.hasWork) continue;
      this.#turn += n + 1;
      return pipe;
    }
    return null;
  }

  #transact(): void {
    const work = this.#current;
    // The device has become ready since: what would have been a refusal carries a packet.
    if (work !== null && work.size() > this.#placed) return this.#place(work, this.#startedAt);
    this.#current = null;
    if (work === this.#control || (work instanceof Pipe && work.hasWork))
      (work as Pipe | ControlPipe).waiting = work!.step() === 'wait';
    this.#schedule();
  }
}

interface Transfer {
  readonly data: Uint8Array;
  readonly length: number;
  at: number;
  readonly parts: Uint8Array[];
  readonly done: (result: TransferResult) => void;
}

/** A bulk or interrupt endpoint in one direction. */
export class Pipe implements Work {
  waiting = false;
  toggle: 0 | 1 = 0;
  /** Takes packets as they come, instead of transfers; false stops it until `flow`. */
  stream: ((packet: Uint8Array) => void) | null = null;
  readonly #bus: UsbBus;
  readonly #device: UsbFunction;
  readonly #endpoint: number;
  readonly #into: boolean;
  readonly #fail: Fail;
  readonly #queue: Transfer[] = [];
  #held = false;

  constructor(bus: UsbBus, device: UsbFunction, endpoint: number, into: boolean, fail: Fail) {
    this.#bus = bus;
    this.#device = device;
    this.#endpoint = endpoint;
    this.#into = into;
    this.#fail = fail;
  }

  get hasWork(): boolean {
    return !this.waiting && (this.#queue.length > 0 || (this.stream !== null && !this.#held));
  }

  /** Bytes that have yet to go out. */
  get queued(): number {
    return this.#queue.reduce((sum, { data, at }) => sum + data.length - at, 0);
  }

  /** A stream rests, or goes on. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.#bus.wake(this.#endpoint, this.#into);
  }

  /** Packets go to `receive` from here on; null: nobody reads. */
  listen(receive: ((packet: Uint8Array) => void) | null): void {
    this.stream = receive;
    this.#held = false;
    this.#bus.wake(this.#endpoint, this.#into);
  }

  /** One packet or more out; an empty transfer is an empty packet. */
  send(data: Uint8Array, done: (result: TransferResult) => void): void {
    this.#push({ data, length: 0, at: 0, parts: [], done });
  }

  /** Reads until a packet is short or `length` bytes are there. */
  receive(length: number, done: (result: TransferResult) => void): void {
    this.#push({ data: nothing, length, at: 0, parts: [], done });
  }

  abort(status: TransferStatus): void {
    for (const transfer of this.#queue.splice(0)) this.#complete(transfer, status);
    this.stream = null;
    this.waiting = false;
  }

  size(): number {
    if (this.#into) return this.#device.peek(this.#endpoint) ?? 0;
    const [transfer] = this.#queue;
    return transfer ? Math.min(maxPacketBytes, transfer.data.length - transfer.at) : 0;
  }

  step(): Step {
    return this.#into ? this.#stepIn() : this.#stepOut();
  }

  #stepIn(): Step {
    const reply = this.#device.in(this.#bus.address, this.#endpoint);
    if (reply.kind === 'nak') return 'wait';
    if (reply.kind !== 'data') return this.#refuse(reply.kind);
    if (reply.pid !== this.toggle)
      this.#fail(`endpoint ${this.#endpoint} IN sends DATA${reply.pid} where DATA${this.toggle} is due`);
    this.toggle = this.toggle === 0 ? 1 : 0;
    const [transfer] = this.#queue;
    if (!transfer) {
      this.stream?.(reply.bytes);
      return 'go on';
    }
    if (transfer.at + reply.bytes.length > transfer.length) {
      this.#queue.shift();
      this.#complete(transfer, 'babble');
      return 'go on';
    }
    transfer.parts.push(reply.bytes);
    transfer.at += reply.bytes.length;
    if (reply.bytes.length === maxPacketBytes && transfer.at < transfer.length) return 'go on';
    this.#queue.shift();
    this.#complete(transfer, 'ok');
    return 'go on';
  }

  #stepOut(): Step {
    const transfer = this.#queue[0]!;
    const packet = transfer.data.subarray(transfer.at, transfer.at + maxPacketBytes);
    const reply = this.#device.out(this.#bus.address, this.#endpoint, this.toggle, packet);
    if (reply.kind === 'nak') return 'wait';
    if (reply.kind !== 'ack') return this.#refuse(reply.kind === 'data' ? 'none' : reply.kind);
    this.toggle = this.toggle === 0 ? 1 : 0;
    transfer.at += packet.length;
    if (transfer.at < transfer.data.length) return 'go on';
    this.#queue.shift();
    this.#complete(transfer, 'ok');
    return 'go on';
  }

  #refuse(kind: 'stall' | 'none' | 'ack'): Step {
    if (kind !== 'stall')
      this.#fail(
        `endpoint ${this.#endpoint} ${this.#into ? 'IN' : 'OUT'} of the active configuration does not answer`,
      );
    const transfer = this.#queue.shift();
    if (transfer) this.#complete(transfer, 'stall');
    else this.stream = null;
    return 'go on';
  }

  #push(transfer: Transfer): void {
    this.#queue.push(transfer);
    this.#bus.wake(this.#endpoint, this.#into);
  }

  #complete({ parts, at, done }: Transfer, status: TransferStatus): void {
    done({ status, data: joined(parts), sent: this.#into ? 0 : at });
  }
}

interface Control {
  readonly request: ControlRequest;
  readonly done: (result: TransferResult) => void;
}

/** Endpoint 0: one request after the other, each in its stages. */
class ControlPipe implements Work {
  waiting = false;
  readonly #bus: UsbBus;
  readonly #device: UsbFunction;
  readonly #queue: Control[] = [];
  #stage: 'setup' | 'data' | 'status' = 'setup';
  #toggle: 0 | 1 = 1;
  #sent = 0;
  #parts: Uint8Array[] = [];

  constructor(bus: UsbBus, device: UsbFunction) {
    this.#bus = bus;
    this.#device = device;
  }

  get hasWork(): boolean {
    return !this.waiting && this.#queue.length > 0;
  }

  push(request: ControlRequest, done: (result: TransferResult) => void): void {
    this.#queue.push({ request, done });
  }

  abort(): void {
    this.#stage = 'setup';
    this.waiting = false;
    for (const { done } of this.#queue.splice(0)) done({ status: 'gone', data: nothing, sent: 0 });
  }

  size(): number {
    const request = this.#queue[0]?.request;
    if (!request || this.#stage === 'status') return 0;
    if (this.#stage === 'setup') return 8;
    return isIn(request)
      ? (this.#device.peek(0) ?? 0)
      : Math.min(maxPacketBytes, request.data.length - this.#sent);
  }

  step(): Step {
    const current = this.#queue[0];
    if (!current) return 'go on';
    if (this.#stage === 'setup') return this.#setup(current.request);
    if (this.#stage === 'data')
      return isIn(current.request) ? this.#dataIn(current.request) : this.#dataOut(current.request);
    return this.#status(current.request);
  }

  #setup(request: ControlRequest): Step {
    this.#parts = [];
    this.#sent = 0;
    this.#toggle = 1;
    if (!this.#device.setup(this.#bus.address, setupPacket(request))) return this.#end('gone');
    const hasData = isIn(request) ? request.length > 0 : request.data.length > 0;
    this.#stage = hasData ? 'data' : 'status';
    return 'go on';
  }

  #dataIn(request: ControlRequest): Step {
    const reply = this.#device.in(this.#bus.address, 0);
    if (reply.kind === 'nak') return 'wait';
    if (reply.kind !== 'data' || reply.pid !== this.#toggle)
      return this.#end(reply.kind === 'stall' ? 'stall' : 'gone');
    this.#toggle = this.#toggle === 0 ? 1 : 0;
    this.#parts.push(reply.bytes);
    const received = this.#parts.reduce((sum, { length }) => sum + length, 0);
    if (received > request.length) return this.#end('babble');
    if (reply.bytes.length < maxPacketBytes || received === request.length) this.#stage = 'status';
    return 'go on';
  }

  #dataOut(request: ControlRequest): Step {
    const packet = request.data.subarray(this.#sent, this.#sent + maxPacketBytes);
    const reply = this.#device.out(this.#bus.address, 0, this.#toggle, packet);
    if (reply.kind === 'nak') return 'wait';
    if (reply.kind !== 'ack') return this.#end(reply.kind === 'stall' ? 'stall' : 'gone');
    this.#toggle = this.#toggle === 0 ? 1 : 0;
    this.#sent += packet.length;
    if (this.#sent === request.data.length) this.#stage = 'status';
    return 'go on';
  }

  /** An empty packet DATA1 the other way. */
  #status(request: ControlRequest): Step {
    const outward = isIn(request) && request.length > 0;
    const reply = outward
      ? this.#device.out(this.#bus.address, 0, 1, nothing)
      : this.#device.in(this.#bus.address, 0);
    if (reply.kind === 'nak') return 'wait';
    const good =
      reply.kind === 'ack' || (reply.kind === 'data' && reply.pid === 1 && reply.bytes.length === 0);
    return this.#end(good ? 'ok' : reply.kind === 'stall' ? 'stall' : 'gone');
  }

  #end(status: TransferStatus): Step {
    this.#stage = 'setup';
    this.#queue.shift()!.done({ status, data: joined(this.#parts), sent: this.#sent });
    return 'go on';
  }
}

function isIn({ requestType }: ControlRequest): boolean {
  return (requestType & 0x80) !== 0;
}

function setupPacket(request: ControlRequest): Uint8Array {
  const packet = new Uint8Array(8);
  const view = new DataView(packet.buffer);
  view.setUint8(0, request.requestType);
  view.setUint8(1, request.request);
  view.setUint16(2, request.value, true);
  view.setUint16(4, request.index, true);
  view.setUint16(6, isIn(request) ? request.length : request.data.length, true);
  return packet;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
