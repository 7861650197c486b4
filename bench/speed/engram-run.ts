import { Machine } from '../../emulator/core/machine.js';
import { clearBits } from '../../src/network/schema-episodes.js';
import type { RunResult, Workload } from './workload.js';

/** How the emulator runs. The one place that knows its options. */
export interface EngramOptions {
  readonly kernels: 'default' | 'typescript';
}

const clearCode = 1;
const allPopulations = 0xffff;

/** An emulator with the image of a workload, that can run it again and again. */
export class EngramRun {
  readonly machine: Machine;
  /** S4: spikes of each class in each image. */
  readonly counts: Uint32Array;
  readonly #workload: Workload;

  constructor(workload: Workload, _options: EngramOptions) {
    this.#workload = workload;
    const { image, ticks, clearEvery } = workload;
    this.machine = new Machine(image);
    const { populations } = image;
    const last = populations.length - 1;
    this.counts = new Uint32Array(clearEvery === null ? 0 : (ticks / clearEvery) * populations[last]!.size);
    populations.forEach((_, n) => {
      this.machine.setSpikesOut(n, clearEvery !== null && n === last);
    });
  }

  /** Runs the workload from the state of the image; the clock runs while input is queued and ticks are run. */
  run(ticks = this.#workload.ticks): RunResult {
    const { machine } = this;
    machine.reset();
    machine.clearStatistics();
    const from = performance.now();
    this.#run(ticks);
    const seconds = (performance.now() - from) / 1000;
    return { seconds, events: machine.statistics.synapticEvents };
  }

  #run(ticks: number): void {
    const { machine } = this;
    const { rewards, input, clearEvery } = this.#workload;
    for (const { tick, value } of rewards) if (tick < ticks) machine.addReward(tick, 0, value);
    if (input === null) {
      machine.run(ticks);
      return;
    }
    const { start, lines } = input;
    const { firstUnit, size } = machine.image.populations.at(-1)!;
    this.counts.fill(0);
    const count = (tick: number, units: Uint32Array, spikes: number) => {
      const first = Math.floor(tick / clearEvery!) * size - firstUnit;
      for (let n = 0; n < spikes; n++) this.counts[first + units[n]!] = this.counts[first + units[n]!]! + 1;
    };
    for (let tick = 0; tick < ticks; ) {
      const end = Math.min(ticks, tick + clearEvery!);
      for (let t = tick; t < end; t++)
        for (let k = start[t]!; k < start[t + 1]!; k++) machine.addSpike(t, lines[k]!);
      machine.addControl(end - 1, clearCode, allPopulations, clearBits.membranes | clearBits.flying);
      machine.run(end - tick, count);
      tick = end;
    }
  }
}
