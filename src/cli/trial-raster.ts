import type { Image } from '../image/image.js';
import type { RasterPopulation, TaskReport } from '../report/task-data.js';
import type { SpikeRecord, Step } from '../tasks/task.js';

/** Longest stretch shown, in milliseconds: more would be a grey band. */
const longest = 5000;

/** Keeps what spiked lately, inputs and outputs, for the raster of a report. */
export class TrialRaster {
  readonly #image: Image;
  readonly #ticks: number;
  /** Tick and unit. */
  #spikes: [tick: number, unit: number][] = [];
  #trialFrom = 0;
  #nextFrom = 0;
  #end = 0;

  constructor(image: Image) {
    this.#image = image;
    this.#ticks = Math.round((longest * 1000) / image.network.tickMicroseconds);
  }

  step(step: Step, from: number, came: SpikeRecord): void {
    this.#end = from + step.run;
    for (const spike of step.spikes ?? []) this.#spikes.push([from + spike.in, spike.unit]);
    for (let n = 0; n < came.count; n++) this.#spikes.push([came.ticks[n]!, came.units[n]!]);
    const first = Math.max(this.#trialFrom, this.#end - this.#ticks);
    if ((this.#spikes[0]?.[0] ?? first) < first - this.#ticks)
      this.#spikes = this.#spikes.filter(([tick]) => tick >= first);
  }

  /** A trial ended: what comes now belongs to the next. */
  trialEnded(): void {
    this.#trialFrom = this.#nextFrom;
    this.#nextFrom = this.#end;
  }

  /** The end of the last trial; null if nothing spiked in it. */
  picture(): TaskReport['raster'] {
    const first = Math.max(this.#trialFrom, this.#end - this.#ticks);
    const milliseconds = this.#image.network.tickMicroseconds / 1000;
    const populations = this.#image.populations.map(({ firstUnit, size }, n): RasterPopulation => {
      const own = this.#spikes.filter(
        ([tick, unit]) => tick >= first && tick < this.#end && unit >= firstUnit && unit < firstUnit + size,
      );
      return {
        name: this.#image.host.populations[n]!.name,
        size,
        spikes: own.map(([tick, unit]) => ({ neuron: unit - firstUnit, ms: (tick - first) * milliseconds })),
      };
    });
    const seen = populations.filter(({ spikes }) => spikes.length > 0);
    return seen.length === 0 ? null : { milliseconds: (this.#end - first) * milliseconds, populations: seen };
  }
}
