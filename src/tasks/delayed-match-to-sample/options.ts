import { z } from 'zod';

/** Options of delayed match to sample; times in milliseconds. */
export const matchOptions = z.strictObject({
  seed: z.int().min(0).default(1).describe('seed of stimuli, and of the network'),
  trials: z.int().min(1).default(600).describe('trials to play'),
  delay: z.number().min(1).max(3_600_000).default(1000).describe('delay from sample to test, ms'),
  memory: z
    .enum(['held', 'attractor', 'none'])
    .default('held')
    .describe('what keeps the sample: held neurons, an attractor of plain neurons, or nothing'),
  cue: z.number().min(10).default(200).describe('length of sample and test, ms'),
  rate: z.number().min(1).max(500).default(60).describe('spikes a second of a stimulus line'),
  rewardDelay: z.number().min(1).max(3_600_000).default(300).describe('delay from choice to reward, ms'),
  tag: z.number().min(1).default(1000).describe('time constant of the eligibility tag, ms'),
  pause: z.number().min(1).default(300).describe('pause between reward and next sample, ms'),
  linesPerStimulus: z.int().min(1).default(10).describe('input lines of each stimulus'),
  neuronsPerMemory: z.int().min(2).default(5).describe('neurons that keep each stimulus'),
  mixing: z.int().min(1).default(80).describe('neurons that mix memory and stimulus'),
  neuronsPerAction: z.int().min(1).default(5).describe('neurons that vote for each action'),
});

export type MatchOptions = z.infer<typeof matchOptions>;
