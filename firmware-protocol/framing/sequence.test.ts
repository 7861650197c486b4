import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextSequence, sequenceDistance } from './sequence.js';

test('distances survive the wrap', () => {
  expect(sequenceDistance(0, 0xffff)).toBe(1);
  expect(sequenceDistance(0xffff, 0)).toBe(-1);
  expect(sequenceDistance(0x8000, 0)).toBe(-0x8000);
  fc.assert(
    fc.property(fc.nat(0xffff), fc.integer({ min: -0x8000, max: 0x7fff }), (from, distance) => {
      expect(sequenceDistance((from + distance) & 0xffff, from)).toBe(distance);
      expect(sequenceDistance(nextSequence(from), from)).toBe(1);
    }),
  );
});
