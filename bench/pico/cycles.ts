import { compile } from '../../src/compiler/compile.js';
import type { Target } from '../../src/compiler/target.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import type { Board } from '../../src/runtime/board.js';

/** What happens to a network while its cycles are counted. */
export interface Drive {
  /** Input units that spike in this tick. */
  spikes(tick: number): Iterable<number>;
  /** Reward of channel 0 in this tick. */
  reward?(tick: number): number;
  /** Ticks that run before counting begins. */
  readonly before: number;
  readonly ticks: number;
}

export interface Count {
  /** Mean cycles of a tick, by the board's own counter. */
  readonly mean: number;
  readonly worst: number;
  /** Output spikes a tick. */
  readonly spikes: number;
}

/** Cycles a tick takes, as the firmware counts them (STATISTICS), of everything between two ticks' waits. */
export async function countCycles(
  board: Board,
  target: Target,
  description: NetworkDescription,
  drive: Drive,
): Promise<Count> {
  await board.load(compile(resolveNetwork(description), target).image, { skipSame: true });
  await board.reset();
  await advance(board, drive, 0, drive.before);
  await board.clearStatistics();
  await advance(board, drive, drive.before, drive.before + drive.ticks);
  const { ticks, cyclesLow, cyclesHigh, worstTickCycles, spikesOut } = await board.statistics();
  return {
    mean: (cyclesHigh * 2 ** 32 + cyclesLow) / ticks,
    worst: worstTickCycles,
    spikes: spikesOut / ticks,
  };
}

/** Few ticks at a time: a board queues about a thousand events. */
async function advance(board: Board, { spikes, reward }: Drive, from: number, to: number): Promise<void> {
  const capacity = 800;
  for (let start = from; start < to; ) {
    const ticks: number[] = [];
    const units: number[] = [];
    const rewards: { tick: number; channel: number; value: number }[] = [];
    let end = start;
    for (; end < to; end++) {
      const now = [...spikes(end)];
      if (end > start && ticks.length + now.length + rewards.length > capacity) break;
      for (const unit of now) {
        ticks.push(end);
        units.push(unit);
      }
      const value = reward?.(end) ?? 0;
      if (value !== 0) rewards.push({ tick: end, channel: 0, value });
    }
    await board.sendSpikes(ticks, units);
    if (rewards.length > 0) await board.reward(rewards);
    await board.run(end - start);
    start = end;
  }
}
