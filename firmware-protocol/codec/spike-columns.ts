/** Spikes in two columns that grow as needed: no object for a spike. */
export class SpikeColumns {
  count = 0;
  /** Valid up to `count`, as `units`. */
  ticks: Uint32Array;
  units: Uint32Array;

  /** `room`: spikes that fit at first. */
  constructor(room: number) {
    this.ticks = new Uint32Array(room);
    this.units = new Uint32Array(room);
  }

  /** Makes room for so many more. */
  reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.ticks.length) return;
    const room = Math.max(needed, this.ticks.length * 2);
    this.ticks = grown(this.ticks, room);
    this.units = grown(this.units, room);
  }

  /** Drops the first `count` spikes. */
  drop(count: number): void {
    this.ticks.copyWithin(0, count, this.count);
    this.units.copyWithin(0, count, this.count);
    this.count -= count;
  }
}

function grown(column: Uint32Array, room: number): Uint32Array {
  const larger = new Uint32Array(room);
  larger.set(column);
  return larger;
}
