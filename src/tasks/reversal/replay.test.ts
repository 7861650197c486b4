import { expect, test } from 'vitest';
import { boardWide, variableCodes } from '../../image/layout.js';
import { creditWeights } from './credit.js';
import type { ReversalOptions } from './options.js';
import { playSession, playSessions } from './sessions.testing.js';

test.each(['indirect', 'shuffled'] as const)(
  'with replay, %s outcomes count for the choice that earned them and not for the one in between',
  async (condition) => {
    const played = await playSessions({ condition, trials: 300, replay: true, learningRate: 1.6e-6 });
    const { appropriate, spreading } = creditWeights(played);
    expect(appropriate).toBeGreaterThan(0.4);
    expect(appropriate).toBeGreaterThan(spreading + 0.4);
  },
);

test('each outcome is one replay, of the choice that earned it, and is over before anything else comes', async () => {
  const { trials, steps, machine } = await playSession({
    condition: 'shuffled',
    trials: 100,
    mostBetween: 3,
    replay: true,
    // With next to no pause what came too early would be put off, and merged or lost.
    outcomeDelay: 30,
    pause: 1,
  });
  const back = trials.flatMap(({ outcomes }, after) =>
    String(outcomes)
      .split(' ')
      .filter(Boolean)
      .map((word) => after - Number(word.split(':')[0])),
  );
  const asked = steps.flatMap(({ control = [] }) => control);
  expect(asked.map((event) => 'replay' in event && event.replay)).toEqual(back);
  const [, open, , recorded, lost, replayed, running] = machine.read(boardWide, variableCodes.episode, 0, 7);
  expect([open, running]).toEqual([0, 0]);
  expect([recorded, lost, replayed]).toEqual([trials.length, 0, back.length]);
});

test('a choice whose cue had no spike has no episode; its outcome replays none, and the others keep theirs', async () => {
  const { trials, steps, machine } = await playSession({
    condition: 'indirect',
    trials: 100,
    replay: true,
    lines: 1,
    rate: 5,
  });
  const opened = steps.filter(({ spikes }) => spikes).map(({ spikes }) => spikes!.length > 0);
  expect(new Set(opened)).toEqual(new Set([true, false]));
  // Back to the choice before: one episode if this choice has one, else it is the newest.
  const asked = steps.flatMap(({ control = [] }) =>
    control.map((event) => 'replay' in event && event.replay),
  );
  const none = 4;
  expect(asked).toEqual(trials.slice(1).map((_, of) => (opened[of] ? Number(opened[of + 1]) : none)));
  const [recorded, lost, replayed] = machine.read(boardWide, variableCodes.episode, 3, 3);
  const count = (list: readonly boolean[]) => list.filter(Boolean).length;
  expect([recorded, lost, replayed]).toEqual([count(opened), 0, count(opened.slice(0, -1))]);
});

test('clearTags clears all tags when a cue begins', async () => {
  const { steps } = await playSession({ trials: 2, clearTags: true });
  const clear = { in: 0, clear: '*', what: ['tags'] };
  expect(steps.map(({ control }) => control)).toEqual([[clear], [], [clear], []]);
});

test('what an outcome teaches does not depend, to the bit, on the choice that was made meanwhile', async () => {
  // The first choice of equal seeds is the same; its outcome comes before the second choice, or after it. With this
  // pause the two places are a multiple of 64 ticks apart: the sweeps fall alike.
  const learnt = async (given: Partial<ReversalOptions>) =>
    (await playSession({ learningRate: 1e-5, pause: 444, ...given })).weights;
  for (const seed of [1, 2, 3, 4]) {
    const before = await learnt({ seed, replay: true, condition: 'direct', trials: 1 });
    expect(Math.max(...before.map((weight) => Math.abs(weight - 0.03)))).toBeGreaterThan(0.002);
    expect(await learnt({ seed, replay: true, condition: 'indirect', trials: 2 })).toEqual(before);
    const tags = await learnt({ seed, condition: 'direct', trials: 1 });
    expect(await learnt({ seed, condition: 'indirect', trials: 2 })).not.toEqual(tags);
  }
});
