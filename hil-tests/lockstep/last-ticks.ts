import { allPopulations, controlCodes } from '../../firmware-protocol/declaration/events.js';
import { checkpointHeaderLayout } from '../../src/image/checkpoint-layout.js';
import { crc32 } from '../../src/image/checksum.js';
import { recordBytes } from '../../src/image/layout.js';
import { readRecord, writeRecord } from '../../src/image/record.js';
import { same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor } from '../networks/for-target.js';
import { inputUnits } from '../networks/input-units.js';
import { replayNetwork } from '../networks/learning-core.js';
import { emptyScript } from '../replay/script.js';
import { Pair } from './pair.js';

/** The tick counter never gets beyond this, and this tick is never run. */
const endOfTime = 2 ** 32 - 1;
const { EPISODE, REPLAY } = controlCodes.value;

/** The same state at another tick. */
function atTick(checkpoint: Uint8Array, tick: number): Uint8Array {
  const bytes = checkpoint.slice();
  const view = new DataView(bytes.buffer);
  const header = { ...readRecord(checkpointHeaderLayout, view, 0), tick };
  const covered = bytes.subarray(0, recordBytes(checkpointHeaderLayout) - 4);
  writeRecord(checkpointHeaderLayout, view, 0, header);
  writeRecord(checkpointHeaderLayout, view, 0, { ...header, headerCrc: crc32(covered) });
  return bytes;
}

export const lastTicksCases: readonly HilCase[] = [
  {
    name: 'input that a replay puts off beyond the last tick waits without end, and keeps nothing back',
    seconds: 300,
    run,
  },
];

async function run(context: CaseContext): Promise<void> {
  const { limits, signal, options, target } = context;
  const test = compileFor(target, replayNetwork(options.seed, { settle: '0 ms', events: 9 }));
  const pair = await Pair.start({ board: await context.board(), test, ...limits, signal });
  const [unit = 0, other = 0] = inputUnits(test.image);
  // An episode of 41 ticks or more, as the neurons spike, and at most 51.
  await pair.put({
    ...emptyScript,
    spikes: [0, unit, 40, unit],
    controls: [[50, EPISODE, allPopulations, 0]],
  });
  await pair.run(100);
  const late = atTick(await pair.board.checkpoint(), endOfTime - 80);
  await pair.board.restore(late);
  pair.machine.restore(late);
  // The replay takes ticks 1 … 41 from here, or somewhat more: what is stamped 10 acts later, what is stamped 40 never.
  const start = pair.tick;
  await pair.put({
    ...emptyScript,
    spikes: [10, 40, 40, 41, 70, 72].flatMap((tick, n) => [start + tick, n % 2 ? unit : other]),
    rewards: [
      [start + 41, 0, 2 ** 20],
      [start + 71, 1, 2 ** 20],
    ],
    controls: [[start, REPLAY, allPopulations, 0]],
  });
  await pair.run(endOfTime - start);
  same(pair.machine.queued, 4, 'events that the emulator holds for ever');
  const { inputFree } = await pair.board.ping();
  same(limits.capacity - inputFree, pair.machine.queued, 'events that the board holds for ever');
}
