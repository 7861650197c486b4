import type { EpisodesRecord, Image } from '../../src/image/image.js';
import {
  episodeFlags,
  episodeUnitBits,
  episodeWords,
  mostLinks,
  noChannel,
  populationFlags,
} from '../../src/image/layout.js';
import { sat24 } from './arithmetic.js';

/** Places of the buffer's words (`docs/core.md`, section 13). */
export const word = {
  head: 0,
  open: 1,
  start: 2,
  recorded: 3,
  lost: 4,
  replayed: 5,
  total: 6,
  from: 7,
  links: 8,
  link: 9,
} as const;

const unitMask = 2 ** episodeUnitBits - 1;
/** Argument of REPLAY: by priority. */
export const byPriority = 0xffff;

/** Where a tick of a replay stands. */
export interface ReplayPosition {
  readonly slot: number;
  /** Position inside the link, and the link's length without settling. */
  readonly at: number;
  readonly length: number;
  /** The next position is the first of another link. */
  readonly linkEnds: boolean;
  readonly ends: boolean;
}

/** The episodic buffer: recording, and the choice of what is replayed. */
export class Episodes {
  readonly record: EpisodesRecord;
  readonly words = new Uint32Array(episodeWords);
  readonly counts: Uint32Array;
  readonly outcomes: Int32Array;
  readonly priorities: Uint32Array;
  /** Spikes of slot s from s · events on: offset << 20 | unit; 0 beyond its count. */
  readonly events: Uint32Array;
  /** By population: 1 if its spikes are recorded. */
  readonly recorded: Uint8Array;
  readonly #opens: readonly boolean[];
  readonly #image: Image;

  constructor(record: EpisodesRecord, image: Image) {
    const { populations } = image;
    this.record = record;
    this.#image = image;
    this.counts = new Uint32Array(record.slots);
    this.outcomes = new Int32Array(record.slots);
    this.priorities = new Uint32Array(record.slots);
    this.events = new Uint32Array(record.slots * record.events);
    const { recorded, opens } = populationFlags;
    this.recorded = Uint8Array.from(populations, ({ flags }) => ((flags & (recorded | opens)) !== 0 ? 1 : 0));
    this.#opens = populations.map(({ flags }) => (flags & opens) !== 0);
  }

  emptyCopy(): Episodes {
    return new Episodes(this.record, this.#image);
  }

  /** True for a unit of a recorded population. */
  holdsUnit(unit: number): boolean {
    return this.recorded[this.#populationOf(unit)] === 1;
  }

  /** Number of a unit's population; −1 if there is none. */
  #populationOf(unit: number): number {
    return this.#image.populations.findIndex(
      ({ firstUnit, size }) => unit >= firstUnit && unit < firstUnit + size,
    );
  }

  /** The arrays of the state, in the order of a checkpoint. */
  get arrays(): readonly (Uint32Array | Int32Array)[] {
    return [this.words, this.counts, this.outcomes, this.priorities, this.events];
  }

  get trigger(): number | null {
    return this.record.trigger === noChannel ? null : this.record.trigger;
  }

  get replaying(): boolean {
    return this.words[word.total] !== 0;
  }

  get total(): number {
    return this.words[word.total]!;
  }

  isRecorded(population: number): boolean {
    return this.recorded[population] === 1;
  }

  reset(): void {
    for (const array of this.arrays) array.fill(0);
  }

  /** EPISODE 1. The counters go on. */
  forget(): void {
    const kept = this.words.slice(word.recorded, word.replayed + 1);
    this.reset();
    this.words.set(kept, word.recorded);
  }

  close(): void {
    this.words[word.open] = 0;
    this.words[word.start] = 0;
  }

  /** End of step 6: the spikes of recorded populations in this tick, units rising. */
  take(tick: number, units: Uint32Array): void {
    const { words, record } = this;
    for (const unit of units) {
      if (words[word.open] === 0) {
        if (!this.#opens[this.#populationOf(unit)]) continue;
        this.#open(tick);
      }
      const slot = (words[word.head]! + record.slots - 1) % record.slots;
      const count = this.counts[slot]!;
      if (count === record.events) {
        words[word.lost]!++;
        continue;
      }
      this.events[slot * record.events + count] =
        (((tick - words[word.start]!) << episodeUnitBits) | unit) >>> 0;
      this.counts[slot] = count + 1;
    }
    if (words[word.open] !== 0 && (tick - words[word.start]!) >>> 0 >= record.duration - 1) this.close();
  }

  #open(tick: number): void {
    const { words, record } = this;
    const slot = words[word.head]!;
    this.counts[slot] = 0;
    this.outcomes[slot] = 0;
    this.priorities[slot] = 0;
    this.events.fill(0, slot * record.events, (slot + 1) * record.events);
    words[word.head] = (slot + 1) % record.slots;
    words[word.open] = 1;
    words[word.start] = tick;
    words[word.recorded]!++;
  }

  /** Step 5.4 outside a replay. False if there is nothing to be replayed: then feedback goes to the modulator at once. */
  begin(tick: number, feedback: number | null, request: number | null): boolean {
    this.close();
    const { words, record } = this;
    const first = this.#first(request ?? 0);
    if (first === null) return false;
    if (feedback !== null) {
      this.outcomes[first] = sat24(feedback);
      this.priorities[first] = Math.abs(this.outcomes[first]!);
    }
    const links = [first];
    while (links.length < Math.min(mostLinks, 1 + record.earlier)) {
      const next = this.#mostUrgent(links);
      if (next === null) break;
      this.priorities[next] = this.priorities[next]! >>> 1;
      links.push(next);
    }
    words[word.from] = tick;
    words[word.links] = links.length;
    words[word.replayed] = words[word.replayed]! + links.length;
    words.fill(0, word.link);
    words.set(links, word.link);
    words[word.total] = this.linksLength();
    return true;
  }

  #first(request: number): number | null {
    if (request === byPriority) {
      const slot = this.#mostUrgent([]);
      if (slot !== null) this.priorities[slot] = this.priorities[slot]! >>> 1;
      return slot;
    }
    return request < this.record.slots ? this.#newest(request) : null;
  }

  /** The k-th newest episode, unless it is empty. */
  #newest(k: number): number | null {
    const { slots } = this.record;
    const slot = (this.words[word.head]! + 2 * slots - 1 - k) % slots;
    return this.counts[slot] === 0 ? null : slot;
  }

  #mostUrgent(taken: readonly number[]): number | null {
    let found: number | null = null;
    for (let k = 0; k < this.record.slots; k++) {
      const slot = this.#newest(k);
      if (slot === null || taken.includes(slot) || this.priorities[slot] === 0) continue;
      if (found === null || this.priorities[slot]! > this.priorities[found]!) found = slot;
    }
    return found;
  }

  /** Ticks from the first spike of an episode to its last, both counted. */
  #span(slot: number): number {
    const last = slot * this.record.events + this.counts[slot]! - 1;
    return (this.events[last]! >>> episodeUnitBits) + 1;
  }

  #length(slot: number): number {
    return ((this.#span(slot) - 1) >> this.record.speed) + 1;
  }

  /** Length in ticks of the replay whose links the words name. */
  linksLength(): number {
    let sum = 0;
    for (let n = 0; n < this.words[word.links]!; n++)
      sum += this.#length(this.words[word.link + n]!) + this.record.settle;
    return sum;
  }

  position(tick: number): ReplayPosition {
    const { words, record } = this;
    let at = (tick - words[word.from]! - 1) >>> 0;
    const ends = at + 1 === words[word.total];
    for (let n = 0; ; n++) {
      const slot = words[word.link + n]!;
      const length = this.#length(slot);
      const whole = length + record.settle;
      if (at < whole) return { slot, at, length, ends, linkEnds: at + 1 === whole };
      at -= whole;
    }
  }

  /** Units that spike at a position of a replay, rising. */
  spikesAt({ slot, at, length }: ReplayPosition): Uint32Array {
    if (at >= length) return new Uint32Array(0);
    const { events, speed, flags } = this.record;
    const last = this.#span(slot) - 1;
    const units = new Set<number>();
    for (const event of this.events.subarray(slot * events, slot * events + this.counts[slot]!)) {
      const offset = event >>> episodeUnitBits;
      const place = flags & episodeFlags.reverse ? last - offset : offset;
      if (place >> speed === at) units.add(event & unitMask);
    }
    return Uint32Array.from(units).sort();
  }

  end(): void {
    this.words.fill(0, word.total);
  }
}
