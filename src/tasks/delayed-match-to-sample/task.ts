import { defineTask } from '../task.js';
import { matchNetwork } from './network.js';
import { matchOptions } from './options.js';
import { playMatch } from './play.js';

/** The sample must be kept in mind until the test comes. */
export default defineTask({
  name: 'delayed-match-to-sample',
  summary: 'a sample, a delay, a test: the same or not? Learns only if the sample is kept in mind',
  options: matchOptions,
  network: matchNetwork,
  play: playMatch,
});
