/** Ticks in no order; the least is at hand. */
export class TickHeap {
  /** A binary heap: each is at most its children, at 2n + 1 and 2n + 2. */
  readonly #ticks: number[] = [];

  /** Infinity if there is none. */
  get least(): number {
    return this.#ticks[0] ?? Number.POSITIVE_INFINITY;
  }

  add(tick: number): void {
    const ticks = this.#ticks;
    let at = ticks.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (ticks[parent]! <= tick) break;
      ticks[at] = ticks[parent]!;
      at = parent;
    }
    ticks[at] = tick;
  }

  removeLeast(): void {
    const ticks = this.#ticks;
    const last = ticks.pop();
    const count = ticks.length;
    if (last === undefined || count === 0) return;
    let at = 0;
    for (let child = 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && ticks[child + 1]! < ticks[child]!) child++;
      if (ticks[child]! >= last) break;
      ticks[at] = ticks[child]!;
      at = child;
    }
    ticks[at] = last;
  }

  clear(): void {
    this.#ticks.length = 0;
  }
}
