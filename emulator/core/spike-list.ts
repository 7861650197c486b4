/** Input lines that spike in one tick, each once. */
export class SpikeList {
  lines = new Uint32Array(8);
  /** How many of `lines` are there. */
  count = 0;
  /** The first `#knownCount` of them; made when one is first looked for. */
  #known: Set<number> | null = null;
  #knownCount = 0;

  /** Makes room for so many more. */
  reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.lines.length) return;
    const larger = new Uint32Array(Math.max(needed, 2 * this.lines.length));
    larger.set(this.lines.subarray(0, this.count));
    this.lines = larger;
  }

  has(line: number): boolean {
    this.#known ??= new Set();
    while (this.#knownCount < this.count) this.#known.add(this.lines[this.#knownCount++]!);
    return this.#known.has(line);
  }

  clear(): void {
    this.count = 0;
    this.#known = null;
    this.#knownCount = 0;
  }
}
