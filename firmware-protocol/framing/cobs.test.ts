import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../testing/hex.js';
import { cobsDecode, cobsEncode, cobsMaxLength } from './cobs.js';

function encode(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(cobsMaxLength(data.length));
  return out.subarray(0, cobsEncode(data, out, 0));
}

function decode(encoded: Uint8Array): Uint8Array | undefined {
  const out = new Uint8Array(encoded.length);
  const length = cobsDecode(encoded, 0, encoded.length, out);
  return length < 0 ? undefined : out.subarray(0, length);
}

const run = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => (from + index).toString(16).padStart(2, '0')).join('');

/** The examples of the English Wikipedia article “Consistent Overhead Byte Stuffing”, without the final delimiter. */
const published: readonly (readonly [data: string, encoded: string])[] = [
  ['00', '01 01'],
  ['00 00', '01 01 01'],
  ['00 11 00', '01 02 11 01'],
  ['11 22 00 33', '03 11 22 02 33'],
  ['11 22 33 44', '05 11 22 33 44'],
  ['11 00 00 00', '02 11 01 01 01'],
  [run(1, 254), `ff${run(1, 254)}`],
  [`00${run(1, 254)}`, `01ff${run(1, 254)}`],
  [run(1, 255), `ff${run(1, 254)}02ff`],
  [`${run(2, 255)}00`, `ff${run(2, 255)}0101`],
  [`${run(3, 255)}0001`, `fe${run(3, 255)}0201`],
];

/** Runs long enough to meet the limit of 254. */
const data = fc.oneof(
  fc.uint8Array({ maxLength: 700, size: 'max' }),
  fc.uint8Array({ min: 1, maxLength: 1100, size: 'max' }),
  fc.array(fc.constantFrom(0, 1), { maxLength: 600, size: 'max' }).map((bits) => Uint8Array.from(bits)),
);

describe('COBS', () => {
  test.each(published)('published example %s', (plain, encoded) => {
    expect(toHex(encode(fromHex(plain)))).toBe(encoded.replaceAll(' ', ''));
    expect(toHex(decode(fromHex(encoded))!)).toBe(plain.replaceAll(' ', ''));
  });

  test('output has no zero, is at most one byte in 254 longer, and decodes to the input', () => {
    fc.assert(
      fc.property(data, (plain) => {
        const encoded = encode(plain);
        expect(encoded.includes(0)).toBe(false);
        expect(encoded.length).toBeLessThanOrEqual(plain.length + Math.max(1, Math.ceil(plain.length / 254)));
        expect(decode(encoded)).toEqual(plain);
      }),
    );
  });

  test('a strict beginning never decodes to the whole, and decoding any bytes stays inside them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 1, minLength: 1, maxLength: 300 }), fc.nat(), (bytes, at) => {
        const encoded = encode(bytes);
        const part = decode(encoded.subarray(0, at % encoded.length));
        expect(part === undefined || part.length < bytes.length).toBe(true);
        const any = decode(bytes);
        expect(any === undefined || any.length < bytes.length).toBe(true);
      }),
    );
  });

  test('nothing at all is no encoding', () => {
    expect(decode(new Uint8Array(0))).toBeUndefined();
    expect(decode(encode(new Uint8Array(0)))).toEqual(new Uint8Array(0));
  });
});
