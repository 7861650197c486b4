import { expect, test } from 'vitest';
import { lateBound, lateHour, play, playFloat, strong, type Tetanus, weak } from '../bench/curves/tetani.js';

/** What is left of both pathways ten hours later, held against float64. */
function late(stimuli: readonly Tetanus[]): number[] {
  const hour = lateHour(stimuli);
  const [changes] = play(stimuli, [hour]);
  const expected = [0, 1].map((pathway) => playFloat(stimuli, pathway, hour));
  changes!.forEach((change, n) => {
    const difference = Math.abs(change - expected[n]!);
    expect(difference, `pathway ${n}: ${change}, float64 ${expected[n]}`).toBeLessThan(
      Math.min(0.006, lateBound(expected[n]!)),
    );
  });
  return changes!;
}

test('a weak tetanus alone fades', () => {
  const [[soon], [after]] = play([weak(0)], [0.02, 8]) as [number[], number[]];
  expect(soon).toBeGreaterThan(0.08);
  expect(Math.abs(after!)).toBeLessThan(0.01);
});

test('a strong tetanus lasts', () => {
  expect(late([strong(0)])[1]).toBeGreaterThan(0.2);
});

test.each([
  ['30 min before', 0, 30, 0.035],
  ['an hour before', 0, 60, 0.02],
  ['30 min after the end of', 50, 0, 0.035],
] as const)('a weak tetanus %s a strong one of another pathway lasts', (_, at, other, least) => {
  const [captured] = late([weak(at), strong(other)]);
  expect(captured).toBeGreaterThan(least);
});

test.each([
  ['four hours before', 0, 240],
  ['four hours after', 260, 0],
] as const)('a weak tetanus %s a strong one fades', (_, at, other) => {
  expect(Math.abs(late([weak(at), strong(other)])[0]!)).toBeLessThan(0.01);
});
