import { Machine, type SpikeSink } from '../../emulator/core/machine.js';
import { workerTeam } from '../../emulator/threads/worker-team.js';
import { modelCodes } from '../../src/image/layout.js';
import { clearBits } from '../../src/network/schema-episodes.js';
import type { RunResult, Workload } from './workload.js';

/** How the emulator runs. This file is the one place that knows its options. */
export interface EngramOptions {
  readonly kernels: 'wasm' | 'typescript';
  /** Threads to spread the cores of the image over. Default: 1. */
  readonly threads?: number;
}

const clearCode = 1;
const allPopulations = 0xffff;

/** An emulator with the image of a workload, that can run it again and again. */
export class EngramRun {
  readonly machine: Machine;
  /** S4: spikes of each class in each image. */
  readonly counts: Uint32Array;
  readonly #workload: Workload;

  constructor(workload: Workload, { kernels, threads = 1 }: EngramOptions) {
    this.#workload = workload;
    const { image, ticks, clearEvery } = workload;
    this.machine = new Machine(image, { kernels, team: threads > 1 ? workerTeam(threads) : undefined });
    const { populations } = image;
    const last = populations.length - 1;
    this.counts = new Uint32Array(clearEvery === null ? 0 : (ticks / clearEvery) * populations[last]!.size);
    this.#selectOutput(clearEvery === null ? null : last);
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

  /** Spikes of all neurons in a run of the whole workload. Its state at the end is that of `run`. */
  countSpikes(): number {
    const { populations } = this.machine.image;
    populations.forEach(({ model }, n) => {
      this.machine.setSpikesOut(n, model !== modelCodes.input);
    });
    let spikes = 0;
    this.machine.reset();
    this.#run(this.#workload.ticks, (_tick, _units, count) => {
      spikes += count;
    });
    this.#selectOutput(this.#workload.clearEvery === null ? null : populations.length - 1);
    return spikes;
  }

  /** Ends its threads. */
  close(): void {
    this.machine.close();
  }

  /** Lets the spikes of one population leave the board, or of none. */
  #selectOutput(population: number | null): void {
    this.machine.image.populations.forEach((_, n) => {
      this.machine.setSpikesOut(n, n === population);
    });
  }

  #run(ticks: number, sink?: SpikeSink): void {
    const { machine } = this;
    const { rewards, input, clearEvery } = this.#workload;
    for (const { tick, value } of rewards) if (tick < ticks) machine.addReward(tick, 0, value);
    if (input === null) {
      machine.run(ticks, sink);
      return;
    }
    const { start, lines } = input;
    const { firstUnit, size } = machine.image.populations.at(-1)!;
    if (!sink) this.counts.fill(0);
    const count = (tick: number, units: Uint32Array, spikes: number) => {
      const first = Math.floor(tick / clearEvery!) * size - firstUnit;
      for (let n = 0; n < spikes; n++) this.counts[first + units[n]!] = this.counts[first + units[n]!]! + 1;
    };
    for (let tick = 0; tick < ticks; ) {
      const end = Math.min(ticks, tick + clearEvery!);
      for (let t = tick; t < end; t++) machine.addSpikes(t, lines.subarray(start[t], start[t + 1]));
      machine.addControl(end - 1, clearCode, allPopulations, clearBits.membranes | clearBits.flying);
      machine.run(end - tick, sink ?? count);
      tick = end;
    }
  }
}
