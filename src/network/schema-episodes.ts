import { z } from 'zod';
import { identifier, integer, name, object, time } from './schema-fields.js';

/** What CLEAR clears, by the bit of its argument (`docs/core.md`, section 8). */
export const clearBits = { membranes: 1, traces: 2, tags: 4, flying: 8, modulators: 16 } as const;
export type ClearName = keyof typeof clearBits;
const clearNames = Object.keys(clearBits) as ClearName[];

export const speeds = [1, 2, 4, 8, 16, 32, 64, 128] as const;

const populations = (description: string) =>
  z
    .array(name(), { error: 'a list of populations' })
    .min(1, { error: 'at least one population' })
    .describe(description);

/** The episodic buffer and its replay. */
export const episodes = object({
  record: populations('populations whose spikes are recorded and replayed'),
  opens: populations(
    'those of them with which an episode begins. Default: the inputs among them, else all',
  ).optional(),
  on: identifier()
    .optional()
    .describe('modulator whose reward events are the feedback that starts a replay. Default: none'),
  slots: integer(1, 256, 'episodes kept. Default: 8').optional(),
  events: integer(1, 4096, 'spikes of an episode at most. Default: 256').optional(),
  window: time('longest time from the first spike of an episode to its last: 1 to 4096 ticks'),
  settle: time(
    'quiet time after each replayed episode. Default: 4 times the time constant of the modulator',
  ).optional(),
  speed: z
    .union(
      speeds.map((speed) => z.literal(speed)),
      { error: `one of ${speeds.join(', ')}` },
    )
    .optional()
    .describe('how many times as fast as it was an episode is replayed. Default: 1'),
  order: z
    .enum(['forward', 'reverse'], { error: 'forward or reverse' })
    .optional()
    .describe('Default: forward'),
  earlier: integer(0, 7, 'earlier episodes replayed with each, by priority. Default: 0').optional(),
  clear: z
    .array(z.enum(clearNames, { error: `one of ${clearNames.join(', ')}` }), {
      error: 'a list of what is cleared',
    })
    .optional()
    .describe('what is cleared before each replayed episode. Default: traces, tags, flying'),
}).describe('buffer of recent episodes, replayed at feedback. Left out: none');
