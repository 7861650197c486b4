import { EngramError } from '../../src/errors/engram-error.js';
import {
  type Field,
  type NumberField,
  type NumberType,
  numberBytes,
  numberRange,
} from '../declaration/field.js';
import { frameLimits } from '../declaration/frame.js';
import { type MessageName, messages } from '../declaration/messages.js';
import type { FieldValues, MessageInput } from './values.js';

const utf8 = new TextEncoder();

/** Allowed range of a number field: its own bounds inside those of its type. */
export function rangeOf(field: NumberField): readonly [min: number, max: number] {
  const [low, high] = numberRange[field.type];
  return [field.min ?? low, field.max ?? high];
}

/**
 * Payload of a message. Throws E0704, naming the field, the value and what is allowed, when a value does not
 * fit its field or the payload would be larger than any frame.
 */
export function encodePayload<N extends MessageName>(name: N, values: MessageInput<N>): Uint8Array {
  const fields: readonly Field[] = messages[name].fields;
  const size = sizeOf(fields, values);
  if (size > frameLimits.largestMaxPayload) {
    throw unfit(`${name} with ${size} bytes of payload`, `at most ${frameLimits.largestMaxPayload} bytes`);
  }
  const payload = new Uint8Array(size);
  write(new DataView(payload.buffer), 0, fields, values, name);
  return payload;
}

function sizeOf(fields: readonly Field[], values: FieldValues): number {
  let size = 0;
  for (const field of fields) {
    const value = values[field.name];
    switch (field.type) {
      case 'text':
        size += 1 + utf8.encode(value as string).length;
        break;
      case 'bytes':
        size += 2 + (value as Uint8Array).length;
        break;
      case 'list':
        size += numberBytes[field.count] + numberBytes[field.of] * (value as ArrayLike<number>).length;
        break;
      case 'records':
        size += numberBytes[field.count];
        for (const one of value as readonly FieldValues[]) size += sizeOf(field.record.fields, one);
        break;
      default:
        size += numberBytes[field.type];
    }
  }
  return size;
}

/** Writes the fields from `at` on and returns where they end. */
function write(
  view: DataView,
  at: number,
  fields: readonly Field[],
  values: FieldValues,
  path: string,
): number {
  for (const field of fields) {
    const value = values[field.name];
    const place = `${path}.${field.name}`;
    switch (field.type) {
      case 'text':
        at = writeBytes(view, at, 'u8', utf8.encode(value as string), field.max, place);
        break;
      case 'bytes':
        at = writeBytes(view, at, 'u16', value as Uint8Array, numberRange.u16[1], place);
        break;
      case 'list':
        at = writeList(view, at, field.count, field.of, value as ArrayLike<number>, place);
        break;
      case 'records': {
        const all = value as readonly FieldValues[];
        at = writeNumber(view, at, field.count, all.length, numberRange[field.count], `number of ${place}`);
        for (const [index, one] of all.entries()) {
          at = write(view, at, field.record.fields, one, `${place}[${index}]`);
        }
        break;
      }
      default:
        at = writeNumber(view, at, field.type, value as number, rangeOf(field), place);
    }
  }
  return at;
}

function writeBytes(
  view: DataView,
  at: number,
  count: 'u8' | 'u16',
  bytes: Uint8Array,
  max: number,
  place: string,
): number {
  at = writeNumber(view, at, count, bytes.length, [0, max], `length of ${place} in bytes`);
  new Uint8Array(view.buffer).set(bytes, at);
  return at + bytes.length;
}

function writeList(
  view: DataView,
  at: number,
  count: 'u8' | 'u16',
  of: NumberType,
  numbers: ArrayLike<number>,
  place: string,
): number {
  at = writeNumber(view, at, count, numbers.length, numberRange[count], `number of ${place}`);
  for (let index = 0; index < numbers.length; index++) {
    at = writeNumber(view, at, of, numbers[index]!, numberRange[of], place);
  }
  return at;
}

function writeNumber(
  view: DataView,
  at: number,
  type: NumberType,
  value: number,
  [min, max]: readonly [number, number],
  place: string,
): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw unfit(`${place} = ${value}`, `a whole number ${min} … ${max}`);
  }
  switch (type) {
    case 'u8':
      view.setUint8(at, value);
      break;
    case 'u16':
      view.setUint16(at, value, true);
      break;
    case 'u32':
      view.setUint32(at, value, true);
      break;
    case 'i16':
      view.setInt16(at, value, true);
      break;
    case 'i32':
      view.setInt32(at, value, true);
      break;
  }
  return at + numberBytes[type];
}

function unfit(what: string, allowed: string): EngramError {
  return new EngramError('E0704', `the wire format cannot carry ${what}`, { facts: [['allowed', allowed]] });
}
