import { suite } from '../framework/suite.js';
import { inputCases } from './input.js';
import { limitCases } from './limits.js';
import { paceCases } from './pace.js';

/** Ticks by the board's own clock: pace, input ahead and late, overruns, losses. */
export const realtime = suite('realtime', 'ticks by the board’s own clock', [
  ...paceCases,
  ...inputCases,
  ...limitCases,
]);
