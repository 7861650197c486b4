import { defineTask } from '../task.js';
import { distalNetwork } from './network.js';
import { distalOptions } from './options.js';
import { playDistal } from './play.js';

/** Izhikevich (2007): one synapse among many is rewarded, seconds after it did what the reward is for. */
export default defineTask({
  name: 'distal-reward',
  summary: 'a network fires at random; reward comes seconds after one synapse paired: which one was it?',
  options: distalOptions,
  network: distalNetwork,
  play: playDistal,
});
