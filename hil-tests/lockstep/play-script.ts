import type { Machine } from '../../emulator/core/machine.js';
import type { Board } from '../../src/runtime/board.js';
import { eventCount, type Script, scriptPart } from '../replay/script.js';

const rewardUnit = 2 ** 20;
const longestSegment = 1024;

/** Puts all of a script's events into a board's queue, and writes its state. */
export async function putOnBoard(board: Board, script: Script): Promise<void> {
  const { spikes, rewards, controls, writes } = script;
  for (const { core, variable, first, values } of writes)
    await board.writeState(core, variable, first, Int32Array.from(values));
  const ticks = new Uint32Array(spikes.length / 2);
  const units = new Uint32Array(spikes.length / 2);
  for (let n = 0; n < ticks.length; n++) {
    ticks[n] = spikes[2 * n]!;
    units[n] = spikes[2 * n + 1]!;
  }
  if (ticks.length > 0) await board.sendSpikes(ticks, units);
  if (rewards.length > 0)
    await board.reward(
      rewards.map(([tick, channel, value]) => ({ tick, channel, value: value / rewardUnit })),
    );
  if (controls.length > 0)
    await board.control(
      controls.map(([tick, code, population, argument]) => ({ tick, code, population, argument })),
    );
}

/** The same for the emulator. */
export function putInMachine(machine: Machine, { spikes, rewards, controls, writes }: Script): void {
  for (const { core, variable, first, values } of writes)
    machine.write(core, variable, first, Int32Array.from(values));
  for (let n = 0; n < spikes.length; n += 2) machine.addSpike(spikes[n]!, spikes[n + 1]!);
  for (const [tick, channel, value] of rewards) machine.addReward(tick, channel, value);
  for (const [tick, code, population, argument] of controls)
    machine.addControl(tick, code, population, argument);
}

/**
 * Where to pause on the way from `from` to `to`: at every write, and often enough that the events between fit the
 * board's queue.
 */
export function segmentEnd(script: Script, from: number, to: number, capacity: number): number {
  let end = Math.min(to, from + longestSegment);
  for (const { tick } of script.writes) if (tick > from && tick < end) end = tick;
  while (end - from > 1 && eventCount(scriptPart(script, from, end)) > capacity)
    end = from + ((end - from) >>> 1);
  return end;
}

/** Runs a board by a script, without looking at what comes of it. */
export async function playOnBoard(board: Board, script: Script, to: number, capacity: number): Promise<void> {
  for (let tick = board.tick; tick < to; ) {
    const end = segmentEnd(script, tick, to, capacity);
    await putOnBoard(board, scriptPart(script, tick, end));
    await board.run(end - tick);
    tick = end;
  }
}

/** Runs the emulator by a script. */
export function playOnMachine(machine: Machine, script: Script, to: number): void {
  while (machine.tick < to) {
    const end = segmentEnd(script, machine.tick, to, Number.POSITIVE_INFINITY);
    putInMachine(machine, scriptPart(script, machine.tick, end));
    machine.run(end - machine.tick);
  }
}
