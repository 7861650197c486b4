import type { BoardMemory } from './board-memory.js';
import { threadRecord } from './records.js';
import type { Share } from './team.js';
import type { TickCounts } from './tick-counts.js';

const { at } = threadRecord;
/** Keeps the words of one thread off the cache lines of another. */
const apart = 128;

/** The cores that one thread runs, and what it says of them after a tick. */
export class ThreadShare implements Share {
  readonly list: number;
  readonly count: number;
  readonly thread: number;
  readonly #words: Int32Array;
  readonly #spiking: Int32Array;

  /** `addresses`: of the cores' records. */
  constructor(addresses: readonly number[], memory: BoardMemory) {
    memory.uint8(apart);
    this.#spiking = memory.int32(addresses.length);
    this.list = memory.copy(Int32Array.from(addresses));
    this.count = addresses.length;
    this.thread = memory.record(threadRecord, {
      spiking: this.#spiking.byteOffset,
      spikingCount: 0,
      synapticEvents: 0,
      postEvents: 0,
      sweptSynapses: 0,
    });
    memory.uint8(apart);
    this.#words = memory.words;
  }

  get spikingCount(): number {
    return this.#words[(this.thread + at.spikingCount) >>> 2]!;
  }

  /** Number of the n-th core that spiked in the tick. */
  spikingCore(n: number): number {
    return this.#spiking[n]!;
  }

  forgetSpikes(): void {
    this.#words[(this.thread + at.spikingCount) >>> 2] = 0;
  }

  /** Adds what was counted since the last call. */
  takeCounts(counts: TickCounts): void {
    const words = this.#words;
    const thread = this.thread >>> 2;
    counts.synapticEvents += words[thread + at.synapticEvents / 4]! >>> 0;
    counts.postEvents += words[thread + at.postEvents / 4]! >>> 0;
    counts.sweptSynapses += words[thread + at.sweptSynapses / 4]! >>> 0;
    words[thread + at.synapticEvents / 4] = 0;
    words[thread + at.postEvents / 4] = 0;
    words[thread + at.sweptSynapses / 4] = 0;
  }
}
