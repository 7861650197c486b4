import { Parser } from 'binary-parser';
import type { Field, NumberType } from '../declaration/field.js';
import { type MessageName, messageName, messages } from '../declaration/messages.js';
import type { Frame } from '../framing/frame.js';
import { rangeOf } from './encode.js';
import { type Malformed, malformed } from './malformed.js';
import type { FieldValues, Message, NumberArrays } from './values.js';

/**
 * Reads payloads into messages. Each message's `binary-parser` is compiled from the declaration when the first
 * of its kind arrives, and kept by the decoder.
 */
export interface PayloadDecoder {
  /** The message, or why it is none: wrong length, a number or text outside its bounds, unknown type. */
  decode(frame: Pick<Frame, 'type' | 'payload'>): Message | Malformed;
}

export function createDecoder(): PayloadDecoder {
  const parsers = new Map<MessageName, Parser>();
  return {
    decode({ type: id, payload }) {
      const name = messageName(id);
      if (name === undefined) return malformed(id, 'UNKNOWN_MESSAGE', `(type ${id})`);
      const fields: readonly Field[] = messages[name].fields;
      let parser = parsers.get(name);
      if (parser === undefined) {
        parser = buildParser(fields).saveOffset(endOf);
        parsers.set(name, parser);
      }
      const raw = parse(parser, payload);
      if (raw === undefined) return malformed(id, 'BAD_LENGTH', `(${name}, ${payload.length} bytes)`);
      const clean: Record<string, unknown> = {};
      const finding = tidy(fields, raw, clean, name);
      if (finding !== undefined) return malformed(id, 'BAD_VALUE', finding);
      // The declaration that built the parser also gave the type.
      return { name, fields: clean } as Message;
    },
  };
}

const parserTypes = {
  u8: 'uint8',
  u16: 'uint16le',
  u32: 'uint32le',
  i16: 'int16le',
  i32: 'int32le',
} as const;

/** Name under which the parser keeps where it ended. */
const endOf = '$end';
/** Name under which the parser keeps the count of a field. */
const countOf = (field: Field) => `${field.name}$count`;

function buildParser(fields: readonly Field[]): Parser {
  const parser = new Parser().endianness('little');
  for (const field of fields) {
    switch (field.type) {
      case 'text':
      case 'bytes':
        parser[field.type === 'text' ? 'uint8' : 'uint16le'](countOf(field));
        parser.buffer(field.name, { length: countOf(field) });
        break;
      case 'list':
        parser[parserTypes[field.count]](countOf(field));
        parser.array(field.name, { type: parserTypes[field.of], length: countOf(field) });
        break;
      case 'records':
        parser[parserTypes[field.count]](countOf(field));
        parser.array(field.name, { type: buildParser(field.record.fields), length: countOf(field) });
        break;
      default:
        parser[parserTypes[field.type]](field.name);
    }
  }
  return parser;
}

/** What the parser read, or undefined if the payload is longer or shorter than that. */
function parse(parser: Parser, payload: Uint8Array): FieldValues | undefined {
  try {
    const raw: FieldValues = parser.parse(payload);
    // A buffer field silently comes out short when the payload ends inside it; the offset tells.
    return raw[endOf] === payload.length ? raw : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Copies the declared fields into their final form; returns a finding if one is outside its bounds. */
function tidy(
  fields: readonly Field[],
  raw: FieldValues,
  clean: Record<string, unknown>,
  path: string,
): string | undefined {
  for (const field of fields) {
    const value = raw[field.name];
    const place = `${path}.${field.name}`;
    switch (field.type) {
      case 'text': {
        const { length } = value as Uint8Array;
        if (length > field.max) return `${place} has ${length} bytes; allowed: at most ${field.max}.`;
        clean[field.name] = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value as Uint8Array);
        break;
      }
      case 'bytes':
        clean[field.name] = value;
        break;
      case 'list':
        clean[field.name] = typedArray(field.of, value as number[]);
        break;
      case 'records': {
        const all: FieldValues[] = [];
        for (const [index, one] of (value as FieldValues[]).entries()) {
          const copy: Record<string, unknown> = {};
          const finding = tidy(field.record.fields, one, copy, `${place}[${index}]`);
          if (finding !== undefined) return finding;
          all.push(copy);
        }
        clean[field.name] = all;
        break;
      }
      default: {
        const [min, max] = rangeOf(field);
        const number = value as number;
        if (number < min || number > max) return `${place} is ${number}; allowed: ${min} … ${max}.`;
        clean[field.name] = number;
      }
    }
  }
  return undefined;
}

function typedArray(type: NumberType, numbers: ArrayLike<number>): NumberArrays[NumberType] {
  switch (type) {
    case 'u8':
      return Uint8Array.from(numbers);
    case 'u16':
      return Uint16Array.from(numbers);
    case 'u32':
      return Uint32Array.from(numbers);
    case 'i16':
      return Int16Array.from(numbers);
    case 'i32':
      return Int32Array.from(numbers);
  }
}
