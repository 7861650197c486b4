import { defineTask } from '../task.js';
import { reversalNetwork } from './network.js';
import { reversalOptions } from './options.js';
import { playReversal } from './play.js';

/** Which of several past choices earned the outcome that comes now. */
export default defineTask({
  name: 'reversal',
  summary: 'outcomes come late and among other choices: which past choice earned which?',
  options: reversalOptions,
  network: reversalNetwork,
  play: playReversal,
});
