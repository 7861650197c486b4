/** Spikes as an application has them: ticks never falling, units rising in a tick. */
export interface Traffic {
  readonly name: string;
  readonly ticks: Uint32Array;
  readonly units: Uint32Array;
}

/** `perTick` spikes in each tick, spread evenly over `size` units from `firstUnit` on, other ones in each tick. */
export function traffic(name: string, spikes: number, perTick: number, size: number, firstUnit = 0): Traffic {
  const ticks = new Uint32Array(spikes);
  const units = new Uint32Array(spikes);
  const step = Math.floor(size / perTick);
  for (let n = 0; n < spikes; n++) {
    const tick = Math.floor(n / perTick);
    ticks[n] = tick;
    units[n] = firstUnit + (n % perTick) * step + ((Math.imul(tick, 0x9e3779b1) >>> 8) % step);
  }
  return { name, ticks, units };
}
