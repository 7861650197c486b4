import type { ModulatorRecord } from '../../src/image/image.js';
import { modulatorFlags } from '../../src/image/layout.js';
import { decay, sat16, sat24, turnMask } from './arithmetic.js';

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

  constructor(records: readonly ModulatorRecord[]) {
    this.records = records;
    this.m = new Int32Array(records.length);
    this.baseline = new Int32Array(records.length);
    this.sum = new Int32Array(records.length);
    this.history = new Int32Array(records.length * sumHistory);
  }

  reset(): void {
    this.clear();
    this.baseline.fill(0);
  }

  /** CLEAR with bit 16: all but the baselines. */
  clear(): void {
    for (const values of [this.m, this.sum, this.history]) values.fill(0);
  }

  /** Factor of a channel in pre- and post-events. */
  factor(channel: number): number {
    return sat16(this.m[channel]! >> 8);
  }

  /** Mean over the last 2^period ticks, as a factor (section 7). */
  mean(channel: number, tick: number, period: number): number {
    const before = this.history[channel * sumHistory + ((tick - 2 ** period) & (sumHistory - 1))]!;
    return sat16(((this.sum[channel]! - before) | 0) >> (8 + period));
  }

  /** Step 5, part 2. `rewards` holds the sum of the events of this tick by channel, where there were any. */
  update(tick: number, rewards: ReadonlyMap<number, number> | undefined): void {
    this.records.forEach((record, channel) => {
      let m = this.m[channel]!;
      if ((tick & turnMask(record.cadence)) === 0) m = decay(m, record.keep);
      const reward = rewards?.get(channel);
      if (reward !== undefined) m = sat24(m + this.#error(record, channel, sat24(reward)));
      this.m[channel] = m;
      this.history[channel * sumHistory + (tick & (sumHistory - 1))] = this.sum[channel]!;
      this.sum[channel] = (this.sum[channel]! + m) | 0;
    });
  }

  /** Reward minus baseline; moves the baseline. */
  #error(record: ModulatorRecord, channel: number, reward: number): number {
    if ((record.flags & modulatorFlags.baseline) === 0) return reward;
    const error = reward - this.baseline[channel]!;
    this.baseline[channel] = this.baseline[channel]! + decay(sat24(error), record.gain);
    return error;
  }
}
