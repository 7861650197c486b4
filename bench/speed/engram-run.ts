import { Machine } from '../../emulator/core/machine.js';
import { clearBits } from '../../src/network/schema-episodes.js';
import type { RunResult, Workload } from './workload.js';

/** How the emulator runs. The one place that knows its options. */
export interface EngramOptions {
  readonly kernels: 'default' | 'typescript';
}

const clearCode = 1;
const allPopulations = 0xffff;
/** Ticks whose input is queued at a time. */
const slice = 100;

/** An emulator with the image of a workload, that can run it again and again. */
export class EngramRun {
  readonly machine: Machine;
  readonly #workload: Workload;

  constructor(workload: Workload, _options: EngramOptions) {
    this.#workload = workload;
    this.machine = new Machine(workload.image);
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
    for (let tick = 0; tick < ticks; ) {
      const end = Math.min(ticks, tick + slice);
      for (let t = tick; t < end; t++) {
        for (let k = start[t]!; k < start[t + 1]!; k++) machine.addSpike(t, lines[k]!);
        if (clearEvery !== null && (t + 1) % clearEvery === 0)
          machine.addControl(t, clearCode, allPopulations, clearBits.membranes | clearBits.flying);
      }
      machine.run(end - tick);
      tick = end;
    }
  }
}
