import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawsOf } from '../draws.js';
import type { Trial } from '../task.js';
import { creditMatrix, creditWeights } from './credit.js';
import { reversalNetwork } from './network.js';
import { type ReversalOptions, reversalOptions } from './options.js';
import { logisticRegression } from './regression.js';
import { playSession, playSessions } from './sessions.testing.js';

const share = (trials: readonly { correct: boolean }[]) =>
  trials.filter(({ correct }) => correct).length / trials.length;

describe('reversal', () => {
  test('a network of traces alone follows direct outcomes and gives much of its credit to the choice in between', async () => {
    const direct = await playSessions({ condition: 'direct' });
    const indirect = await playSessions({ condition: 'indirect' });
    expect(share(direct.flat())).toBeGreaterThan(0.62);
    expect(share(direct.flat())).toBeGreaterThan(share(indirect.flat()));
    const [a, b] = [creditWeights(direct), creditWeights(indirect)];
    expect(a.appropriate).toBeGreaterThan(a.spreading);
    expect(b.spreading).toBeGreaterThan(b.appropriate);
  });

  test('every outcome comes once, at the place its condition says; shuffled ones overtake each other', async () => {
    const places = async (condition: ReversalOptions['condition']) => {
      const { trials } = await playSession({ condition, trials: 200, mostBetween: 3 });
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
