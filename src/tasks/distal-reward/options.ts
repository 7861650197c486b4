import { z } from 'zod';

/** Options of the distal reward problem; times in milliseconds where nothing else is said. */
export const distalOptions = z.strictObject({
  seed: z.int().min(0).default(1).describe('seed of wiring, noise and delays'),
  neurons: z
    .int()
    .min(20)
    .multipleOf(5)
    .default(200)
    .describe('a fifth of them inhibitory; 1000 is the size of the paper'),
  synapses: z
    .int()
    .min(5)
    .multipleOf(5)
    .default(50)
    .describe('synapses of each neuron, on the mean; 100 is the number of the paper'),
  trials: z.int().min(1).default(120).describe('stretches of board time to run, each as long as `every`'),
  every: z.number().min(1000).default(60_000).describe('board time between two looks at the weights, ms'),
  stop: z
    .int()
    .min(0)
    .default(10)
    .describe('looks in a row at which it is found that end the run; 0: none do'),
  window: z.number().min(1).default(20).describe('longest lag of a pairing that is rewarded, ms'),
  delayMin: z.number().min(1).default(1000).describe('shortest time from pairing to reward, ms'),
  delayMax: z.number().min(1).default(3000).describe('longest time from pairing to reward, ms'),
  dopamine: z.number().min(0).max(7).default(0.5).describe('what a reward adds to the dopamine'),
  contingent: z
    .boolean()
    .default(true)
    .describe('false: pairings of two other neurons are rewarded, a control'),
  tag: z.number().min(1).default(1000).describe('time constant of the eligibility tag, ms'),
});

export type DistalOptions = z.infer<typeof distalOptions>;
