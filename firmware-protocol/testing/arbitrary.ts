import fc from 'fast-check';
import { rangeOf } from '../codec/encode.js';
import type { FieldValues } from '../codec/values.js';
import { type Field, numberRange } from '../declaration/field.js';

const utf8Bytes = (text: string) => new TextEncoder().encode(text).length;

function arbitraryField(field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'text':
      return fc
        .string({ unit: 'binary', maxLength: field.max })
        .filter((text) => utf8Bytes(text) <= field.max);
    case 'bytes':
      return fc.uint8Array({ maxLength: 300 });
    case 'list': {
      const [min, max] = numberRange[field.of];
      return fc.array(fc.integer({ min, max }), { maxLength: 40 });
    }
    case 'records':
      return fc.array(arbitraryFields(field.record.fields), { maxLength: 8 });
    default: {
      const [min, max] = rangeOf(field);
      return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
    }
  }
}

/** Any values that fit these fields. */
export function arbitraryFields(fields: readonly Field[]): fc.Arbitrary<FieldValues> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, arbitraryField(field)])));
}

/** The same values with every typed array as a plain one, as they stand in vectors and arbitraries. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
