import { frameFlags, frameLimits } from '../declaration/frame.js';
import { type MessageName, messages } from '../declaration/messages.js';
import { encodeFrame, type Frame } from '../framing/frame.js';
import { encodePayload } from './encode.js';
import type { MessageInput } from './values.js';

export interface FrameOptions {
  readonly sequence: number;
  /** Request: do it only if the request before it succeeded. */
  readonly chained?: boolean;
  /** Stream: sent again under its old sequence number. */
  readonly repeated?: boolean;
  /** Largest payload agreed in HELLO; without it the cap of the protocol. */
  readonly maxPayload?: number;
}

/**
 * The bytes of a message on the wire, delimiter included. Throws E0704 for values that do not fit their fields
 * and payloads larger than agreed.
 */
export function encodeMessage<N extends MessageName>(
  name: N,
  fields: MessageInput<N>,
  options: FrameOptions,
): Uint8Array {
  return encodeMessagePayload(name, encodePayload(name, fields), options);
}

/** Like `encodeMessage` for a payload that is ready, such as one of `packSpikes`. */
export function encodeMessagePayload(
  name: MessageName,
  payload: Uint8Array,
  options: FrameOptions,
): Uint8Array {
  return encodeFrame(
    messageFrame(name, payload, options),
    options.maxPayload ?? frameLimits.largestMaxPayload,
  );
}

/** The frame of a message whose payload is ready. */
export function messageFrame(name: MessageName, payload: Uint8Array, options: FrameOptions): Frame {
  const { CHAINED, REPEATED } = frameFlags.value;
  return {
    type: messages[name].id,
    flags: (options.chained ? CHAINED : 0) | (options.repeated ? REPEATED : 0),
    sequence: options.sequence,
    payload,
  };
}
