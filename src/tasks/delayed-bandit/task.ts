import { defineTask } from '../task.js';
import { banditNetwork } from './network.js';
import { banditOptions } from './options.js';
import { playBandit } from './play.js';

/** Which action is right depends on the cue; reward comes seconds after the choice. */
export default defineTask({
  name: 'delayed-bandit',
  summary: 'contexts and actions, reward comes late; learns only if a synapse remembers what it did',
  options: banditOptions,
  network: banditNetwork,
  play: playBandit,
});
