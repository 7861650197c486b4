import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compile } from '../compiler/compile.js';
import { loadTarget } from '../compiler/load-target.js';
import { readImage } from '../image/read.js';
import { resolveNetwork } from '../network/resolve.js';
import { banditNetwork } from './delayed-bandit/network.js';
import { type BanditOptions, banditOptions } from './delayed-bandit/options.js';
import bandit from './delayed-bandit/task.js';
import { drawsOf, poissonSpikes } from './draws.js';
import { blockProportions, lastProportion, trialsTo } from './learning-curve.js';
import { machineBoard } from './machine-board.testing.js';
import { playTask } from './play.js';
import { readRecording, spikesText } from './recording.js';
import { defineTask, type Step } from './task.js';
import { loadTask, parseTaskOptions } from './tasks.js';

const target = loadTarget('pico');
const boardFor = (options: BanditOptions) => {
  const image = readImage(compile(resolveNetwork(banditNetwork(options)), target).image);
  return { image, board: machineBoard(image) };
};
const play = async (given: Partial<BanditOptions>) => {
  const options = banditOptions.parse(given);
  const { image, board } = boardFor(options);
  return playTask(board, image, bandit, options, { seed: options.seed });
};

describe('delayed bandit', () => {
  test('learns from reward 1 to 2 s late with a tag of 2 s, and stays at chance with one of 20 ms', async () => {
    const [traced, control] = [
      await play({ seed: 11, trials: 300 }),
      await play({ seed: 11, trials: 300, tag: 20 }),
    ].map((trials) =>
      lastProportion(
        trials.map(({ correct }) => correct),
        100,
      ),
    );
    expect(traced).toBeGreaterThanOrEqual(0.95);
    expect(control).toBeGreaterThanOrEqual(0.33);
    expect(control).toBeLessThanOrEqual(0.67);
  });

  test('follows a reversal of the contingencies', async () => {
    const trials = await play({ seed: 3, trials: 360, reverseEvery: 180 });
    const correct = trials.map((trial) => trial.correct);
    expect(lastProportion(correct.slice(0, 180), 60)).toBeGreaterThan(0.9);
    // What was right is wrong now: the first trials after the reversal fail.
    expect(correct.slice(180, 183)).toEqual([false, false, false]);
    expect(lastProportion(correct, 60)).toBeGreaterThan(0.9);
  });

  test('equal seeds give equal trials; others do not', async () => {
    const [first, again, other] = [
      await play({ seed: 5, trials: 30 }),
      await play({ seed: 5, trials: 30 }),
      await play({ seed: 6, trials: 30 }),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('more contexts and actions compile and play', async () => {
    const trials = await play({ seed: 1, trials: 40, contexts: 3, actions: 4 });
    expect(new Set(trials.map(({ context }) => context))).toEqual(new Set([0, 1, 2]));
    expect(trials.every(({ choice }) => Number(choice) >= 0 && Number(choice) < 4)).toBe(true);
  });
});

test('examples/delayed-bandit is the network of the task with its default options', () => {
  const file = resolve(import.meta.dirname, '../../examples/delayed-bandit/network.json');
  const { $schema, ...description } = JSON.parse(readFileSync(file, 'utf8'));
  expect($schema).toBe('../../docs/network.schema.json');
  expect(description).toEqual(banditNetwork(banditOptions.parse({})));
});

describe('closed loop', () => {
  const options = banditOptions.parse({});
  const oneStep = (step: Step) =>
    defineTask({
      name: 'one',
      summary: '',
      options: z.object({}),
      *play() {
        yield step;
      },
    });

  test.each([
    ['a modulator', { run: 5, rewards: [{ in: 0, modulator: 'pain', value: 1 }] }, /modulator 'pain'/],
    [
      'a population',
      { run: 5, control: [{ in: 0, clear: 'memory', what: ['neurons'] }] },
      /population 'memory'/,
    ],
  ] as const)('%s that the network lacks is named', async (_, step, message) => {
    const { image, board } = boardFor(options);
    await expect(playTask(board, image, oneStep(step), {}, { seed: 1 })).rejects.toThrow(message);
  });

  test('weights come with a step that asks for them, and with no other', async () => {
    const { image, board } = boardFor(options);
    const seen: number[][] = [];
    const looking = defineTask({
      name: 'looking',
      summary: '',
      options: z.object({}),
      *play() {
        const asked = yield { run: 5, weigh: ['context-action'] };
        const { pre, post, values } = asked.weights('context-action');
        seen.push([...pre], [...post], [...values]);
        const next = yield { run: 5 };
        expect(() => next.weights('context-action')).toThrow(/weigh: \['context-action'\]/);
      },
    });
    await playTask(board, image, looking, {}, { seed: 1 });
    const { weight } = banditNetwork(options).projections!['context-action']!;
    const [pre, post, values] = seen as [number[], number[], number[]];
    expect(new Set(pre.map((line, n) => `${line}-${post[n]}`)).size).toBe(200);
    for (const value of values) expect(Math.abs(value - (weight as number))).toBeLessThan(0.001);
    await expect(
      playTask(board, image, oneStep({ run: 5, weigh: ['no-such'] }), {}, { seed: 1 }),
    ).rejects.toThrow(/projection 'no-such'/);
  });

  test('control events reach the board', async () => {
    const { image, board } = boardFor(options);
    const noisy = oneStep({ run: 50, control: [{ in: 49, clear: '*', what: ['neurons'] }] });
    await playTask(board, image, noisy, {}, { seed: 1 });
    expect([...board.machine.read(0, 0, 0, 10)]).toEqual(new Array(10).fill(0));
  });

  test('stops when aborted', async () => {
    const { image, board } = boardFor(options);
    const playing = playTask(board, image, bandit, options, { seed: 1, signal: AbortSignal.abort() });
    await expect(playing).rejects.toThrow(/abort/i);
  });
});

describe('tasks by name', () => {
  test('unknown ones list what there is', async () => {
    await expect(loadTask('bandit')).rejects.toMatchObject({
      code: 'E0801',
      facts: [['tasks', expect.stringContaining('delayed-bandit')]],
    });
    await expect(loadTask('./missing.ts')).rejects.toMatchObject({ code: 'E0802' });
  });

  test('options are checked by the schema of the task, all at once', () => {
    expect(parseTaskOptions(bandit, { trials: '20', delayMin: '500' })).toMatchObject({
      trials: 20,
      delayMin: 500,
    });
    expect(() => parseTaskOptions(bandit, { trials: 'many', dealy: '3' })).toThrow(
      expect.objectContaining({
        code: 'E0101',
        problems: expect.arrayContaining([expect.anything(), expect.anything()]),
      }),
    );
  });
});

describe('learning curve', () => {
  test('blocks and last trials agree with counting', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (correct, size) => {
          const blocks = blockProportions(correct, size);
          const total = blocks.reduce(
            (sum, share, n) => sum + share * Math.min(size, correct.length - n * size),
            0,
          );
          expect(total).toBeCloseTo(correct.filter(Boolean).length, 6);
        },
      ),
    );
  });

  test('trials to a level: the first window that reaches it', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 120 }), (correct) => {
        const windows = correct.map((_, end) => correct.slice(end - 9, end + 1).filter(Boolean).length);
        const first = windows.findIndex((hits, end) => end >= 9 && hits >= 9);
        expect(trialsTo(correct, 0.9, 10)).toBe(first < 0 ? null : first + 1);
      }),
    );
  });
});

test('Poisson spikes have the rate asked for', () => {
  const spikes = poissonSpikes(drawsOf(1), [1, 2, 3, 4], 20_000, 0.06);
  expect(Math.abs(spikes.length - 4800)).toBeLessThan(5 * Math.sqrt(80_000 * 0.06 * 0.94));
});

describe('recordings', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1e6), fc.nat(1e5)), { maxLength: 50 }),
        fc.constantFrom('csv', 'jsonl'),
        (events, form) => {
          const [ticks, units] = [events.map(([tick]) => tick), events.map(([, unit]) => unit)];
          const record = {
            count: events.length,
            ticks: Uint32Array.from(ticks),
            units: Uint32Array.from(units),
          };
          expect(readRecording(spikesText(record, form as 'csv'), 'x', 'spikes')).toEqual({
            ticks,
            units,
            rewards: [],
          });
        },
      ),
    );
  });

  test('rewards in all their forms, with a heading and comments', () => {
    const text = 'tick,modulator,value\n# first\n5,reward,-0.5\n9,2\n{"tick":12,"reward":1}\n';
    expect(readRecording(text, 'x', 'rewards').rewards).toEqual([
      { tick: 5, modulator: 'reward', value: -0.5 },
      { tick: 9, modulator: 'reward', value: 2 },
      { tick: 12, modulator: 'reward', value: 1 },
    ]);
  });

  test('every bad line is named', () => {
    expect(() => readRecording('1,2\nx,3\n1,2,3\n{"tick":1}\n', 'f.csv', 'spikes')).toThrow(
      expect.objectContaining({
        problems: [2, 3, 4].map((line) => expect.objectContaining({ path: `f.csv:${line}` })),
      }),
    );
  });
});
