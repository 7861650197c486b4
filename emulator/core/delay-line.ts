import { ownArrays, type Storage } from './storage.js';

/** Pending arrivals of a core: for each tick to come a bit per axon. Order of axons and repetition do not matter. */
export class DelayLine {
  /** Slots of `wordsPerSlot` words; slot of a tick = tick & (slots − 1). */
  readonly bits: Uint32Array;
  readonly slots: number;
  readonly wordsPerSlot: number;

  constructor(axons: number, maxDelay: number, storage: Storage = ownArrays) {
    this.slots = 2 ** Math.ceil(Math.log2(maxDelay + 1));
    this.wordsPerSlot = (axons + 31) >>> 5;
    this.bits = storage.uint32(this.slots * this.wordsPerSlot);
  }

  /** No arrival is pending. */
  get isEmpty(): boolean {
    for (let word = 0; word < this.bits.length; word++) if (this.bits[word] !== 0) return false;
    return true;
  }

  /** Makes an axon due at a tick at most `maxDelay` ahead. */
  add(axon: number, tick: number): void {
    const word = (tick & (this.slots - 1)) * this.wordsPerSlot + (axon >>> 5);
    this.bits[word] = this.bits[word]! | (1 << (axon & 31));
  }

  /** Moves the axons due at a tick, rising, into `due`; gives their number. */
  take(tick: number, due: Uint32Array): number {
    const first = (tick & (this.slots - 1)) * this.wordsPerSlot;
    let count = 0;
    for (let word = 0; word < this.wordsPerSlot; word++) {
      let bits = this.bits[first + word]!;
      if (bits === 0) continue;
      this.bits[first + word] = 0;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        due[count++] = word * 32 + bit;
        bits &= bits - 1;
      }
    }
    return count;
  }

  /** Removes all arrivals of a run of axons. */
  clear(firstAxon: number, count: number): void {
    for (let slot = 0; slot < this.slots; slot++)
      for (let axon = firstAxon; axon < firstAxon + count; axon++) {
        const word = slot * this.wordsPerSlot + (axon >>> 5);
        this.bits[word] = this.bits[word]! & ~(1 << (axon & 31));
      }
  }

  /** Calls for each pending arrival with its axon and the ticks from `tick` (the next to run) until it is due. */
  forEach(tick: number, visit: (axon: number, ticksAhead: number) => void): void {
    for (let ahead = 0; ahead < this.slots; ahead++) {
      const first = ((tick + ahead) & (this.slots - 1)) * this.wordsPerSlot;
      for (let word = 0; word < this.wordsPerSlot; word++)
        for (let bits = this.bits[first + word]!; bits !== 0; bits &= bits - 1)
          visit(word * 32 + 31 - Math.clz32(bits & -bits), ahead);
    }
  }
}
