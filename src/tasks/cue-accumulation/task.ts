import { defineTask } from '../task.js';
import { cueNetwork } from './network.js';
import { cueOptions } from './options.js';
import { playCues } from './play.js';

export default defineTask({
  name: 'cue-accumulation',
  summary: 'which side had more cues, asked after a delay: recurrent neurons learn by e-prop on the core',
  options: cueOptions,
  network: cueNetwork,
  play: (context) => playCues(context),
});
