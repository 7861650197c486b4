import { z } from 'zod';
import { timeAllowed, timePattern } from '../learning/time.js';
import { integer, list, notNegative, number, object, time } from './schema-fields.js';

const bounds = {
  low: number('draws below are repeated').optional(),
  high: number('draws above are repeated').optional(),
};

const numbers = list(
  (item): item is number => typeof item === 'number' && Number.isFinite(item),
  { list: 'a list of numbers', item: 'a number' },
  { type: 'number' },
  'one each',
);

const times = list(
  (item): item is string => typeof item === 'string' && timePattern.test(item),
  { list: 'a list of times', item: timeAllowed },
  { type: 'string', pattern: timePattern.source },
  'one each',
);

const isIndex = (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;

const pairs = list(
  (item): item is [pre: number, post: number] =>
    Array.isArray(item) && item.length === 2 && item.every(isIndex),
  { list: 'a list of pairs [source, target]', item: 'a pair [source, target] of whole numbers, 0 or more' },
  { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
  'indices inside the slices named by from and to',
);

const distributionNames = ['uniform', 'normal', 'lognormal'] as const;

const distribution = z.discriminatedUnion(
  'distribution',
  [
    object({
      distribution: z.literal('uniform'),
      low: number('lowest value'),
      high: number('highest value'),
    }),
    object({
      distribution: z.literal('normal'),
      mean: number('mean before truncation'),
      sd: notNegative('standard deviation before truncation'),
      ...bounds,
    }),
    object({
      distribution: z.literal('lognormal'),
      mu: number('mean of the logarithm'),
      sigma: notNegative('standard deviation of the logarithm'),
      ...bounds,
    }),
  ],
  { error: `one of ${distributionNames.join(', ')}` },
);

/** A number for all, a distribution they are drawn from, or one value each. */
export const values = (description: string) =>
  z
    .union([z.number(), distribution, object({ values: numbers })], {
      error: 'a number, { "distribution": … } or { "values": […] }',
    })
    .describe(description);

export const delays = z
  .union(
    [
      time('one delay for all'),
      object({
        distribution: z.literal('uniform', { error: 'uniform' }),
        low: time('shortest delay'),
        high: time('longest delay'),
      }),
      object({ values: times }),
    ],
    {
      error:
        'a time with its unit, such as "2 ms", { "distribution": "uniform", "low": …, "high": … } or { "values": […] }',
    },
  )
  .describe('from spike to arrival: 1 to 63 ticks. Default: one tick');

const selfConnections = z
  .boolean({ error: 'true or false' })
  .optional()
  .describe('whether a neuron may connect to itself. Default: true');
const connectNames = ['all-to-all', 'one-to-one', 'probability', 'in-degree', 'list'] as const;

export const connect = z
  .union(
    [
      z.enum(['all-to-all', 'one-to-one']),
      z.discriminatedUnion(
        'kind',
        [
          object({ kind: z.literal('all-to-all'), selfConnections }),
          object({ kind: z.literal('one-to-one') }),
          object({
            kind: z.literal('probability'),
            p: z
              .number({ error: 'a number, 0 to 1' })
              .min(0, { error: 'a number, 0 to 1' })
              .max(1, { error: 'a number, 0 to 1' })
              .describe('chance of each pair'),
            selfConnections,
          }),
          object({
            kind: z.literal('in-degree'),
            n: integer(1, 2 ** 24, 'different sources of each target neuron'),
            selfConnections,
          }),
          object({
            kind: z.literal('list'),
            pairs,
          }),
        ],
        { error: `one of ${connectNames.join(', ')}` },
      ),
    ],
    { error: `"all-to-all", "one-to-one" or { "kind": one of ${connectNames.join(', ')} }` },
  )
  .describe('which pairs of neurons are connected. Default: "all-to-all"');
