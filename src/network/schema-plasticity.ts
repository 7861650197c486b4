import { z } from 'zod';
import { identifier, integer, name, number, object, positive, time, timeOrNone } from './schema-fields.js';

/** A modulator, or a channel of an error modulator. */
const channel = () => {
  const error = 'a modulator, or a channel of an error modulator such as "error[0]"';
  return z.string({ error }).regex(/^[A-Za-z_][A-Za-z0-9_]*(\[\d+\])?$/, { error });
};

export const modulator = object({
  tau: timeOrNone('time constant of its decay; "none": it adds up'),
  baseline: object({ events: integer(1, 65_536, 'reward events over which the mean runs, about') })
    .optional()
    .describe('a running mean of the rewards is taken off each reward. Left out: none'),
  error: object({
    population: name().describe(
      'the population whose membranes are taken off: one channel for each of its neurons',
    ),
    gate: identifier().optional().describe('modulator without which the error is 0. Default: none'),
  })
    .optional()
    .describe('target less membrane: the error of each neuron of a readout. Left out: an ordinary modulator'),
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

const tag = object({
  tau: tau.describe('time constant: a time, the name of a parameter that is one, or "none": no decay'),
  range: z
    .union([positive('largest |t| to be held'), identifier()], {
      error: 'a number above 0, or the name of a parameter',
    })
    .optional()
    .describe('largest |t| to be held, or the name of a parameter. Default: the compiler chooses'),
});

const equation = z.string({ error: 'an equation, such as "x1*y0 - 0.8*y1*x0"' });

/** A rule of the user's own; the notation is that of `docs/rules.md`. */
export const rule = object({
  dt: equation.optional().describe('change of the tag'),
  dt2: equation.optional().describe('change of the second tag'),
  dw: equation.optional().describe('change of the weight'),
  x1: trace.optional().describe('trace of the arrivals'),
  x2: trace.optional().describe('second trace of the arrivals'),
  y1: trace.optional().describe("trace of the neuron's spikes"),
  y2: trace.optional().describe("second trace of the neuron's spikes"),
  y3: trace.optional().describe("third trace of the neuron's spikes"),
  tag: tag.optional().describe('eligibility tag of each synapse'),
  tag2: tag.optional().describe('second tag of each synapse'),
  sweep: tau
    .optional()
    .describe(
      'how often products without event, modulator and l are visited, at least: a time, or a parameter that is one. Default: as the tag',
    ),
  averaging: tau
    .optional()
    .describe(
      'how often products with a modulator or l, which are averaged in between, are visited: up to 64 ticks. Default: a thirty-second of the tag',
    ),
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
      rule: name().describe("a named rule (docs/rules.md), or one of the description's rules"),
      modulator: channel().optional().describe('modulator that m stands for in the rule'),
      weightRange: z
        .tuple([number('lowest weight'), number('highest weight')], { error: 'a pair [lowest, highest]' })
        .describe('learning keeps the weights inside'),
    },
    { error: 'an object' },
  )
  .catchall(z.unknown().meta({ type: ['number', 'string'], description: 'parameter of the rule' }))
  .describe('how its weights learn. Left out: they do not');
