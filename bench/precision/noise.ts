/** Membrane noise of the core (`docs/core.md`, section 2), written here a second time from the document. */
export class CounterNoise {
  readonly #keyed: number;
  #ofTick = 0;

  constructor(seed: number) {
    this.#keyed = lowbias32((seed + 0x9e3779b9) | 0);
  }

  /** Draws from now on are of this tick. */
  startTick(tick: number): void {
    this.#ofTick = lowbias32((this.#keyed + Math.imul(tick, 0x85ebca6b)) | 0);
  }

  /** Uniform in −1 … 1 for a unit, with the core's 16 bits. */
  of(unit: number): number {
    const hash = lowbias32((this.#ofTick + Math.imul(unit, 0xc2b2ae35)) | 0);
    return ((hash >>> 16) - 32768) / 32768;
  }
}

/** C. Wellons' integer hash of that name. */
function lowbias32(value: number): number {
  let x = value;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}
