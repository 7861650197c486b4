import { z } from 'zod';
import { defaults } from './defaults.js';
import { integer, notNegative, number, object, positive, time, timeOrNone } from './schema-fields.js';
import { values } from './schema-values.js';

const size = integer(1, 2 ** 24, 'neurons, or input lines');
const threshold = positive(`membrane at which a neuron spikes. Default: ${defaults.threshold}`).optional();
const tauMembrane = timeOrNone(
  `time constant of the membrane; "none": an integrator. Default: ${defaults.tauMembrane}`,
).optional();
const tauSynapse = time(
  'time constant of the synaptic current. Left out: delta synapses, an arrival moves the membrane at once',
).optional();
const bias = values('added to the membrane each tick. Default: 0').optional();
const initial = values('membrane at the start. Default: 0').optional();

export const inputPopulation = object({ model: z.literal('input'), size });

export const lifPopulation = object({
  model: z.literal('lif'),
  size,
  tauMembrane,
  tauSynapse,
  threshold,
  reset: z
    .union([number('membrane after a spike'), z.literal('subtract')], { error: 'a number or "subtract"' })
    .optional()
    .describe(
      `membrane after a spike, or "subtract": the threshold is taken off. Default: ${defaults.reset}`,
    ),
  refractory: time(
    `time after a spike in which the membrane stands still. Default: ${defaults.refractory}`,
  ).optional(),
  adaptation: object({
    tau: timeOrNone('time constant with which the threshold falls back; "none": it stays'),
    step: number('what each spike adds to the threshold'),
  })
    .optional()
    .describe('threshold that rises with each spike (ALIF). Left out: it is fixed'),
  surrogate: object({
    dampening: positive('height of the pseudo-derivative, in spikes a threshold. Default: 0.3').optional(),
    width: positive('distance from the threshold at which it is 0, in thresholds. Default: 1').optional(),
    shape: z.enum(['triangle', 'box'], { error: 'triangle or box' }).optional().describe('Default: triangle'),
  })
    .optional()
    .describe('pseudo-derivative of the spike, h in rules. Left out: none, h is 0'),
  bias,
  noise: notNegative('uniform noise on the membrane: ± this each tick. Default: 0').optional(),
  initial,
});

export const heldPopulation = object({
  model: z.literal('held'),
  size,
  tauSynapse,
  threshold,
  period: time(`time between its spikes while it is held. Default: ${defaults.period}`).optional(),
});

export const readoutPopulation = object({
  model: z.literal('readout'),
  size,
  tauMembrane,
  tauSynapse,
  bias,
  initial,
});

export const population = z.discriminatedUnion(
  'model',
  [inputPopulation, lifPopulation, heldPopulation, readoutPopulation],
  {
    error: (issue) =>
      typeof issue.input === 'object' ? 'one of input, lif, held, readout' : 'an object with a model',
  },
);
