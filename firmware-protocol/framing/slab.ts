const slabBytes = 1 << 16;

/**
 * Bytes cut one after the other off a larger buffer, so that a frame does not cost a buffer of its own. What has been
 * cut off is never written again: whoever has it may keep it.
 */
export class Slab {
  /** The buffer at hand; `room` may change it. */
  bytes: Uint8Array = new Uint8Array(0);
  #used = 0;

  /** Whether the buffer at hand has so many bytes left. */
  fits(count: number): boolean {
    return this.bytes.length - this.#used >= count;
  }

  /** Makes sure that `most` bytes of `bytes` are free; gives where they begin. */
  room(most: number): number {
    if (!this.fits(most)) {
      this.bytes = new Uint8Array(Math.max(slabBytes, most));
      this.#used = 0;
    }
    return this.#used;
  }

  /** Takes the first `length` bytes of the room. */
  cut(length: number): Uint8Array {
    const from = this.#used;
    this.#used += length;
    return this.bytes.subarray(from, this.#used);
  }
}
