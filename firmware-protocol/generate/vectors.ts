import { encodePayload } from '../codec/encode.js';
import { encodeMessage } from '../codec/message.js';
import type { FieldValues, MessageInput } from '../codec/values.js';
import type { WireErrorName } from '../declaration/errors.js';
import type { Field } from '../declaration/field.js';
import { type DiscardReason, frameLimits, protocolVersion } from '../declaration/frame.js';
import { type MessageName, messageNames, messages } from '../declaration/messages.js';
import { cobsEncode, cobsMaxLength } from '../framing/cobs.js';
import { encodeFrame } from '../framing/frame.js';
import { fill, fillings } from './examples.js';

export interface MessageVector {
  readonly message: MessageName;
  readonly example: string;
  readonly sequence: number;
  /** Field values; bytes as arrays of numbers. */
  readonly fields: FieldValues;
  readonly payload: string;
  /** COBS and delimiter included. */
  readonly frame: string;
}

export interface BadFrameVector {
  readonly what: string;
  readonly frame: string;
  readonly reason: DiscardReason;
}

export interface BadPayloadVector {
  readonly message: MessageName;
  readonly what: string;
  readonly payload: string;
  readonly error: WireErrorName;
}

export interface WireVectors {
  readonly messages: readonly MessageVector[];
  readonly badFrames: readonly BadFrameVector[];
  readonly badPayloads: readonly BadPayloadVector[];
}

/** `firmware-protocol/vectors/wire.vectors.json`: what an implementation in another language tests against. */
export function wireVectors(): string {
  const vectors: WireVectors = {
    messages: messageNames.flatMap(messageVectors),
    badFrames: badFrames(),
    badPayloads: badPayloads(),
  };
  const head = {
    generated: 'by `npm run generate` from firmware-protocol/declaration; do not edit; meaning: docs/wire.md',
    protocol: `${protocolVersion.major}.${protocolVersion.minor}`,
    maxPayload: frameLimits.defaultMaxPayload,
  };
  return `${JSON.stringify({ ...head, ...vectors }, (_key, value) => (value instanceof Uint8Array ? [...value] : value), 1)}\n`;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function messageVectors(message: MessageName): MessageVector[] {
  return fillings.map((filling, index) => {
    const fields = fill(messages[message].fields, filling);
    // The values follow from the declaration of this very message.
    const input = fields as MessageInput<typeof message>;
    const sequence = [0, 0xffff, messages[message].id * 257 + index][index]! & 0xffff;
    return {
      message,
      example: filling.title,
      sequence,
      fields,
      payload: toHex(encodePayload(message, input)),
      frame: toHex(encodeMessage(message, input, { sequence })),
    };
  });
}

function badFrames(): BadFrameVector[] {
  const good = encodeMessage(
    'RUN_LOCKSTEP',
    { ticks: 1000, hashEvery: 1, progressEvery: 0, options: 1 },
    { sequence: 7 },
  );
  const changed = (at: number, mask: number) =>
    good.map((byte, index) => (index === at ? byte ^ mask : byte));
  const stuffed = (...plain: number[]) => {
    const out = new Uint8Array(cobsMaxLength(plain.length) + 1);
    return out.subarray(0, cobsEncode(Uint8Array.from(plain), out, 0) + 1);
  };
  const tooLong = encodeFrame({
    type: messages.UPLOAD_DATA.id,
    flags: 0,
    sequence: 1,
    payload: new Uint8Array(frameLimits.defaultMaxPayload + 1),
  });
  const bad = (what: string, frame: Uint8Array, reason: DiscardReason): BadFrameVector => ({
    what,
    frame: toHex(frame),
    reason,
  });
  return [
    bad('one bit of the payload flipped', changed(6, 0x10), 'crc'),
    bad('one bit of the checksum flipped', changed(good.length - 2, 0x01), 'crc'),
    bad('the last byte lost', Uint8Array.from([...good.subarray(0, -2), 0]), 'cobs'),
    bad('a code byte that points behind the end', Uint8Array.of(0x05, 0x11, 0x22, 0x00), 'cobs'),
    bad('one byte of noise', Uint8Array.of(0x01, 0x00), 'too-short'),
    bad('seven bytes, one less than header and checksum', stuffed(1, 2, 3, 4, 5, 6, 7), 'too-short'),
    bad('eight zero bytes: the checksum of nothing is not zero', stuffed(0, 0, 0, 0, 0, 0, 0, 0), 'crc'),
    bad('one byte of payload more than agreed', tooLong, 'too-long'),
  ];
}

function badPayloads(): BadPayloadVector[] {
  return messageNames.flatMap((message) => {
    const fields: readonly Field[] = messages[message].fields;
    const payload = encodePayload(message, fill(fields, fillings[2]!) as MessageInput<typeof message>);
    const bad = (what: string, bytes: Uint8Array): BadPayloadVector => ({
      message,
      what,
      payload: toHex(bytes),
      error: 'BAD_LENGTH',
    });
    const longer = bad('a byte too many', Uint8Array.from([...payload, 0]));
    return payload.length === 0 ? [longer] : [longer, bad('the last byte missing', payload.subarray(0, -1))];
  });
}
