import { frameBytes, frameLimits } from '../declaration/frame.js';
import { frameChecksum } from './checksum.js';
import { cobsEncode } from './cobs.js';
import { checkPayload, type Frame, maxWireBytes } from './frame.js';
import { putU32 } from './little-endian.js';
import { Slab } from './slab.js';

/**
 * Gathers frames, so that many go out as one piece of bytes: a piece costs a system call and a turn of the event loop,
 * whatever its length. The same bytes as `encodeFrame`.
 */
export class Outbox {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #sendEarly: number;
  readonly #slab = new Slab();
  /** Encoded bytes that wait, at the room of the slab. */
  #waiting = 0;
  /** A frame before COBS. */
  readonly #plain = new Uint8Array(frameBytes(frameLimits.largestMaxPayload));

  /** `send` gets the pieces, in order, and may keep them. What waits is sent early once it is `sendEarly` bytes. */
  constructor(send: (bytes: Uint8Array) => void, sendEarly = 1 << 14) {
    this.#send = send;
    this.#sendEarly = sendEarly;
  }

  /** Adds a frame. Throws E0704 if its payload is larger than agreed. */
  add(frame: Frame, maxPayload: number = frameLimits.largestMaxPayload): void {
    const { payload, type, flags, sequence } = frame;
    checkPayload(payload, maxPayload);
    const plain = this.#plain;
    const checksumAt = frameLimits.header + payload.length;
    plain[0] = type;
    plain[1] = flags;
    plain[2] = sequence;
    plain[3] = sequence >>> 8;
    plain.set(payload, frameLimits.header);
    putU32(plain, checksumAt, frameChecksum(plain.subarray(0, checksumAt)));

    const most = maxWireBytes(payload.length);
    if (!this.#slab.fits(this.#waiting + most)) this.flush();
    const at = this.#slab.room(this.#waiting + most) + this.#waiting;
    const { bytes } = this.#slab;
    const end = cobsEncode(plain, bytes, at, checksumAt + frameLimits.checksum);
    bytes[end] = 0;
    this.#waiting += end + 1 - at;
    if (this.#waiting >= this.#sendEarly) this.flush();
  }

  /** Sends what waits. */
  flush(): void {
    if (this.#waiting === 0) return;
    const bytes = this.#slab.cut(this.#waiting);
    this.#waiting = 0;
    this.#send(bytes);
  }
}
