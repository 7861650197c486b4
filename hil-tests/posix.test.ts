import { posixKind } from '../targets/posix/board.js';
import { testBoard, testWays } from './board.testing.js';
import { standard } from './framework/options.js';

const kind = posixKind('plain');

testBoard(kind, {
  suites: ['lockstep', 'persistence'],
  options: { ...standard, networks: 300, ticks: 400, exampleTicks: 50_000, powerCuts: 1_000 },
});
testWays(kind, ['tcp', 'pty']);
