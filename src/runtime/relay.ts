import { frameLimits } from '../../firmware-protocol/declaration/frame.js';
import { FrameParser, type ReceivedFrame } from '../../firmware-protocol/framing/parser.js';
import type { Transport } from './transport.js';

/** Holds a transport's events until the session is open and someone takes them over. */
export class Relay {
  readonly transport: Transport;
  #receive: (bytes: Uint8Array) => void = () => {};
  #closed: (reason: Error | null) => void = () => {};
  readonly #parser = new FrameParser(frameLimits.largestMaxPayload);

  constructor(transport: Transport) {
    this.transport = transport;
    transport.start({
      receive: (bytes) => this.#receive(bytes),
      closed: (reason) => this.#closed(reason),
    });
  }

  hand(receive: (bytes: Uint8Array) => void, closed: (reason: Error | null) => void): void {
    this.#receive = receive;
    this.#closed = closed;
  }

  /** Frames, while the session is being opened. */
  frames(bytes: Uint8Array): ReceivedFrame[] {
    return this.#parser.push(bytes).filter((event): event is ReceivedFrame => event.kind === 'frame');
  }
}
