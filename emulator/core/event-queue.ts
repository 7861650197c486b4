import { type ControlEvent, compareControl } from './control.js';
import { SpikeList } from './spike-list.js';
import { TickHeap } from './tick-heap.js';

const mostSpare = 1024;

/** Events stamped with ticks to come. Belongs to the host side of the core: it is neither hashed nor saved. */
export class EventQueue {
  /** Spikes and events that wait. */
  size = 0;
  readonly #spikes = new Map<number, SpikeList>();
  readonly #rewards = new Map<number, Map<number, number>>();
  readonly #control = new Map<number, ControlEvent[]>();
  /** Ticks that have events, or had. */
  readonly #ticks = new TickHeap();
  /** By input line, the last tick it was given a spike for: one for a later tick is surely the first there. */
  readonly #latest: Float64Array;
  /** Lists to be used again. */
  readonly #spare: SpikeList[] = [];

  /** For so many input lines. */
  constructor(lines: number) {
    this.#latest = new Float64Array(lines).fill(-1);
  }

  /** The first tick, `from` or later, that has events; Infinity if none has. */
  nextTick(from: number): number {
    while (this.#ticks.least < from) this.#ticks.removeLeast();
    return this.#ticks.least;
  }

  /** Gives the number of lines that already spike in that tick, and are left out. */
  addSpikes(tick: number, lines: Uint32Array, count: number): number {
    let list = this.#spikes.get(tick);
    if (list === undefined) {
      list = this.#spare.pop() ?? new SpikeList();
      list.clear();
      this.#spikes.set(tick, list);
      this.#ticks.add(tick);
    }
    const latest = this.#latest;
    const before = list.count;
    list.reserve(count);
    const own = list.lines;
    for (let n = 0; n < count; n++) {
      const line = lines[n]!;
      if (tick > latest[line]!) latest[line] = tick;
      else if (list.has(line)) continue;
      own[list.count++] = line;
    }
    const added = list.count - before;
    this.size += added;
    return count - added;
  }

  addReward(tick: number, channel: number, value: number): void {
    const rewards = this.#at(this.#rewards, tick, () => new Map<number, number>());
    if (!rewards.has(channel)) this.size++;
    rewards.set(channel, (rewards.get(channel) ?? 0) + value);
  }

  addControl(tick: number, event: ControlEvent): void {
    this.#at(this.#control, tick, () => []).push(event);
    this.size++;
  }

  /** Input lines that spike in a tick; the list is used again when spikes are next added. */
  takeSpikes(tick: number): SpikeList | undefined {
    const list = take(this.#spikes, tick);
    if (list === undefined) return undefined;
    this.size -= list.count;
    if (this.#spare.length < mostSpare) this.#spare.push(list);
    return list;
  }

  takeRewards(tick: number): ReadonlyMap<number, number> | undefined {
    const rewards = take(this.#rewards, tick);
    this.size -= rewards?.size ?? 0;
    return rewards;
  }

  /** In the order in which they act. */
  takeControl(tick: number): readonly ControlEvent[] {
    const events = take(this.#control, tick);
    this.size -= events?.length ?? 0;
    return events?.sort(compareControl) ?? [];
  }

  /** Everything stamped `tick` is stamped `later` instead. Gives the number of spikes that met one of their line there. */
  putOff(tick: number, later: number): number {
    let merged = 0;
    const spikes = this.takeSpikes(tick);
    if (spikes) merged = this.addSpikes(later, spikes.lines.slice(0, spikes.count), spikes.count);
    for (const [channel, value] of this.takeRewards(tick) ?? []) this.addReward(later, channel, value);
    for (const event of this.takeControl(tick)) this.addControl(later, event);
    return merged;
  }

  clear(): void {
    for (const queue of [this.#spikes, this.#rewards, this.#control]) queue.clear();
    this.#ticks.clear();
    this.#latest.fill(-1);
    this.size = 0;
  }

  #at<V>(map: Map<number, V>, tick: number, make: () => V): V {
    let value = map.get(tick);
    if (value === undefined) {
      value = make();
      map.set(tick, value);
      this.#ticks.add(tick);
    }
    return value;
  }
}

function take<V>(map: Map<number, V>, key: number): V | undefined {
  if (map.size === 0) return undefined;
  const value = map.get(key);
  if (value !== undefined) map.delete(key);
  return value;
}
