import { type ControlEvent, compareControl } from './control.js';

/** Events stamped with ticks to come. Belongs to the host side of the core: it is neither hashed nor saved. */
export class EventQueue {
  /** Spikes and events that wait. */
  size = 0;
  readonly #spikes = new Map<number, Set<number>>();
  readonly #rewards = new Map<number, Map<number, number>>();
  readonly #control = new Map<number, ControlEvent[]>();

  /** False if the unit already spikes in that tick. */
  addSpike(tick: number, unit: number): boolean {
    const units = getOrMake(this.#spikes, tick, () => new Set<number>());
    if (units.has(unit)) return false;
    units.add(unit);
    this.size++;
    return true;
  }

  addReward(tick: number, channel: number, value: number): void {
    const rewards = getOrMake(this.#rewards, tick, () => new Map<number, number>());
    if (!rewards.has(channel)) this.size++;
    rewards.set(channel, (rewards.get(channel) ?? 0) + value);
  }

  addControl(tick: number, event: ControlEvent): void {
    getOrMake(this.#control, tick, () => []).push(event);
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
    this.size = 0;
  }

  #counted<C extends { readonly size: number }>(taken: C | undefined): C | undefined {
    this.size -= taken?.size ?? 0;
    return taken;
  }
}

function getOrMake<V>(map: Map<number, V>, key: number, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function take<V>(map: Map<number, V>, key: number): V | undefined {
  if (map.size === 0) return undefined;
  const value = map.get(key);
  if (value !== undefined) map.delete(key);
  return value;
}
