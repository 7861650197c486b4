import { type ControlEvent, compareControl } from './control.js';
import { TickHeap } from './tick-heap.js';

/** Events stamped with ticks to come. Belongs to the host side of the core: it is neither hashed nor saved. */
export class EventQueue {
  /** Spikes and events that wait. */
  size = 0;
  readonly #spikes = new Map<number, Set<number>>();
  readonly #rewards = new Map<number, Map<number, number>>();
  readonly #control = new Map<number, ControlEvent[]>();
  /** Ticks that have events, or had. */
  readonly #ticks = new TickHeap();

  /** The first tick, `from` or later, that has events; Infinity if none has. */
  nextTick(from: number): number {
    while (this.#ticks.least < from) this.#ticks.removeLeast();
    return this.#ticks.least;
  }

  /** False if the unit already spikes in that tick. */
  addSpike(tick: number, unit: number): boolean {
    const units = this.#at(this.#spikes, tick, () => new Set<number>());
    if (units.has(unit)) return false;
    units.add(unit);
    this.size++;
    return true;
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

  takeSpikes(tick: number): ReadonlySet<number> | undefined {
    return this.#counted(take(this.#spikes, tick));
  }

  takeRewards(tick: number): ReadonlyMap<number, number> | undefined {
    return this.#counted(take(this.#rewards, tick));
  }

  /** In the order in which they act. */
  takeControl(tick: number): readonly ControlEvent[] {
    const events = take(this.#control, tick);
    this.size -= events?.length ?? 0;
    return events?.sort(compareControl) ?? [];
  }

  /** Everything stamped `tick` is stamped `later` instead. Gives the number of spikes that met one of their unit there. */
  putOff(tick: number, later: number): number {
    let merged = 0;
    for (const unit of this.takeSpikes(tick) ?? []) if (!this.addSpike(later, unit)) merged++;
    for (const [channel, value] of this.takeRewards(tick) ?? []) this.addReward(later, channel, value);
    for (const event of this.takeControl(tick)) this.addControl(later, event);
    return merged;
  }

  clear(): void {
    for (const queue of [this.#spikes, this.#rewards, this.#control]) queue.clear();
    this.#ticks.clear();
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

  #counted<C extends { readonly size: number }>(taken: C | undefined): C | undefined {
    this.size -= taken?.size ?? 0;
    return taken;
  }
}

function take<V>(map: Map<number, V>, key: number): V | undefined {
  if (map.size === 0) return undefined;
  const value = map.get(key);
  if (value !== undefined) map.delete(key);
  return value;
}
