import { z } from 'zod';

/** Options of cue accumulation; times in milliseconds. */
export const cueOptions = z.strictObject({
  seed: z.int().min(0).default(1).describe('seed of trials and first weights'),
  trials: z.int().min(1).default(1200).describe('trials to play'),
  learn: z
    .int()
    .min(0)
    .default(1000)
    .describe('learning is on in so many of them; those after it are tests on fresh trials'),
  neurons: z
    .enum(['lif+alif', 'lif'])
    .default('lif+alif')
    .describe('half LIF and half ALIF, or slow LIF neurons alone, as on ReckOn'),
  size: z.int().min(2).max(200).default(100).describe('recurrent neurons'),
  feedback: z.enum(['symmetric', 'random', 'adaptive']).default('symmetric').describe('how errors come back'),
  judge: z
    .int()
    .min(10)
    .max(140)
    .default(80)
    .describe('part of the recall window before a learning trial is told the answer, ms'),
  shorten: z
    .number()
    .positive()
    .default(600)
    .describe(
      'learning trials after which errors act for half as long; 2, 3 … times as many: a third, a quarter …',
    ),
});

export type CueOptions = z.infer<typeof cueOptions>;
