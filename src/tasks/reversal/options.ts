import { z } from 'zod';

/** Options of the reversal task; times in milliseconds. */
export const reversalOptions = z.strictObject({
  seed: z.int().min(0).default(1).describe('seed of outcomes and lags'),
  trials: z.int().min(1).default(600).describe('choices to make'),
  condition: z
    .enum(['direct', 'indirect', 'shuffled'])
    .default('indirect')
    .describe('outcome before the next choice, after it, or after any number of choices up to mostBetween'),
  mostBetween: z.int().min(0).max(7).default(2).describe('shuffled: most choices between choice and outcome'),
  good: z.number().min(0).max(1).default(0.8).describe('chance that the better action pays'),
  bad: z.number().min(0).max(1).default(0.2).describe('chance that the other pays'),
  reverseEvery: z
    .int()
    .min(0)
    .default(60)
    .describe('choices after which the actions change places; 0: never'),
  cue: z.number().min(10).default(200).describe('length of the cue, ms'),
  rate: z.number().min(1).max(500).default(60).describe('spikes a second of a cue line'),
  outcomeDelay: z
    .number()
    .min(1)
    .max(3_600_000)
    .default(600)
    .describe('from the end of a cue to the first outcome, and between outcomes, ms'),
  pause: z.number().min(1).max(3_600_000).default(400).describe('from the last outcome to the next cue, ms'),
  tag: z.number().min(1).default(2000).describe('time constant of the eligibility tag, ms'),
  learningRate: z
    .number()
    .positive()
    .max(1e-4)
    .default(4e-7)
    .describe('weight per tag, reward and ms: the rate of rstdp'),
  clearTags: z.boolean().default(false).describe('the tags are cleared before each cue, as a control'),
  replay: z
    .boolean()
    .default(false)
    .describe('at each outcome the core replays the episode of the choice that earned it'),
  lines: z.int().min(1).default(10).describe('input lines of the cue'),
  neuronsPerAction: z.int().min(1).default(5).describe('neurons that vote for each action'),
});

export type ReversalOptions = z.infer<typeof reversalOptions>;
