import type { SpikeColumns } from '../../firmware-protocol/codec/spike-columns.js';
import { unpackSpikes } from '../../firmware-protocol/codec/spikes.js';
import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { allPopulations, controlCodes } from '../../firmware-protocol/declaration/events.js';
import type { Frame } from '../../firmware-protocol/framing/frame.js';
import type { BoardCounters } from './counters.js';
import type { LoadedImage } from './loaded-image.js';
import { Refusal } from './refusal.js';

/** Spikes and events the queue holds. */
export const inputCapacity = 1 << 20;

/** Where input goes and how lateness is treated. */
export interface InputTarget {
  readonly loaded: LoadedImage;
  readonly counters: BoardCounters;
  /** In real time a late event is applied at the next tick; otherwise it is refused. */
  readonly realtime: boolean;
}

export function inputFree({ machine }: LoadedImage): number {
  return Math.max(0, inputCapacity - machine.queued);
}

/** SPIKES_IN: taken whole or refused whole. `spikes`: columns to work with. */
export function takeSpikes(frame: Frame, target: InputTarget, spikes: SpikeColumns): void {
  const { machine } = target.loaded;
  spikes.count = 0;
  const finding = unpackSpikes(frame, spikes);
  if (finding !== null) throw new Refusal(finding.error, 0, finding.text);
  const { count, ticks, units } = spikes;
  checkRoom(target, count);
  for (let n = 0; n < count; n++) {
    checkTick(target, ticks[n]!);
    if (!machine.isInput(units[n]!)) throw new Refusal('UNKNOWN_UNIT', units[n]!);
  }
  for (let from = 0, to = 0; from < count; from = to) {
    const tick = ticks[from]!;
    while (to < count && ticks[to] === tick) to++;
    const at = onTime(target, tick, to - from);
    if (to - from === 1) machine.addSpike(at, units[from]!);
    else machine.addSpikes(at, units.subarray(from, to));
  }
}

/** REWARD: taken whole or refused whole. */
export function takeRewards({ events }: MessageFields<'REWARD'>, target: InputTarget): void {
  const { machine, image } = target.loaded;
  checkRoom(target, events.length);
  for (const { tick, channel } of events) {
    checkTick(target, tick);
    if (channel >= image.modulators.length) throw new Refusal('UNKNOWN_CHANNEL', channel);
  }
  for (const { tick, channel, value } of events) machine.addReward(onTime(target, tick), channel, value);
}

/** CONTROL: taken whole or refused whole. */
export function takeControl({ events }: MessageFields<'CONTROL'>, target: InputTarget): void {
  const { machine, image } = target.loaded;
  const codes: readonly number[] = Object.values(controlCodes.value);
  checkRoom(target, events.length);
  for (const { tick, code, population } of events) {
    checkTick(target, tick);
    if (!codes.includes(code)) throw new Refusal('UNKNOWN_CONTROL', code);
    if (population !== allPopulations && population >= image.populations.length)
      throw new Refusal('UNKNOWN_POPULATION', population);
  }
  for (const { tick, code, population, argument } of events)
    machine.addControl(onTime(target, tick), code, population, argument);
}

function checkRoom({ loaded }: InputTarget, events: number): void {
  const free = inputFree(loaded);
  if (events > free) throw new Refusal('QUEUE_FULL', free);
}

function checkTick({ loaded, realtime }: InputTarget, tick: number): void {
  if (!realtime && tick < loaded.machine.tick) throw new Refusal('TICK_PAST', loaded.machine.tick);
}

/** Tick at which so many events act; late ones are counted. */
function onTime({ loaded, counters }: InputTarget, tick: number, events = 1): number {
  if (tick >= loaded.machine.tick) return tick;
  counters.lateEvents += events;
  return loaded.machine.tick;
}
