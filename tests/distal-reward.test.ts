import { expect, test } from 'vitest';
import { playOnBoard } from '../bench/distal/sessions.js';
import { type DistalOptions, distalOptions } from '../src/tasks/distal-reward/options.js';
import { posixKind } from '../targets/posix/board.js';
import { haveCompiler } from './c-compiler.testing.js';

/** On the C core as a process, since an hour of board time is many ticks. */
const play = (given: Partial<DistalOptions>) =>
  playOnBoard(posixKind('plain'), distalOptions.parse({ neurons: 100, synapses: 40, seed: 3, ...given }));

test('the synapse whose pairings are rewarded goes to the top, the others on the mean do not', async () => {
  if (!haveCompiler()) return;
  const trials = await play({});
  expect(trials.length).toBeLessThan(120);
  expect(trials.slice(-10).map(({ correct }) => correct)).toEqual(new Array(10).fill(true));
  const { rewarded, others, rate } = trials.at(-1)!;
  expect(rewarded).toBeGreaterThanOrEqual(0.9);
  expect(others).toBeLessThan(0.2);
  expect(rate).toBeGreaterThan(1);
  expect(rate).toBeLessThan(3);
});

test('it does not if pairings of two other neurons are rewarded', async () => {
  if (!haveCompiler()) return;
  const trials = await play({ contingent: false, trials: 40 });
  expect(Math.max(...trials.map(({ rewarded }) => Number(rewarded)))).toBeLessThan(0.6);
});
