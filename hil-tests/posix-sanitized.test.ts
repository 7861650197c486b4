import { posixKind } from '../targets/posix/board.js';
import { testBoard } from './board.testing.js';
import { standard } from './framework/options.js';

/** Whatever a sanitizer finds ends the board's process, and with it the case that made it do so. */
testBoard(posixKind('sanitized'), {
  options: { ...standard, exampleTicks: 5_000, frames: 10_000, mutations: 2_000, powerCuts: 30, soak: 5 },
});
