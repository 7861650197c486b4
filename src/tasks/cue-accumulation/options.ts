import { z } from 'zod';

/** Options of cue accumulation; times in milliseconds. */
export const cueOptions = z.strictObject({
  seed: z.int().min(0).default(1).describe('seed of trials and first weights'),
  trials: z.int().min(1).default(1600).describe('trials to learn from'),
  test: z.int().min(0).default(200).describe('fresh trials afterwards, with learning switched off'),
  lif: z.int().min(0).max(100).default(50).describe('LIF neurons'),
  alif: z.int().min(0).max(100).default(50).describe('adaptive (ALIF) neurons'),
  tauMembrane: z.number().min(2).default(20).describe('membrane time constant, ms'),
  tauAdaptation: z.number().min(10).default(2000).describe('time constant of the adaptive threshold, ms'),
  beta: z
    .number()
    .min(0)
    .default(0.03)
    .describe('rise of an adaptive threshold by a spike; the threshold is 0.6'),
  rate: z.number().positive().default(5e-4).describe('learning rate of input and recurrent weights'),
  rateOut: z.number().positive().default(2e-4).describe('learning rate of readout weights'),
  averaging: z
    .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16)])
    .default(4)
    .describe('ticks between two steps of the weights'),
  feedback: z.enum(['symmetric', 'random', 'adaptive']).default('symmetric').describe('how errors come back'),
});

export type CueOptions = z.infer<typeof cueOptions>;
