import { suite } from '../framework/suite.js';
import { noisyLineCases } from './noisy-line.js';
import { rateCases } from './rates.js';
import { roundTripCases } from './round-trips.js';

/** Spikes both ways at the pace that board and line allow; what is lost on the way comes again. */
export const streaming = suite('streaming', 'spikes in and out without a loss', [
  ...rateCases,
  ...roundTripCases,
  ...noisyLineCases,
]);
