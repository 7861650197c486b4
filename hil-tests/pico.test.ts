import { emulatedPico } from '../targets/pico/board.js';
import { testBoard, testWays } from './board.testing.js';
import { standard } from './framework/options.js';

const kind = emulatedPico();

/** The shipped binary, instruction by instruction. The example learns to its end; a hash a tick would take ten minutes. */
testBoard(kind, {
  options: {
    ...standard,
    exampleTicks: 0,
    hashEvery: 256,
    frames: 500,
    mutations: 100,
    powerCuts: 100,
    soak: 5,
  },
  notApplicable: ['sequence numbers wrap'],
});
testWays(kind, ['webusb']);
