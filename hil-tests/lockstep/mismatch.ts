import { EngramError } from '../../src/errors/engram-error.js';
import type { TestImage } from '../networks/for-target.js';
import { base64, type Difference, differenceText, type Replay } from '../replay/replay.js';
import type { Script } from '../replay/script.js';

/** The first tick in which board and emulator parted, and how to get there again. */
export interface Mismatch {
  readonly tick: number;
  readonly differences: readonly Difference[];
  /** Whether the board did it again, and from where. */
  readonly rerun: 'from a checkpoint' | 'from the start' | 'not again' | 'not tried';
  /** The last tick run when the values were read: later than `tick` if the board did not do it again. */
  readonly readAfter: number;
  readonly fromTick: number;
  /** State to start from; null: that of the image. */
  readonly checkpoint: Uint8Array | null;
  readonly input: Script;
}

const listed = 20;

/** The error (E1002) of a mismatch, with its replay. */
export function differ({ bytes, image }: TestImage, mismatch: Mismatch): EngramError {
  const { tick, differences, rerun, readAfter, fromTick, checkpoint, input } = mismatch;
  const [first] = differences;
  const replay: Replay = {
    engram: 'replay',
    version: 1,
    target: image.host.target,
    network: image.host.name,
    image: base64(bytes),
    checkpoint: checkpoint && base64(checkpoint),
    fromTick,
    ticks: tick + 1 - fromTick,
    input,
    expected: { tick, differences: differences.slice(0, listed), count: differences.length },
  };
  const what = first
    ? differenceText(first)
    : 'the state hash differs, though every part of the state is the same';
  const when =
    readAfter === tick
      ? `tick ${tick}`
      : `tick ${tick}, which the board did not do again when run once more; after tick ${readAfter}`;
  return new EngramError('E1002', `${when}: ${what}`, {
    facts: [
      ['network', image.host.name],
      ['differs', `${differences.length} values`],
      ...differences.slice(1, listed).map((one) => ['also', differenceText(one)] as const),
    ],
    context: {
      tick,
      differences: differences.slice(0, listed),
      count: differences.length,
      rerun,
      readAfter,
      replay,
    },
  });
}
