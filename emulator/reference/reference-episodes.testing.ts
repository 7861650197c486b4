import type { Image } from '../../src/image/image.js';
import { key } from './reference-hash.testing.js';
import { state24 } from './reference-numbers.testing.js';

interface Spike {
  readonly offset: number;
  readonly unit: number;
}

interface Slot {
  spikes: Spike[];
  outcome: number;
  priority: number;
}

interface Link {
  readonly slot: number;
  readonly length: number;
}

const empty = (): Slot => ({ spikes: [], outcome: 0, priority: 0 });

/** Section 13 of `docs/core.md`. */
export class ReferenceEpisodes {
  readonly #image: Image;
  readonly #record: Image['episodes'][number];
  #slots: Slot[];
  #head = 0;
  #openSince: number | null = null;
  readonly #counts = { recorded: 0, lost: 0, replayed: 0 };
  #replay: { from: number; links: Link[] } | null = null;

  constructor(image: Image) {
    this.#image = image;
    this.#record = image.episodes[0]!;
    this.#slots = Array.from({ length: this.#record.slots }, empty);
  }

  get trigger(): number {
    return this.#record.trigger;
  }

  get clear(): number {
    return this.#record.clear;
  }

  get total(): number {
    return this.#replay?.links.reduce((sum, { length }) => sum + length + this.#record.settle, 0) ?? 0;
  }

  #population(unit: number) {
    return this.#image.populations.find((p) => unit >= p.firstUnit && unit < p.firstUnit + p.size)!;
  }

  isRecorded(unit: number): boolean {
    return (this.#population(unit).flags & 6) !== 0;
  }

  close(): void {
    this.#openSince = null;
  }

  forget(): void {
    this.#slots = Array.from({ length: this.#record.slots }, empty);
    this.#head = 0;
    this.#openSince = null;
    this.#replay = null;
  }

  record(tick: number, units: readonly number[]): void {
    for (const unit of units.filter((one) => this.isRecorded(one)).sort((a, b) => a - b)) {
      if (this.#openSince === null && (this.#population(unit).flags & 4) === 0) continue;
      if (this.#openSince === null) {
        this.#slots[this.#head] = empty();
        this.#head = (this.#head + 1) % this.#record.slots;
        this.#openSince = tick;
        this.#counts.recorded++;
      }
      const { spikes } = this.#slots[(this.#head + this.#record.slots - 1) % this.#record.slots]!;
      if (spikes.length < this.#record.events) spikes.push({ offset: tick - this.#openSince, unit });
      else this.#counts.lost++;
    }
    if (this.#openSince !== null && tick - this.#openSince >= this.#record.duration - 1) this.close();
  }

  /** Slots from the newest episode to the oldest, without empty ones. */
  #fromNewest(): (number | null)[] {
    return this.#slots.map((_, k) => {
      const slot = (this.#head + 2 * this.#record.slots - 1 - k) % this.#record.slots;
      return this.#slots[slot]!.spikes.length === 0 ? null : slot;
    });
  }

  #urgent(taken: readonly number[]): number | null {
    const candidates = this.#fromNewest().filter(
      (slot): slot is number => slot !== null && !taken.includes(slot) && this.#slots[slot]!.priority > 0,
    );
    const most = Math.max(0, ...candidates.map((slot) => this.#slots[slot]!.priority));
    const found = candidates.find((slot) => this.#slots[slot]!.priority === most) ?? null;
    if (found !== null) this.#slots[found]!.priority = Math.floor(most / 2);
    return found;
  }

  #lengthOf(slot: number): number {
    return Math.floor(this.#slots[slot]!.spikes.at(-1)!.offset / 2 ** this.#record.speed) + 1;
  }

  /** False if there is nothing to replay. */
  begin(tick: number, feedback: number | null, request: number | null): boolean {
    this.close();
    const asked = request ?? 0;
    const first = asked === 65535 ? this.#urgent([]) : (this.#fromNewest()[asked] ?? null);
    if (first === null) return false;
    if (feedback !== null) {
      this.#slots[first]!.outcome = state24(feedback);
      this.#slots[first]!.priority = Math.abs(state24(feedback));
    }
    const slots = [first];
    for (let n = 0; n < this.#record.earlier; n++) {
      const next = this.#urgent(slots);
      if (next === null) break;
      slots.push(next);
    }
    this.#replay = { from: tick, links: slots.map((slot) => ({ slot, length: this.#lengthOf(slot) })) };
    this.#counts.replayed += slots.length;
    return true;
  }

  /** What a tick of a replay does; null outside one. */
  at(tick: number) {
    if (this.#replay === null) return null;
    const { from, links } = this.#replay;
    let r = tick - from - 1;
    const ends = r + 1 === this.total;
    for (const { slot, length } of links) {
      const whole = length + this.#record.settle;
      if (r < whole) {
        const { spikes, outcome } = this.#slots[slot]!;
        const last = spikes.at(-1)!.offset;
        const happens = spikes
          .filter(({ offset }) => {
            const place = this.#record.flags & 1 ? last - offset : offset;
            return r < length && Math.floor(place / 2 ** this.#record.speed) === r;
          })
          .map(({ unit }) => unit);
        const units = new Set(happens);
        return { units, ends, linkEnds: r + 1 === whole, outcome: r === length - 1 ? outcome : null };
      }
      r -= whole;
    }
    throw new Error('a replay has ended without its end');
  }

  end(): void {
    this.#replay = null;
  }

  hashEntries(): [number, number][] {
    const links = this.#replay?.links ?? [];
    const { recorded, lost, replayed } = this.#counts;
    const words = [
      this.#head,
      this.#openSince === null ? 0 : 1,
      this.#openSince ?? 0,
      recorded,
      lost,
      replayed,
      this.total,
      this.#replay?.from ?? 0,
      links.length,
      ...links.map(({ slot }) => slot),
    ];
    return [
      ...words.map((value, n): [number, number] => [key(128, n), value]),
      ...this.#slots.flatMap(({ spikes, outcome, priority }, s): [number, number][] => [
        [key(129, s), spikes.length],
        [key(130, s), outcome],
        [key(131, s), priority],
        ...spikes.map(({ offset, unit }, n): [number, number] => [
          key(132, s * this.#record.events + n),
          (offset * 2 ** 20 + unit) | 0,
        ]),
      ]),
    ];
  }
}
