import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argmax, ReadoutMean, softmax } from './readout.js';

const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 });

test('argmax is the first place of the largest value', () => {
  fc.assert(
    fc.property(values, (list) => {
      expect(argmax(list)).toBe(list.findIndex((value) => list.every((other) => other <= value)));
    }),
  );
  expect(() => argmax([])).toThrow(RangeError);
});

test('softmax: ratios of probabilities are the exponential of differences, and all add up to 1', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0.5, max: 10, noNaN: true }), (list, temperature) => {
      const p = softmax(list, temperature);
      expect(p.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
      const [a = 0, b = a] = list;
      const logit = Math.log(p[0]!) - Math.log(p[1] ?? p[0]!);
      expect(logit).toBeCloseTo((a - b) / temperature, 8);
    }),
  );
});

test('softmax of two is the logistic function of their difference, and no value is too large', () => {
  expect(softmax([0.3, -0.7])[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 14);
  expect([...softmax([1e300, 0])]).toEqual([1, 0]);
  expect(() => softmax([1], 0)).toThrow(RangeError);
});

test('the mean of looks', () => {
  const mean = new ReadoutMean();
  expect(() => mean.values).toThrow(RangeError);
  mean.look(Float64Array.of(1, -1));
  mean.look(Float64Array.of(2, 0));
  expect([...mean.values]).toEqual([1.5, -0.5]);
  expect(() => mean.look(Float64Array.of(1))).toThrow(RangeError);
});
