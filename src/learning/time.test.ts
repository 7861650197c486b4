import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest } from './closest.js';
import { parseTime, toTicks } from './time.js';

test.each([
  ['20 ms', 20],
  ['1.5e3us', 1.5],
  ['250 µs', 0.25],
  ['2 h', 7_200_000],
  ['3min', 180_000],
  ['0.5 s', 500],
])('%s is %d ms', (text, milliseconds) => {
  expect(parseTime(text)).toBeCloseTo(milliseconds, 9);
});

test.each(['20', 'ms', '-1 ms', '1 m', '1  ms', '1e999 h', '1,5 ms', ''])('"%s" is no time', (text) => {
  expect(parseTime(text)).toBeNull();
});

test('whole ticks come out whole, whatever the tick', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 65_535 }),
      fc.integer({ min: 10, max: 1_000_000 }),
      (ticks, tick) => {
        const text = `${Number((ticks * tick * 1e-3).toPrecision(15))} ms`;
        expect(toTicks(parseTime(text)!, parseTime(`${tick} us`)!)).toBe(ticks);
      },
    ),
  );
});

test('slips of the pen are found, other words are not', () => {
  expect(closest('acton', ['context', 'action'])).toBe('action');
  expect(closest('rewrad', ['reward'])).toBe('reward');
  expect(closest('x3', ['x1', 'y3'])).toBe('x1');
  expect(closest('dopamine', ['reward', 'action'])).toBeNull();
});
