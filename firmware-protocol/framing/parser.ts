import { type DiscardReason, discardReasons, frameLimits } from '../declaration/frame.js';
import { frameChecksum } from './checksum.js';
import { cobsDecode } from './cobs.js';
import { type Frame, maxWireBytes } from './frame.js';
import { getU32 } from './little-endian.js';
import { Slab } from './slab.js';

export interface ReceivedFrame extends Frame {
  readonly kind: 'frame';
}

/** Bytes between two delimiters that were no frame. */
export interface DiscardedBytes {
  readonly kind: 'discarded';
  readonly reason: DiscardReason;
  /** How many bytes, without the delimiter. */
  readonly bytes: number;
}

export type FrameEvent = ReceivedFrame | DiscardedBytes;

/** What a parser has seen since it was made. */
export interface FrameCounters {
  readonly frames: number;
  readonly discarded: Readonly<Record<DiscardReason, number>>;
}

/**
 * Cuts a byte stream into frames. Whatever arrives, it is in step again after the next delimiter; what is no
 * frame becomes an event and is counted. Holds at most one frame of the largest size. Pure: no clock, no I/O.
 */
export class FrameParser {
  #maxPayload: number;
  /** Encoded bytes of the frame that has begun. */
  #pending: Uint8Array;
  /** Bytes since the last delimiter, also those that no longer found room. */
  #length = 0;
  /** Where frames are decoded to. */
  readonly #slab = new Slab();
  readonly #counters = {
    frames: 0,
    discarded: Object.fromEntries(Object.keys(discardReasons).map((reason) => [reason, 0])) as Record<
      DiscardReason,
      number
    >,
  };

  constructor(maxPayload: number = frameLimits.largestMaxPayload) {
    this.#maxPayload = maxPayload;
    this.#pending = new Uint8Array(maxWireBytes(maxPayload));
  }

  get counters(): FrameCounters {
    return this.#counters;
  }

  /** Sets the largest payload, as agreed in HELLO. A frame that has begun and was already too long is lost. */
  setMaxPayload(maxPayload: number): void {
    const pending = new Uint8Array(maxWireBytes(maxPayload));
    pending.set(this.#pending.subarray(0, Math.min(this.#length, this.#pending.length, pending.length)));
    this.#maxPayload = maxPayload;
    this.#pending = pending;
  }

  /** Takes the next bytes, cut anywhere, and returns what they complete. Payloads are copies. */
  push(chunk: Uint8Array): FrameEvent[] {
    const events: FrameEvent[] = [];
    let start = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      const event =
        this.#length === 0 ? this.#finish(chunk, start, end) : this.#finishPending(chunk, start, end);
      if (event !== undefined) events.push(event);
      start = end + 1;
    }
    this.#keep(chunk, start, chunk.length);
    return events;
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    const room = this.#pending.length - this.#length;
    if (room > 0) this.#pending.set(chunk.subarray(start, Math.min(end, start + room)), this.#length);
    this.#length += end - start;
  }

  #finishPending(chunk: Uint8Array, start: number, end: number): FrameEvent | undefined {
    this.#keep(chunk, start, end);
    const length = this.#length;
    this.#length = 0;
    return this.#finish(this.#pending, 0, length);
  }

  /** Reads what stands between two delimiters. Nothing at all is no event: senders may repeat delimiters. */
  #finish(encoded: Uint8Array, start: number, end: number): FrameEvent | undefined {
    const bytes = end - start;
    if (bytes === 0) return undefined;
    if (bytes > maxWireBytes(this.#maxPayload) - 1) return this.#discard('too-long', bytes);

    const at = this.#slab.room(bytes);
    const { bytes: plain } = this.#slab;
    const length = cobsDecode(encoded, start, end, plain, at);
    if (length < 0) return this.#discard('cobs', bytes);
    const checksumAt = length - frameLimits.checksum;
    if (checksumAt < frameLimits.header) return this.#discard('too-short', bytes);
    const payloadBytes = checksumAt - frameLimits.header;
    if (payloadBytes > this.#maxPayload) return this.#discard('too-long', bytes);
    if (frameChecksum(plain.subarray(at, at + checksumAt)) !== getU32(plain, at + checksumAt))
      return this.#discard('crc', bytes);
    this.#counters.frames += 1;
    return {
      kind: 'frame',
      type: plain[at]!,
      flags: plain[at + 1]!,
      sequence: plain[at + 2]! | (plain[at + 3]! << 8),
      payload: this.#slab.cut(checksumAt).subarray(frameLimits.header),
    };
  }

  #discard(reason: DiscardReason, bytes: number): DiscardedBytes {
    this.#counters.discarded[reason] += 1;
    return { kind: 'discarded', reason, bytes };
  }
}
