import { EngramError, isEngramError } from '../../src/errors/engram-error.js';
import { readImage } from '../../src/image/read.js';
import { Board } from '../../src/runtime/board.js';
import { awaitHost } from '../framework/await-host.js';
import type { TestDevice } from '../framework/device.js';
import { Pair } from '../lockstep/pair.js';
import { type Difference, differenceText, fromBase64, type Replay } from './replay.js';

/** How the board fared this time. */
export interface ReplayResult {
  readonly outcome: 'agrees' | 'same difference' | 'another difference';
  /** The tick in which it parted this time; null if it did not. */
  readonly tick: number | null;
  readonly differences: readonly Difference[];
  readonly expected: Replay['expected'];
}

/** Runs a difference again. Throws E0705 where the image is for another target than the board. */
export async function runReplay(
  device: TestDevice,
  replay: Replay,
  signal?: AbortSignal,
): Promise<ReplayResult> {
  const bytes = fromBase64(replay.image);
  const host = await awaitHost(device, { signal, restarted: false });
  const { inputCapacity: capacity, probes } = await host.expectReply('INFO', {}, 'INFO_REPLY');
  await host.close();
  const board = await Board.connect(await device.connect(), signal ? { signal } : {});
  const { expected } = replay;
  try {
    const test = { bytes, image: readImage(bytes) };
    const pair = await Pair.start(
      { board, test, capacity, probes, ...(signal ? { signal } : {}) },
      replay.checkpoint === null ? null : fromBase64(replay.checkpoint),
    );
    await pair.play(replay.input, replay.fromTick + replay.ticks);
    return { outcome: 'agrees', tick: null, differences: [], expected };
  } catch (error) {
    if (!isEngramError(error, 'E1002')) throw error;
    const { tick, differences } = error.context as Pick<ReplayResult, 'differences'> & { tick: number };
    const same =
      tick === expected.tick && JSON.stringify(differences) === JSON.stringify(expected.differences);
    return { outcome: same ? 'same difference' : 'another difference', tick, differences, expected };
  } finally {
    await board.close();
  }
}

/** What a replay that did not agree ends a command with. */
export function replayFailure({ outcome, tick, differences, expected }: ReplayResult): EngramError {
  const [first] = differences;
  const [was] = expected.differences;
  return new EngramError(
    'E1002',
    `tick ${tick}: ${first ? differenceText(first) : 'the state hashes differ'}`,
    {
      facts: [
        [
          'this is',
          outcome === 'same difference'
            ? 'the difference of the file'
            : 'another difference than that of the file',
        ],
        ...(outcome === 'same difference' || !was
          ? []
          : [['the file', `tick ${expected.tick}: ${differenceText(was)}`] as const]),
        ...differences.slice(1).map((one) => ['also', differenceText(one)] as const),
      ],
      context: { outcome, tick, differences, expected },
    },
  );
}
