import type { ModulatorRecord } from '../../src/image/image.js';
import { modulatorFlags, noChannel } from '../../src/image/layout.js';
import { decay, sat16, sat24, turnMask } from './arithmetic.js';
import { ownArrays, type Storage } from './storage.js';

/** Running sums are kept this many ticks back. */
export const sumHistory = 64;

/** Modulator channels of the board: M, baseline B, running sum S and its history R (`docs/core.md`, section 8). */
export class ModulatorState {
  readonly records: readonly ModulatorRecord[];
  readonly m: Int32Array;
  readonly baseline: Int32Array;
  readonly sum: Int32Array;
  /** R_c[k] at c · 64 + k. */
  readonly history: Int32Array;

  constructor(records: readonly ModulatorRecord[], storage: Storage = ownArrays) {
    this.records = records;
    this.m = storage.int32(records.length);
    this.baseline = storage.int32(records.length);
    this.sum = storage.int32(records.length);
    this.history = storage.int32(records.length * sumHistory);
  }

  reset(): void {
    this.clear();
    this.baseline.fill(0);
  }

  /** CLEAR with bit 16: all but the baselines. */
  clear(): void {
    for (const values of [this.m, this.sum, this.history]) values.fill(0);
  }

  /** Factor of a channel in pre-, post- and near-events of a tick. */
  factor(channel: number, tick: number): number {
    if ((this.records[channel]!.flags & modulatorFlags.error) === 0) return sat16(this.m[channel]! >> 8);
    return this.mean(channel, tick, 0);
  }

  /** Mean over the last 2^period ticks, as a factor (section 7). */
  mean(channel: number, tick: number, period: number): number {
    const before = this.history[channel * sumHistory + ((tick - 2 ** period) & (sumHistory - 1))]!;
    return sat16(((this.sum[channel]! - before) | 0) >> (8 + period));
  }

  /**
   * Step 5, part 2. `rewards` holds the sum of the events of this tick by channel, where there were any; `membrane` gives
   * V of the neuron an error channel reads. Gives the error of the channel `trigger`, which is kept from its M, or null.
   */
  update(
    tick: number,
    rewards: ReadonlyMap<number, number> | undefined,
    membrane: (core: number, neuron: number) => number,
    trigger: number | null,
  ): number | null {
    let feedback: number | null = null;
    this.records.forEach((record, channel) => {
      let m = this.m[channel]!;
      if ((tick & turnMask(record.cadence)) === 0) m = decay(m, record.keep);
      const reward = rewards?.get(channel);
      if (reward !== undefined) {
        const error = this.#error(record, channel, sat24(reward));
        if (channel === trigger) feedback = error;
        else m = sat24(m + error);
      }
      this.m[channel] = m;
    });
    this.records.forEach((record, channel) => {
      this.history[channel * sumHistory + (tick & (sumHistory - 1))] = this.sum[channel]!;
      this.sum[channel] = (this.sum[channel]! + this.#signal(record, channel, membrane)) | 0;
    });
    return feedback;
  }

  /** Adds to M outside the order of things: the outcome of a replayed episode. */
  add(channel: number, error: number): void {
    this.m[channel] = sat24(this.m[channel]! + error);
  }

  /** X of a channel. */
  #signal(
    { flags, gate, errorCore, errorNeuron, errorShift }: ModulatorRecord,
    channel: number,
    membrane: (core: number, neuron: number) => number,
  ): number {
    const m = this.m[channel]!;
    if ((flags & modulatorFlags.error) === 0) return m;
    if (gate !== noChannel && this.m[gate] === 0) return 0;
    const v = membrane(errorCore, errorNeuron);
    return sat24(m - (errorShift >= 0 ? sat24(v * 2 ** errorShift) : v >> -errorShift));
  }

  /** Reward minus baseline; moves the baseline. */
  #error(record: ModulatorRecord, channel: number, reward: number): number {
    if ((record.flags & modulatorFlags.baseline) === 0) return reward;
    const error = reward - this.baseline[channel]!;
    this.baseline[channel] = this.baseline[channel]! + decay(sat24(error), record.gain);
    return error;
  }
}
