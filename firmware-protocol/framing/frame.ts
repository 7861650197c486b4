import { EngramError } from '../../src/errors/engram-error.js';
import { frameBytes, frameLimits } from '../declaration/frame.js';
import { frameChecksum } from './checksum.js';
import { cobsEncode, cobsMaxLength } from './cobs.js';

/** What one frame carries. */
export interface Frame {
  /** Message id. */
  readonly type: number;
  /** Bits of `frameFlags`; unknown ones are ignored by the receiver. */
  readonly flags: number;
  /** 0 … 65535; whose it is depends on the role of the message. */
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Most bytes a frame with this payload takes on the wire, delimiter included. */
export function maxWireBytes(payloadBytes: number): number {
  return cobsMaxLength(frameBytes(payloadBytes)) + 1;
}

/** Throws E0704 if the payload is larger than agreed. */
export function checkPayload(payload: Uint8Array, maxPayload: number): void {
  if (payload.length <= maxPayload) return;
  throw new EngramError('E0704', `a frame cannot carry ${payload.length} bytes of payload`, {
    facts: [['limit', `${maxPayload} bytes`]],
    fix: ['split the data over several messages'],
  });
}

/** A frame as it goes over the wire: COBS(type, flags, sequence, payload, CRC-32), then a zero. Throws E0704 if the payload is too large. */
export function encodeFrame(frame: Frame, maxPayload: number = frameLimits.largestMaxPayload): Uint8Array {
  const { payload } = frame;
  checkPayload(payload, maxPayload);
  const plain = new Uint8Array(frameBytes(payload.length));
  const view = new DataView(plain.buffer);
  const checksumAt = plain.length - frameLimits.checksum;
  view.setUint8(0, frame.type);
  view.setUint8(1, frame.flags);
  view.setUint16(2, frame.sequence, true);
  plain.set(payload, frameLimits.header);
  view.setUint32(checksumAt, frameChecksum(plain.subarray(0, checksumAt)), true);

  const wire = new Uint8Array(maxWireBytes(payload.length));
  const end = cobsEncode(plain, wire, 0);
  // The array is fresh, so the delimiter is already there.
  return wire.subarray(0, end + 1);
}
