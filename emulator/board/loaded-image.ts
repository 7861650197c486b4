import type { Image } from '../../src/image/image.js';
import type { Machine } from '../core/machine.js';

/** What runs an image. */
export type MakeMachine = (image: Image) => Machine;

export interface BoardProbe {
  readonly core: number;
  readonly variable: number;
  readonly first: number;
  readonly count: number;
  readonly everyTicks: number;
}

/** Probes a board holds at most. */
export const maxProbes = 256;

/** What a board has once an image is loaded: the machine and the probes that are set. */
export class LoadedImage {
  readonly image: Image;
  readonly machine: Machine;
  readonly probes = new Map<number, BoardProbe>();

  constructor(image: Image, makeMachine: MakeMachine) {
    this.image = image;
    this.machine = makeMachine(image);
    this.#setImageProbes();
  }

  /** RESET: state, probes and spike selection of the image. */
  reset(): void {
    this.machine.reset();
    this.machine.resetSpikesOut();
    this.#setImageProbes();
  }

  #setImageProbes(): void {
    this.probes.clear();
    this.image.probes.slice(0, maxProbes).forEach((probe, number) => {
      this.probes.set(number, probe);
    });
  }
}
