import { missingCompiler } from '../targets/posix/build.js';
import { measureCodec } from './link/codec.js';
import { measureEmulator } from './link/emulator.js';
import { measureSession } from './link/session.js';
import { printRows } from './rows.js';

/**
 * `npm run bench:link`: spikes a second through the codec, and through a pseudo-terminal to a board in a process of its
 * own: the virtual board, and where there is a C compiler the firmware's core as a process.
 */
printRows([
  ...measureCodec(),
  ...measureEmulator(),
  ...(await measureSession('virtual')),
  ...(missingCompiler() === null ? await measureSession('posix') : []),
]);
