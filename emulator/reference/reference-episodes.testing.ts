import type { EpisodesRecord } from '../../src/image/image.js';
import { clear } from './reference-modulators.testing.js';
import { state24 } from './reference-numbers.testing.js';
import { type Board, populationOf, zeros } from './reference-state.testing.js';

export interface Slot {
  readonly events: { readonly offset: number; readonly unit: number }[];
  outcome: number;
  priority: number;
}

/** Where a tick of a replay is: its link, the position r inside it, its length L and whether it is the last. */
interface Position {
  readonly slot: Slot;
  readonly r: number;
  readonly length: number;
  readonly lastOfLink: boolean;
  readonly lastOfAll: boolean;
}

const emptySlot = (): Slot => ({ events: [], outcome: 0, priority: 0 });

/** Section 13. The words that say where a replay is are worked out anew in each tick, as the document does. */
export class ReferenceEpisodes {
  slots: Slot[];
  head = 0;
  open = 0;
  start = 0;
  recorded = 0;
  lost = 0;
  replayed = 0;
  total = 0;
  from = 0;
  links: number[] = [];
  readonly #board: Board;
  readonly #record: EpisodesRecord;

  constructor(board: Board, record: EpisodesRecord) {
    this.#board = board;
    this.#record = record;
    this.slots = Array.from({ length: record.slots }, emptySlot);
  }

  words(): number[] {
    const { head, open, start, recorded, lost, replayed, total, from, links } = this;
    const slots = [...links, ...zeros(8 - links.length)];
    return [head, open, start, recorded, lost, replayed, total, from, links.length, ...slots];
  }

  /** Null outside a replay. */
  position(): Position | null {
    if (this.total === 0) return null;
    let rest = this.#board.tick - this.from - 1;
    for (const [n, link] of this.links.entries()) {
      const slot = this.slots[link]!;
      const length = this.#length(slot);
      const span = length + this.#record.settle;
      if (rest < span) {
        const lastOfLink = rest === span - 1;
        return { slot, r: rest, length, lastOfLink, lastOfAll: lastOfLink && n === this.links.length - 1 };
      }
      rest -= span;
    }
    throw new Error('a replay goes on beyond its links');
  }

  /** The units F that spike in a tick of a replay. */
  spikesOf({ slot, r }: Position): Set<number> {
    const { speed, flags } = this.#record;
    const last = slot.events.at(-1)!.offset;
    const placed = slot.events.filter(
      ({ offset }) => Math.floor((flags & 1 ? last - offset : offset) / 2 ** speed) === r,
    );
    return new Set(placed.map(({ unit }) => unit));
  }

  /** "Record": the spikes of a tick that is not of a replay, rising. */
  record(units: readonly number[]): void {
    const { tick, image } = this.#board;
    if (this.total !== 0) return;
    for (const unit of units) {
      const { flags } = image.populations[populationOf(image, unit)]!;
      if (!(flags & 6) || (!this.open && !(flags & 4))) continue;
      if (!this.open) {
        this.slots[this.head] = emptySlot();
        this.head = (this.head + 1) % this.slots.length;
        this.open = 1;
        this.start = tick;
        this.recorded++;
      }
      const { events } = this.slots[this.#kthNewest(0)]!;
      if (events.length < this.#record.events) events.push({ offset: tick - this.start, unit });
      else this.lost++;
    }
    if (this.open && tick - this.start >= this.#record.duration - 1) this.close();
  }

  close(): void {
    this.open = 0;
    this.start = 0;
  }

  /** EPISODE 1. */
  empty(): void {
    this.slots = this.slots.map(emptySlot);
    Object.assign(this, { head: 0, open: 0, start: 0, total: 0, from: 0, links: [] });
  }

  /** "Feedback and start". */
  feedbackOrRequest(feedback: number | null, request: number | null): void {
    if (feedback === null && request === null) return;
    this.close();
    const first = request === 65535 ? this.#highest([]) : this.#existing(request ?? 0);
    if (first === null) {
      if (feedback !== null) this.#reward(feedback);
      return;
    }
    const links = [first];
    if (request === 65535) this.#halve(first);
    if (feedback !== null) {
      const slot = this.slots[first]!;
      slot.outcome = state24(feedback);
      slot.priority = Math.abs(slot.outcome);
    }
    for (let n = 0; n < this.#record.earlier; n++) {
      const next = this.#highest(links);
      if (next === null) break;
      this.#halve(next);
      links.push(next);
    }
    this.links = links;
    this.total = links.reduce((sum, link) => sum + this.#length(this.slots[link]!) + this.#record.settle, 0);
    this.from = this.#board.tick;
    this.replayed += links.length;
    clear(this.#board, 65535, this.#record.clear);
  }

  /** Step 5.4 of a tick of a replay. */
  goOn({ slot, r, length, lastOfLink, lastOfAll }: Position): void {
    if (r === length - 1 && this.#record.trigger !== 65535) this.#reward(slot.outcome);
    if (lastOfAll) Object.assign(this, { total: 0, from: 0, links: [] });
    else if (lastOfLink) clear(this.#board, 65535, this.#record.clear);
  }

  #reward(amount: number): void {
    const channel = this.#board.channels[this.#record.trigger]!;
    channel.m = state24(channel.m + amount);
  }

  #halve(slot: number): void {
    this.slots[slot]!.priority = this.slots[slot]!.priority >> 1;
  }

  #length({ events }: Slot): number {
    return Math.floor(events.at(-1)!.offset / 2 ** this.#record.speed) + 1;
  }

  #kthNewest(k: number): number {
    return (((this.head - 1 - k) % this.slots.length) + this.slots.length) % this.slots.length;
  }

  /** The k-th newest episode, if it exists. */
  #existing(k: number): number | null {
    if (k >= this.slots.length) return null;
    const slot = this.#kthNewest(k);
    return this.slots[slot]!.events.length === 0 ? null : slot;
  }

  /** The episode of highest priority that is none of `taken`, of equals the newest. */
  #highest(taken: readonly number[]): number | null {
    let best: number | null = null;
    for (let k = 0; k < this.slots.length; k++) {
      const slot = this.#existing(k);
      if (slot === null || taken.includes(slot)) continue;
      const { priority } = this.slots[slot]!;
      if (priority > (best === null ? 0 : this.slots[best]!.priority)) best = slot;
    }
    return best;
  }
}
