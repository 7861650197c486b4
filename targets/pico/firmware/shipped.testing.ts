import { readFileSync } from 'node:fs';
import { createDecoder } from '../../../firmware-protocol/codec/decode.js';
import { encodeMessage } from '../../../firmware-protocol/codec/message.js';
import type { Message, MessageInput } from '../../../firmware-protocol/codec/values.js';
import { protocolVersion } from '../../../firmware-protocol/declaration/frame.js';
import type { MessageName } from '../../../firmware-protocol/declaration/messages.js';
import { FrameParser } from '../../../firmware-protocol/framing/parser.js';
import { readUf2 } from '../../../src/flash/uf2.js';
import { shippedFirmware } from '../board.js';
import { Pico, type PicoOptions } from '../chip/pico.js';
import type { ControlRequest, TransferResult } from '../usb/bus.js';
import type { DeviceDescription } from '../usb/descriptors.js';
import type { UsbHost } from '../usb/host.js';

const nothing = new Uint8Array(0);
const second = 1e9;

/** The shipped firmware on an emulated chip in this thread, and a USB host that can be told everything. */
export class Shipped {
  readonly pico: Pico;
  host!: UsbHost;
  #sequence = 0;

  /** `pieces` lie in flash beside the firmware. */
  constructor({ pieces: others = [], ...options }: PicoOptions = {}) {
    const { pieces } = readUf2(new Uint8Array(readFileSync(shippedFirmware)));
    this.pico = new Pico({ ...options, pieces: [...pieces, ...others] });
    this.pico.onLife = (host) => {
      this.host = host;
    };
    this.pico.powerOn();
  }

  /** Lets time pass until something has happened. Throws Error if it does not within a second, or so many. */
  until(what: string, happened: () => boolean, seconds = 1): void {
    if (this.pico.runFor(seconds * second, happened)) return;
    const { state } = this.pico;
    throw state.kind === 'failed'
      ? state.fault
      : new Error(`${what} did not happen; the chip is ${state.kind}`);
  }

  enumerated(): DeviceDescription {
    this.until('enumeration', () => this.host.device !== null);
    return this.host.device!;
  }

  /** A request on endpoint 0. */
  control(request: Partial<ControlRequest>): TransferResult {
    let result: TransferResult | null = null;
    const whole = { requestType: 0, request: 0, value: 0, index: 0, length: 0, data: nothing, ...request };
    this.pico.act(() =>
      this.host.control(whole, (outcome) => {
        result = outcome;
      }),
    );
    this.until(`request ${whole.request}`, () => result !== null);
    return result!;
  }

  /** Sends over an endpoint; gives what became of it. */
  send(endpoint: number, bytes: Uint8Array): TransferResult['status'] {
    let result: TransferResult | null = null;
    this.pico.act(() =>
      this.host.bus.pipe(endpoint, false).send(bytes, (outcome) => {
        result = outcome;
      }),
    );
    this.until(`a transfer to endpoint ${endpoint}`, () => result !== null);
    return result!.status;
  }

  /** Takes what an endpoint sends from here on. */
  listen(endpoint: number): Heard {
    const heard = new Heard();
    this.pico.act(() => this.host.bus.pipe(endpoint, true).listen((packet) => heard.take(packet)));
    return heard;
  }

  hello(endpoint: number): void {
    const fields = {
      ...protocolVersion,
      maxPayload: 1024,
      session: 7,
      streamWindow: 4096,
      flags: 0,
      host: 'test',
    };
    this.#sequence = 0;
    this.send(endpoint, encodeMessage('HELLO', fields, { sequence: 0 }));
  }

  request<N extends MessageName>(endpoint: number, name: N, fields: MessageInput<N>): void {
    this.#sequence += 1;
    this.send(endpoint, encodeMessage(name, fields, { sequence: this.#sequence }));
  }

  /** Begins a session over the serial port and asks why the chip started: a RESET_CAUSE. */
  resetCause(): number {
    this.enumerated();
    const heard = this.listen(cdc);
    this.hello(cdc);
    this.request(cdc, 'INFO', {});
    this.until('INFO_REPLY', () => heard.messages.some(({ name }) => name === 'INFO_REPLY'));
    const reply = heard.messages.find((message) => message.name === 'INFO_REPLY');
    return reply?.name === 'INFO_REPLY' ? reply.fields.resetCause : -1;
  }
}

/** Endpoints of the two ways in. */
export const cdc = 2;
export const vendor = 3;

/** What came from an endpoint. */
export class Heard {
  readonly messages: Message[] = [];
  packets = 0;
  bytes = 0;
  discarded = 0;
  readonly #parser = new FrameParser();
  readonly #decoder = createDecoder();

  take(packet: Uint8Array): void {
    this.packets += 1;
    this.bytes += packet.length;
    for (const event of this.#parser.push(packet)) {
      if (event.kind === 'discarded') {
        this.discarded += 1;
        continue;
      }
      const message = this.#decoder.decode(event);
      if (message.name === 'MALFORMED')
        throw new Error(`the board sent a malformed message of type ${event.type}`);
      this.messages.push(message);
    }
  }

  get names(): string[] {
    return this.messages.map(({ name }) => name);
  }
}
