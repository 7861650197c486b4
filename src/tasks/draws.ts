import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded random draws of a task; never those of the core, which has its own. */
export interface Draws {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer, both ends included. */
  integer(low: number, high: number): number;
}

export function drawsOf(seed: number): Draws {
  const generator = xoroshiro128plus(seed | 0);
  for (let warmUp = 0; warmUp < 8; warmUp++) generator.next();
  const uniform = () => (generator.next() >>> 0) / 0x1_0000_0000;
  return { uniform, integer: (low, high) => low + Math.floor(uniform() * (high - low + 1)) };
}

/** Spikes of `lines` Poisson sources over so many ticks, at most one a tick each. */
export function poissonSpikes(
  draws: Draws,
  lines: readonly number[],
  ticks: number,
  probabilityPerTick: number,
): { in: number; unit: number }[] {
  const spikes: { in: number; unit: number }[] = [];
  for (let tick = 0; tick < ticks; tick++)
    for (const unit of lines) if (draws.uniform() < probabilityPerTick) spikes.push({ in: tick, unit });
  return spikes;
}
