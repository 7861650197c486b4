import { z } from 'zod';
import { identifier, integer, name, number, object, positive, time, timeOrNone } from './schema-fields.js';

export const modulator = object({
  tau: timeOrNone('time constant of its decay; "none": it adds up'),
  baseline: object({ events: integer(1, 65_536, 'reward events over which the mean runs, about') })
    .optional()
    .describe('a running mean of the rewards is taken off each reward. Left out: none'),
});

const tau = z.string({ error: 'a time, or the name of a parameter that is one' });

const trace = object({
  tau: tau.describe('time constant: a time, or the name of a parameter that is one'),
  impulse: positive('what a spike adds, or sets; below 8. Default: 1').optional(),
  mode: z
    .enum(['additive', 'nearest'], { error: 'additive or nearest' })
    .optional()
    .describe('additive: spikes add up; nearest: the last alone counts. Default: additive'),
});

const equation = z.string({ error: 'an equation, such as "x1*y0 - 0.8*y1*x0"' });

/** A rule of the user's own; the notation is that of `docs/rules.md`. */
export const rule = object({
  dt: equation.optional().describe('change of the tag'),
  dw: equation.optional().describe('change of the weight'),
  x1: trace.optional().describe('trace of the arrivals'),
  x2: trace.optional().describe('second trace of the arrivals'),
  y1: trace.optional().describe("trace of the neuron's spikes"),
  y2: trace.optional().describe("second trace of the neuron's spikes"),
  y3: trace.optional().describe("third trace of the neuron's spikes"),
  tag: object({
    tau: tau.describe('time constant: a time, the name of a parameter that is one, or "none": no decay'),
    range: positive('largest |t| to be held. Default: the compiler chooses').optional(),
  })
    .optional()
    .describe('eligibility tag of each synapse'),
  parameters: z
    .record(identifier(), z.union([number('a number'), time('a time')], { error: 'a number or a time' }), {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? 'a name of letters, digits and _, not beginning with a digit'
          : 'an object: parameters by name',
    })
    .optional()
    .describe('numbers and times with their defaults; each projection may set them for itself'),
});

/** Which rule, with what. Every other field is a parameter of the rule, checked against it. */
export const plasticity = z
  .object(
    {
      rule: name().describe("a named rule (stdp, rstdp, triplet, btsp), or one of the description's rules"),
      modulator: identifier().optional().describe('modulator that m stands for in the rule'),
      weightRange: z
        .tuple([number('lowest weight'), number('highest weight')], { error: 'a pair [lowest, highest]' })
        .describe('learning keeps the weights inside'),
    },
    { error: 'an object' },
  )
  .catchall(z.unknown().meta({ type: ['number', 'string'], description: 'parameter of the rule' }))
  .describe('how its weights learn. Left out: they do not');
