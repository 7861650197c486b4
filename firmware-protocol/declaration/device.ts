import { choices, text, u8, u32 } from './field.js';
import { stream } from './message.js';

export const logLevels = choices('LOG', {
  ERROR: [0, 'something failed'],
  WARNING: [1, 'something is not as it should be'],
  INFO: [2, 'something happened'],
  DEBUG: [3, 'for the authors of firmware'],
});

/** Words from the firmware. */
export const deviceMessages = {
  LOG: stream({
    id: 0xe0,
    doc: 'A line for a person. Never needed to understand the other messages.',
    fields: [
      u8('level', 'how bad', { set: logLevels }),
      u32('tick', 'next tick to run'),
      text('text', 160, 'the line, without line end; may be cut'),
    ],
  }),
} as const;
