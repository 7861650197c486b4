import type { Image } from '../../src/image/image.js';

/** A reward event: value in units of 2^-20. */
export interface Reward {
  readonly tick: number;
  readonly value: number;
}

/** Input spikes, tick by tick: those of tick t are lines[start[t]] … lines[start[t + 1] − 1]. */
export interface InputSpikes {
  readonly start: Uint32Array;
  readonly lines: Uint32Array;
}

/** A network with what happens to it: what emulator, bare loop and peer all run. */
export interface Workload {
  /** As in `networks.ts`; a workload of another name has no bare loop and no peer. */
  readonly name: string;
  readonly image: Image;
  readonly ticks: number;
  readonly rewards: readonly Reward[];
  /** S4: spikes of the images, and the ticks after which the state is cleared. */
  readonly input: InputSpikes | null;
  readonly clearEvery: number | null;
}

/** What a run gave. */
export interface RunResult {
  /** Seconds of the run loop alone. */
  readonly seconds: number;
  readonly events: number;
}
