import { EngramError } from '../errors/engram-error.js';
import type { Image } from '../image/image.js';
import type { LoopBoard } from './play.js';
import type { Recording } from './recording.js';
import type { SpikeRecord } from './task.js';

/** Ticks that are run past the last event of a recording where nobody says how many. */
const ticksAfterLast = 100;
/** A run is parted where more output spikes than this would be held at once. */
const spikesAtOnce = 500_000;

export interface PlayRecordingOptions {
  readonly ticks: number;
  readonly signal?: AbortSignal | undefined;
  /** Gets the output spikes, in order, in one or more parts. */
  readonly onSpikes: (spikes: SpikeRecord) => void;
}

/** Ticks that a recording takes: to 100 past its last event. */
export function recordingTicks({ ticks, rewards }: Recording): number {
  const last = [...ticks, ...rewards.map(({ tick }) => tick)].reduce((max, tick) => Math.max(max, tick), 0);
  return last + ticksAfterLast;
}

/**
 * Plays recorded input on a board that holds `image`, ticks counted from its present one, in lockstep.
 * Throws E0804 if it rewards a modulator that the network lacks, E0708 if aborted, and whatever the link throws.
 */
export async function playRecording(
  board: LoopBoard,
  image: Image,
  recording: Recording,
  { ticks, signal, onSpikes }: PlayRecordingOptions,
): Promise<void> {
  const start = board.tick;
  const rewards = rewardEvents(image, recording, start);
  await board.sendSpikes(
    recording.ticks.map((tick) => start + tick),
    recording.units,
  );
  if (rewards.length > 0) await board.reward(rewards);
  let left = ticks;
  let part = 1000;
  while (left > 0) {
    const now = Math.min(left, part);
    const { spikes } = await board.run(now, signal ? { signal } : {});
    onSpikes(spikes);
    left -= now;
    part = Math.max(1, Math.min(part * 8, Math.floor((now / (spikes.count + 1)) * spikesAtOnce)));
  }
}

function rewardEvents(image: Image, { rewards }: Recording, start: number) {
  const channels = image.host.modulators.map(({ name }) => name);
  return rewards.map(({ tick, modulator, value }) => {
    const channel = channels.indexOf(modulator);
    if (channel >= 0) return { tick: start + tick, channel, value };
    throw new EngramError(
      'E0804',
      `the recording rewards modulator '${modulator}', which the network does not have`,
      { facts: [['modulators', channels.join(', ') || 'none']] },
    );
  });
}
