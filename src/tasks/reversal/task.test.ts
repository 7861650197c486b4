import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { loadTarget } from '../../compiler/load-target.js';
import { boardWide, variableCodes } from '../../image/layout.js';
import { readImage } from '../../image/read.js';
import { resolveNetwork } from '../../network/resolve.js';
import { drawsOf } from '../draws.js';
import { machineBoard } from '../machine-board.testing.js';
import { playTask } from '../play.js';
import type { Step, Trial } from '../task.js';
import { creditMatrix, creditWeights } from './credit.js';
import { reversalNetwork } from './network.js';
import { type ReversalOptions, reversalOptions } from './options.js';
import { logisticRegression } from './regression.js';
import task from './task.js';

const playOn = async (given: Partial<ReversalOptions>) => {
  const options = reversalOptions.parse(given);
  const image = readImage(compile(resolveNetwork(reversalNetwork(options)), loadTarget('pico')).image);
  const board = machineBoard(image);
  const steps: Step[] = [];
  const onStep = (step: Step) => steps.push(step);
  const trials = await playTask(board, image, task, options, { seed: options.seed, onStep });
  return { trials, steps, machine: board.machine };
};
const play = async (given: Partial<ReversalOptions>) => (await playOn(given)).trials;
const sessions = (given: Partial<ReversalOptions>) =>
  Promise.all([31, 32, 33, 34].map((seed) => play({ ...given, seed })));
const share = (trials: readonly { correct: boolean }[]) =>
  trials.filter(({ correct }) => correct).length / trials.length;

describe('reversal', () => {
  test('a network of traces alone follows direct outcomes and gives much of its credit to the choice in between', async () => {
    const direct = await sessions({ condition: 'direct' });
    const indirect = await sessions({ condition: 'indirect' });
    expect(share(direct.flat())).toBeGreaterThan(0.62);
    expect(share(direct.flat())).toBeGreaterThan(share(indirect.flat()));
    const [a, b] = [creditWeights(direct), creditWeights(indirect)];
    expect(a.appropriate).toBeGreaterThan(a.spreading);
    expect(b.spreading).toBeGreaterThan(b.appropriate);
  });

  test.each(['indirect', 'shuffled'] as const)(
    'with replay the choice that earned an %s outcome gets the credit, and the one in between does not',
    async (condition) => {
      const played = await sessions({ condition, trials: 400, replay: true, learningRate: 1.6e-6 });
      const { appropriate, spreading } = creditWeights(played);
      expect(appropriate).toBeGreaterThan(0.4);
      expect(appropriate).toBeGreaterThan(spreading + 0.4);
    },
  );

  test('each outcome is one replay, of the choice that earned it, and is over before anything else comes', async () => {
    const given = { condition: 'shuffled', trials: 100, mostBetween: 3, replay: true } as const;
    // With next to no pause what comes too early would be put off, and merged or lost.
    const { trials, steps, machine } = await playOn({ ...given, outcomeDelay: 30, pause: 1 });
    const earned = trials.flatMap(({ outcomes }, after) =>
      String(outcomes)
        .split(' ')
        .filter(Boolean)
        .map((word) => after - Number(word.split(':')[0])),
    );
    const asked = steps.flatMap(({ control = [] }) => control);
    expect(asked.map((event) => 'replay' in event && event.replay)).toEqual(earned);
    const words = machine.read(boardWide, variableCodes.episode, 0, 7);
    const [, open, , recorded, lost, replayed, running] = words;
    expect([recorded, lost, replayed, running]).toEqual([trials.length, 0, earned.length, 0]);
    expect(open).toBe(0);
  });

  test('every outcome comes once, at the place its condition says; shuffled ones overtake each other', async () => {
    const places = async (condition: ReversalOptions['condition']) => {
      const trials = await play({ condition, trials: 200, mostBetween: 3 });
      return trials.flatMap(({ outcomes }, after) =>
        String(outcomes)
          .split(' ')
          .filter(Boolean)
          .map((word) => ({ of: Number(word.split(':')[0]), after })),
      );
    };
    const direct = await places('direct');
    expect(direct.map(({ of }) => of)).toEqual([...Array(200).keys()]);
    expect(direct.every(({ of, after }) => after === of)).toBe(true);
    const indirect = await places('indirect');
    expect(indirect.map(({ of }) => of)).toEqual([...Array(199).keys()]);
    expect(indirect.every(({ of, after }) => after === of + 1)).toBe(true);
    const shuffled = await places('shuffled');
    expect(new Set(shuffled.map(({ of }) => of)).size).toBe(shuffled.length);
    expect(new Set(shuffled.map(({ of, after }) => after - of))).toEqual(new Set([0, 1, 2, 3]));
    expect(shuffled.some(({ of }, n) => n > 0 && of < shuffled[n - 1]!.of)).toBe(true);
  });

  test('its example is its network with default options', () => {
    const file = resolve(import.meta.dirname, '../../../examples/reversal/network.json');
    const { $schema, ...description } = JSON.parse(readFileSync(file, 'utf8'));
    expect($schema).toBe('../../docs/network.schema.json');
    expect(description).toEqual(reversalNetwork(reversalOptions.parse({})));
  });
});

/** Choices of a learner that gives each outcome to the choice that earned it, or to the last one before it came. */
function simulate(credit: 'causal' | 'latest', between: number, seed: number): Trial[] {
  const draws = drawsOf(seed);
  const values = [0, 0];
  const choices: number[] = [];
  return Array.from({ length: 1000 }, (_, trial) => {
    const choice = draws.uniform() < 1 / (1 + Math.exp(-4 * (values[1]! - values[0]!))) ? 1 : 0;
    choices.push(choice);
    const of = trial - between;
    if (of < 0) return { correct: true, choice, outcomes: '' };
    const better = Math.floor(of / 25) % 2;
    const value = draws.uniform() < (choices[of] === better ? 0.8 : 0.2) ? 1 : -1;
    const credited = choices[credit === 'causal' ? of : trial]!;
    values[credited] = values[credited]! + 0.3 * (value - values[credited]!);
    return { correct: choice === better, choice, outcomes: `${of}:${value}` };
  });
}

describe('credit', () => {
  test.each([
    ['causal', 0, 0],
    ['causal', 1, 1],
    ['latest', 1, 0],
    ['causal', 2, 2],
    ['latest', 2, 0],
  ] as const)('of a learner that credits the %s choice, %i in between', (credit, between, row) => {
    const matrix = creditMatrix([1, 2, 3].map((seed) => simulate(credit, between, seed)));
    // Of the outcome that came after the last choice, the choice that was credited has the largest weight.
    const column = matrix.map((weights) => weights[0]!);
    expect(column.indexOf(Math.max(...column))).toBe(row);
    expect(column[row]!).toBeGreaterThan(0.5);
    const { appropriate, spreading } = creditWeights(
      [1, 2, 3].map((seed) => simulate(credit, between, seed)),
    );
    if (credit === 'causal') expect(appropriate).toBeGreaterThan(spreading + 0.5);
    else expect(spreading).toBeGreaterThan(appropriate + 0.5);
  });

  test('logistic regression ends where the gradient is zero', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), fc.boolean()), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (data, ridge) => {
          const rows = data.map(([a, b]) => [1, a, b]);
          const weights = logisticRegression(
            rows,
            data.map(([, , positive]) => positive),
            ridge,
          );
          const gradient = weights.map(
            (weight, i) =>
              rows.reduce((sum, row, n) => {
                const p = 1 / (1 + Math.exp(-row.reduce((z, x, k) => z + x * weights[k]!, 0)));
                return sum + row[i]! * (Number(data[n]![2]) - p);
              }, 0) -
              ridge * weight,
          );
          for (const part of gradient) expect(Math.abs(part)).toBeLessThan(1e-6);
        },
      ),
    );
  });
});
