import { bits } from './field.js';

export const protocolVersion = { major: 1, minor: 0 } as const;

/** Sizes of a frame, in bytes. */
export const frameLimits = {
  /** type u8, flags u8, sequence u16. */
  header: 4,
  /** CRC-32 behind the payload. */
  checksum: 4,
  /** Every receiver takes payloads of this size; the smallest that HELLO may agree on. */
  smallestMaxPayload: 256,
  /** What a host offers unless told otherwise. */
  defaultMaxPayload: 1024,
  /** No frame is larger, whatever is agreed. */
  largestMaxPayload: 4096,
} as const;

/** Bytes a frame counts for in every credit: header, payload and checksum, before COBS. */
export function frameBytes(payloadBytes: number): number {
  return frameLimits.header + payloadBytes + frameLimits.checksum;
}

export const frameFlags = bits('FLAG', {
  CHAINED: [1, 'request: do it only if the request before it succeeded, else answer SKIPPED'],
  REPEATED: [2, 'stream: this frame was sent before, under the same sequence number'],
});

/** Why a receiver discarded bytes. */
export const discardReasons = {
  crc: 'the checksum does not match',
  cobs: 'not a COBS encoding',
  'too-short': 'shorter than header and checksum',
  'too-long': 'longer than the agreed maximum',
} as const;

export type DiscardReason = keyof typeof discardReasons;
