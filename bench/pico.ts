import { loadTarget } from '../src/compiler/load-target.js';
import { Board } from '../src/runtime/board.js';
import { boardKinds } from '../targets/pico/board.js';
import { measureCapacity } from './pico/capacity.js';
import { measureErrors } from './pico/errors.js';
import { measureEvents } from './pico/events.js';
import { measureExamples } from './pico/examples.js';
import { measureLink } from './pico/link.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:pico`: what things cost on the RP2040, by the processor's own cycle counter in the shipped firmware,
 * read over the protocol. The chip is emulated, instruction by instruction.
 */
const kind = boardKinds[0]!;
const missing = await kind.unavailable();
if (missing !== null) {
  process.stderr.write(`${missing}\n`);
  process.exit(5);
}
const target = loadTarget(kind.target);
const started = await kind.start();
const board = await Board.connect(await started.connect());
const rows: Row[] = [];
const say = (text: string) => {
  if (!process.argv.includes('--json')) process.stderr.write(`${text}\n`);
};
try {
  say('cycles of events …');
  rows.push(...(await measureEvents(board, target)));
  say('cycles of learning from errors …');
  rows.push(...(await measureErrors(board, target)));
  say('examples …');
  rows.push(...(await measureExamples(board, target)));
  say('link …');
  rows.push(...(await measureLink(board, target, async () => (await started.cycles())! / target.clockHz)));
  say('capacity …');
  rows.push(...(await measureCapacity(board, target)));
} finally {
  await board.close();
  await started.close();
}
printRows(rows);
