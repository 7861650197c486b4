import { z } from 'zod';
import { defaults } from './defaults.js';
import { episodes } from './schema-episodes.js';
import { identifier, integer, name, object, record, time } from './schema-fields.js';
import { modulator, plasticity, rule } from './schema-plasticity.js';
import { population } from './schema-populations.js';
import { connect, delays, values } from './schema-values.js';

const slice = (description: string) =>
  z.string({ error: 'a population, or a slice such as "action[0:5]"' }).describe(description);

export const projection = object({
  from: slice('source: a population, or a half-open slice of it, "context[0:10]"'),
  to: slice('target: likewise'),
  connect: connect.optional(),
  weight: values("in units of the target's membrane; given values stand in the order of the pairs"),
  delay: delays.optional(),
  plasticity: plasticity.optional(),
  feedback: identifier()
    .optional()
    .describe(
      'error modulator of its target population: the errors come back through these weights as learning signals of its sources',
    ),
  silent: z
    .boolean({ error: 'true or false' })
    .optional()
    .describe('true: its spikes do not move the membrane. Default: false'),
});

export const probeVariables = {
  population: ['spikes', 'v', 'i', 'refractory', 'adaptation', 'y1', 'y2', 'y3'],
  projection: ['weight', 'tag', 'tag2'],
} as const;

export const probe = object({
  of: name().describe('the population, or for weight, tag and tag2 the projection'),
  variable: z
    .enum([...probeVariables.population, ...probeVariables.projection], {
      error: `one of ${[...probeVariables.population, ...probeVariables.projection].join(', ')}`,
    })
    .describe('what is recorded'),
  neurons: z
    .string({ error: 'a slice, such as "0:5"' })
    .optional()
    .describe('half-open slice of the population, "0:5". Default: all'),
  every: time('time between samples. Default: one tick').optional(),
});

/** The description of a network: the one source of its types, its checks and its JSON Schema. */
export const networkSchema = object({
  $schema: z.string({ error: 'a string' }).optional().describe('for editors'),
  engram: z.literal(1, { error: '1' }).describe('version of this format'),
  name: name().describe('name of the network'),
  tick: time(`model time of a tick, 10 us to 1 s. Default: ${defaults.tick}`).optional(),
  seed: integer(0, 2 ** 32 - 1, `all random choices follow from it. Default: ${defaults.seed}`).optional(),
  populations: record(name(), population).describe('neurons and input lines; their order numbers the units'),
  modulators: record(identifier(), modulator).optional().describe('global signals, such as reward'),
  rules: record(name(), rule).optional().describe("learning rules of one's own"),
  projections: record(name(), projection).optional().describe('synapses between populations'),
  episodes: episodes.optional(),
  probes: record(name(), probe).optional().describe('what is recorded while the network runs'),
}).describe('A network for engram');
