import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { loadTarget } from '../../compiler/load-target.js';
import { readImage } from '../../image/read.js';
import { resolveNetwork } from '../../network/resolve.js';
import { lastProportion } from '../learning-curve.js';
import { machineBoard } from '../machine-board.testing.js';
import { playTask } from '../play.js';
import { matchNetwork } from './network.js';
import { type MatchOptions, matchOptions } from './options.js';
import task from './task.js';

const boardFor = (options: MatchOptions) => {
  const image = readImage(compile(resolveNetwork(matchNetwork(options)), loadTarget('pico')).image);
  return { image, board: machineBoard(image) };
};
const play = async (given: Partial<MatchOptions>) => {
  const options = matchOptions.parse(given);
  const { image, board } = boardFor(options);
  return playTask(board, image, task, options, { seed: options.seed });
};
const learned = (trials: readonly { correct: boolean }[]) =>
  lastProportion(
    trials.map(({ correct }) => correct),
    100,
  );

describe('delayed match to sample', () => {
  test.each(['held', 'attractor'] as const)('is learned with a memory that is %s', async (memory) => {
    const trials = await play({ seed: 21, trials: 300, memory });
    expect(learned(trials)).toBeGreaterThanOrEqual(0.9);
  });

  test('cannot be learned without one', async () => {
    expect(Math.abs(learned(await play({ seed: 21, trials: 300, memory: 'none' })) - 0.5)).toBeLessThan(0.17);
  });

  test.each(['held', 'attractor'] as const)(
    'a memory that is %s keeps the sample, not the test, until it is cleared',
    async (memory) => {
      const options = matchOptions.parse({ memory, trials: 40, delay: 3000 });
      const { image, board } = boardFor(options);
      const { firstUnit, size } = image.populations[1]!;
      board.machine.setSpikesOut(1, true);
      /** Spikes of the memory of each stimulus in each step: sample, delay, test, feedback. */
      const steps: [number, number][] = [];
      const trials = await playTask(board, image, task, options, {
        seed: 1,
        onStep(_, __, { units, count }) {
          const counts: [number, number] = [0, 0];
          for (const unit of units.subarray(0, count))
            if (unit >= firstUnit && unit < firstUnit + size) counts[unit - firstUnit < size / 2 ? 0 : 1]++;
          steps.push(counts);
        },
      });
      expect(new Set(trials.map(({ sample, test }) => `${sample}${test}`)).size).toBe(4);
      trials.forEach(({ sample }, trial) => {
        const [, delay, shown] = steps.slice(trial * 4) as [number, number][];
        expect(delay![sample as 0 | 1]).toBeGreaterThan(500);
        expect([delay![1 - Number(sample)], shown![1 - Number(sample)]]).toEqual([0, 0]);
      });
      const after: number[] = [];
      board.machine.run(500, (_, units, count) => after.push(...units.subarray(0, count)));
      expect(after.filter((unit) => unit >= firstUnit && unit < firstUnit + size)).toEqual([]);
    },
  );

  test('its example is its network with default options', () => {
    const file = resolve(import.meta.dirname, '../../../examples/delayed-match-to-sample/network.json');
    const { $schema, ...description } = JSON.parse(readFileSync(file, 'utf8'));
    expect($schema).toBe('../../docs/network.schema.json');
    expect(description).toEqual(matchNetwork(matchOptions.parse({})));
  });
});
