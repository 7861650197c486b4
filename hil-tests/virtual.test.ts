import { loadTarget } from '../src/compiler/load-target.js';
import { virtualKind } from '../src/runtime/virtual-board-kind.js';
import { testBoard } from './board.testing.js';
import { standard } from './framework/options.js';
import { persistence } from './persistence/suite.js';

testBoard(virtualKind(loadTarget('pico')), {
  options: { ...standard, soak: 5 },
  notApplicable: [
    'an image that needs more memory than there is, is refused',
    // It has no memory that outlives it.
    ...persistence.cases.map(({ name }) => name),
  ],
});
