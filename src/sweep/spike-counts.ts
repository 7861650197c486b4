import type { Image } from '../image/image.js';
import { modelCodes, populationFlags } from '../image/layout.js';
import type { SpikeRecord } from '../tasks/task.js';
import type { Value } from './point.js';

/** Counts the output spikes of a run by population. */
export class SpikeCounts {
  readonly #image: Image;
  readonly #counts: Float64Array;

  constructor(image: Image) {
    this.#image = image;
    this.#counts = new Float64Array(image.populations.length);
  }

  add({ count, units }: SpikeRecord): void {
    const { populations } = this.#image;
    let population = 0;
    for (let n = 0; n < count; n++) {
      // Units rise within a tick, and so do those of the populations.
      if (units[n]! < populations[population]!.firstUnit) population = 0;
      while (units[n]! >= populations[population]!.firstUnit + populations[population]!.size) population++;
      this.#counts[population]!++;
    }
  }

  /** All output spikes, and the rate of each population in spikes a second and neuron, over so many ticks. */
  figures(ticks: number): Record<string, Value> {
    const seconds = (ticks * this.#image.network.tickMicroseconds) / 1e6;
    const rates = this.#image.populations.flatMap(({ flags, model, size }, population) => {
      const spikesSeen = model !== modelCodes.input && model !== modelCodes.readout;
      if (!spikesSeen || (flags & populationFlags.spikesOut) === 0) return [];
      const rate = seconds === 0 ? 0 : this.#counts[population]! / size / seconds;
      return [[`rate.${this.#image.host.populations[population]!.name}`, rate] as const];
    });
    return { spikes: this.#counts.reduce((sum, count) => sum + count, 0), ...Object.fromEntries(rates) };
  }
}
