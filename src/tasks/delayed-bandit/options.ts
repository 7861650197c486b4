import { z } from 'zod';

/** Longest delay: 600 trials of it are 25 days of board time, half of what a tick counter of 1 ms holds. */
const hour = 3_600_000;

/** Options of the delayed bandit; times in milliseconds. */
export const banditOptions = z
  .strictObject({
    seed: z.int().min(0).default(1).describe('seed of cues, rewards and delays'),
    trials: z.int().min(1).default(600).describe('trials to play'),
    contexts: z.int().min(1).max(64).default(2).describe('different cues'),
    actions: z.int().min(2).max(64).default(2).describe('choices'),
    delayMin: z.number().min(1).max(hour).default(1000).describe('shortest delay from choice to reward, ms'),
    delayMax: z.number().min(1).max(hour).default(2000).describe('longest delay, ms'),
    tag: z.number().min(1).default(2000).describe('time constant of the eligibility tag, ms'),
    cue: z.number().min(10).default(200).describe('length of the cue, ms'),
    rate: z.number().min(1).max(500).default(60).describe('spikes a second of a cue line'),
    pause: z.number().min(1).default(300).describe('pause between reward and next cue, ms'),
    reverseEvery: z
      .int()
      .min(0)
      .default(0)
      .describe('trials after which the contingencies move on; 0: never'),
    explore: z
      .enum(['core', 'lines'])
      .default('core')
      .describe('what makes choices vary: noise on the core, or spikes of lines of its own during the cue'),
    memory: z
      .enum(['none', 'held', 'attractor'])
      .default('none')
      .describe('neurons that keep the choice, and its context, until the feedback; wants explore=lines'),
    replay: z.boolean().default(false).describe('the core replays the episode when the feedback comes'),
    linesPerContext: z.int().min(1).default(10).describe('input lines of each cue'),
    neuronsPerAction: z.int().min(1).default(5).describe('neurons that vote for each action'),
  })
  .refine(({ delayMin, delayMax }) => delayMin <= delayMax, {
    path: ['delayMax'],
    message: 'delayMax is shorter than delayMin',
  });

export type BanditOptions = z.infer<typeof banditOptions>;
