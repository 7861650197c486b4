import { emulatedChip } from '../targets/netduinoplus2/board.js';
import { testBoard } from './board.testing.js';
import { standard } from './framework/options.js';
import { exampleCases } from './lockstep/examples.js';
import { persistence } from './persistence/suite.js';

testBoard(emulatedChip('unix'), {
  options: { ...standard, exampleTicks: 5_000, frames: 500, mutations: 100, soak: 5 },
  notApplicable: [
    'sequence numbers wrap',
    // The port has no memory that outlives it.
    ...persistence.cases.map(({ name }) => name),
    // Its image is larger than the board's room for one.
    ...exampleCases.map(({ name }) => name).filter((name) => name.includes('cue-accumulation')),
  ],
});
