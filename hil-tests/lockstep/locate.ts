import { Machine } from '../../emulator/core/machine.js';
import { scriptPart } from '../replay/script.js';
import { stateDifferences } from './differences.js';
import type { Mismatch } from './mismatch.js';
import { playOnBoard, playOnMachine } from './play-script.js';
import type { Segment, SideBySide } from './side-by-side.js';

/** A way to bring the board to a tick once more. */
interface Rewind {
  readonly rerun: Mismatch['rerun'];
  readonly fromTick: number;
  readonly checkpoint: Uint8Array | null;
  board(tick: number): Promise<void>;
}

/**
 * The tick in which the states parted, by bisection over state hashes, and what is different then. They were equal
 * before tick `from` and differ before tick `to`. The board is run again from the checkpoint of the segment or, if it
 * does not do it again from there, from the state of the image.
 */
export async function locate(
  pair: SideBySide,
  segment: Segment,
  from: number,
  to: number,
): Promise<Mismatch> {
  const { board, machine, recorded, capacity } = pair;
  const later = await stateDifferences(board, machine);
  const ways: Rewind[] = [
    {
      rerun: 'from a checkpoint',
      fromTick: segment.start,
      checkpoint: segment.checkpoint,
      async board(tick) {
        await board.restore(segment.checkpoint);
        // What was written to the state at its start is in the checkpoint.
        await playOnBoard(board, { ...recorded, writes: [] }, tick, capacity);
      },
    },
    {
      rerun: 'from the start',
      fromTick: 0,
      checkpoint: null,
      async board(tick) {
        await board.reset();
        await playOnBoard(board, recorded, tick, capacity);
      },
    },
  ];
  for (const way of ways) {
    const tick = await bisect(pair, segment, way, from, to);
    if (tick === null) continue;
    await way.board(tick);
    const { rerun, fromTick, checkpoint } = way;
    const differences = await stateDifferences(board, emulatorAt(pair, segment, tick));
    const all = scriptPart(recorded, fromTick, tick);
    const input = checkpoint ? { ...all, writes: [] } : all;
    return { tick: tick - 1, differences, rerun, readAfter: tick - 1, fromTick, checkpoint, input };
  }
  return {
    tick: to - 1,
    differences: later,
    rerun: 'not again',
    readAfter: machine.tick - 1,
    fromTick: 0,
    checkpoint: null,
    input: scriptPart(recorded, 0, machine.tick),
  };
}

/** The first tick before which the states differ; null if they are equal at `to` this time. */
async function bisect(
  pair: SideBySide,
  segment: Segment,
  way: Rewind,
  from: number,
  to: number,
): Promise<number | null> {
  const differsAt = async (tick: number) => {
    await way.board(tick);
    return (await pair.board.stateHash()) !== emulatorAt(pair, segment, tick).stateHash();
  };
  if (!(await differsAt(to))) return null;
  let [equal, different] = [from, to];
  while (different - equal > 1) {
    const middle = equal + ((different - equal) >>> 1);
    if (await differsAt(middle)) different = middle;
    else equal = middle;
  }
  return different;
}

/** The emulator, run again from the start of the segment. */
function emulatorAt({ test, recorded }: SideBySide, { checkpoint }: Segment, tick: number): Machine {
  const machine = new Machine(test.image);
  machine.restore(checkpoint);
  playOnMachine(machine, { ...recorded, writes: [] }, tick);
  return machine;
}
