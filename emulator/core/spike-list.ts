/** Input lines that spike in one tick, each once. */
export class SpikeList {
  lines = new Uint32Array(8);
  count = 0;
  /** The same lines; made when one is first looked for. */
  #known: Set<number> | null = null;

  /** Makes room for so many more. */
  reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.lines.length) return;
    const larger = new Uint32Array(Math.max(needed, 2 * this.lines.length));
    larger.set(this.lines.subarray(0, this.count));
    this.lines = larger;
  }

  add(line: number): void {
    this.lines[this.count++] = line;
    if (this.#known !== null) this.#known.add(line);
  }

  has(line: number): boolean {
    this.#known ??= new Set(this.lines.subarray(0, this.count));
    return this.#known.has(line);
  }

  clear(): void {
    this.count = 0;
    this.#known = null;
  }
}
