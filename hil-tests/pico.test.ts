import { emulatedPico } from '../targets/pico/board.js';
import { testBoard, testWays } from './board.testing.js';
import { standard } from './framework/options.js';

const kind = emulatedPico();

/** The shipped binary, instruction by instruction. A few trials of each example; all of them: docs/hil.md. */
testBoard(kind, {
  options: {
    ...standard,
    networks: 20,
    ticks: 200,
    exampleTicks: 5_000,
    hashEvery: 16,
    frames: 500,
    mutations: 100,
    powerCuts: 100,
    soak: 5,
  },
  notApplicable: ['sequence numbers wrap'],
});
testWays(kind, ['webusb']);
